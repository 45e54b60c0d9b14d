/**
 * The word `tocsin fail2ban-client`: the words that scripts give to fail2ban-client, carried out by the hand and answered in its shapes. Of fail2ban's 96
 * words those are here that ban, unban, allow and ask; the others end as fail2ban ends an invalid command.
 */

import { UserError } from '../core/errors.ts';
import { holds, netOf } from '../core/nets.ts';
import type { BanTold, HandOrder, HandReceipt } from '../core/orders.ts';
import { BY_HAND } from './bans-ban.ts';
import { callHand, type DoorAsked, type HandCall, runningHand } from './bans-door.ts';
import {
  bannedText,
  byJail,
  complaint,
  decisionOf,
  ignoredText,
  jailText,
  NO_JAIL,
  OWN_JAIL,
  pythonList,
  statusText,
  withTimes,
} from './bans-fail2ban-words.ts';
import { unbanAll, unbanOrder } from './bans-unban.ts';
import { netsOf, type Tellers, whoOrders } from './bans-words.ts';

/** What fail2ban-client ends with when anything is wrong. */
const NOT_OK = 255;
/** fail2ban's default bantime, 10 minutes, is for guessers that a filter sees again; a person or script that bans by name means longer. */
const BAN_MS = 86_400_000;

/** The answer of one command; `wrong` = complaints beside it. */
interface Said {
  readonly says: string;
  readonly wrong?: readonly string[];
}

/** Ends the command as fail2ban's server does when it raises an exception. */
class Refusal extends Error {}

interface Call {
  readonly hand: HandCall;
  readonly list: HandReceipt;
  readonly jails: ReadonlyMap<string, readonly BanTold[]>;
}

/** These need no list, which takes a while where a hundred thousand are banned. */
const BLIND = new Set(['ping', 'unban']);
const NO_LIST: HandReceipt = { verb: 'list', state: 'done' };

export async function fail2banClient(words: readonly string[], options: DoorAsked, version: string, tellers: Tellers): Promise<number> {
  const tell = (says: string) => tellers.err(complaint(says, new Date(), process.pid));
  try {
    const { says, wrong = [] } = await answered(words, options, version);
    if (says !== '') tellers.out(`${says}\n`);
    for (const one of wrong) tell(`NOK: ${one}`);
    return wrong.length > 0 ? NOT_OK : 0;
  } catch (error) {
    if (error instanceof Refusal) {
      tellers.out(`${error.message}\n`);
      tell(`NOK: (${quoted(error.message)},)`);
    } else if (error instanceof UserError) tell(`${error.message}. ${error.next}`);
    else throw error;
    return NOT_OK;
  }
}

async function answered(words: readonly string[], options: DoorAsked, version: string): Promise<Said> {
  const [verb = '', ...rest] = words;
  if (verb === 'version') return { says: version };
  const ask = [READERS, CHANGERS].find((verbs) => Object.hasOwn(verbs, verb))?.[verb];
  if (!ask) throw new Refusal('Invalid command');
  // "Is it up?" is not to be answered by a hand that was started to answer.
  const own = verb !== 'ping' && verb !== 'reload';
  const hand = own ? await callHand({ ...options, reading: Object.hasOwn(READERS, verb) }) : await runningHand(options.hand);
  if (hand === null) throw new UserError('Failed to access the socket of tocsin-hand: is tocsin running', 'Start tocsin watch --mode act.');
  try {
    const [list] = BLIND.has(verb) ? [NO_LIST] : await hand.order([{ verb: 'list' }]);
    if (list?.state !== 'done') throw new UserError(list?.says ?? 'the hand gave no list', 'Run tocsin status.');
    return await ask(rest, { hand, list, jails: byJail(list.bans ?? []) });
  } finally {
    await hand.end();
  }
}

/** As Python writes a text that holds one kind of quotes. */
function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

type Ask = (words: readonly string[], call: Call) => Said | Promise<Said>;

const READERS: Readonly<Record<string, Ask>> = {
  ping: () => ({ says: 'Server replied: pong' }),
  status: ([jail, flavour, ...more], { jails }) => {
    if (more.length > 0) throw new Refusal('Invalid command (no status)');
    return { says: jail === undefined ? statusText(jails.keys()) : jailText(jail, bansOf(jail, jails), flavour === 'short') };
  },
  banned: (words, { jails }) => {
    if (words.length === 0) return { says: bannedText(jails) };
    return { says: `[${words.map((word) => pythonList([...jails].flatMap(([jail, bans]) => (covers(bans, word) ? [jail] : [])))).join(', ')}]` };
  },
  get: ([jail = '', what, word], { jails, list }) => {
    const bans = bansOf(jail, jails);
    const nets = bans.map(({ net }) => net);
    if (what === 'banip') return { says: word === '--with-time' ? withTimes(bans) : nets.join(word ?? ' ') };
    if (what === 'banned') return { says: word === undefined ? pythonList(nets) : covers(bans, word) ? '1' : '0' };
    if (what === 'ignoreip') return { says: ignoredText((list.allows ?? []).map(({ net }) => net)) };
    throw new Refusal('Invalid command (no get action or not yet implemented)');
  },
};

const CHANGERS: Readonly<Record<string, Ask>> = {
  /** Who must be spared is read anew at every order, so there is nothing else to read again. */
  reload: async (words, { hand, jails }) => {
    const jail = words.find((word) => !word.startsWith('-'));
    if (jail !== undefined) bansOf(jail, jails);
    if (!words.includes('--unban')) return { says: 'OK' };
    if (jail !== undefined) return { ...counting(await hand.order(bansOf(jail, jails).map(({ net }) => unbanOrder(net, because())))), says: 'OK' };
    return { ...counting(await unbanAll(hand, because())), says: 'OK' };
  },
  unban: async (words, { hand }) => {
    if (words.length === 0) throw new Refusal('Invalid command');
    if (words.length === 1 && words[0] === '--all') return counting(await unbanAll(hand, because()));
    return counting(await hand.order(nets(words).map((net) => unbanOrder(net, because()))));
  },
  set: async ([jail = '', what = '', ...words], call) => {
    const { hand, jails, list } = call;
    bansOf(jail, jails);
    if (what === 'banip') {
      const before = new Set((list.bans ?? []).map(({ net }) => net));
      const receipts = await hand.order(nets(words).map((net) => banOrder(net, jail)));
      // Who is banned for longer than before is not counted again.
      return counting(receipts.map((one) => (one.state === 'done' && before.has(one.net ?? '') ? { ...one, state: 'already' } : one)));
    }
    if (what === 'unbanip') return unbanIn(jail, words, call);
    if (what === 'addignoreip' || what === 'delignoreip') {
      const add = (net: string): HandOrder => ({ verb: 'allow', net, untilMs: null, because: because() });
      const { wrong = [] } = counting(await hand.order(nets(words).map((net) => (what === 'addignoreip' ? add(net) : { verb: 'disallow', net }))));
      const [now = list] = await hand.order([{ verb: 'list' }]);
      return { says: ignoredText((now.allows ?? []).map(({ net }) => net)), wrong };
    }
    throw new Refusal(`Invalid command '${what}' (no set action or not yet implemented)`);
  },
};

async function unbanIn(jail: string, words: readonly string[], { hand, jails }: Call): Promise<Said> {
  const report = words[0] === '--report-absent';
  const asked = nets(report ? words.slice(1) : words);
  const its = new Set(bansOf(jail, jails).map(({ net }) => net));
  const absent = asked.filter((net) => !its.has(net));
  if (report && absent.length > 0) throw new Refusal(`not banned: ${pythonList(absent)}`);
  const others = new Set([...jails].flatMap(([name, bans]) => (name === jail ? [] : bans.map(({ net }) => net))));
  // What another jail has banned stays. What no list names goes to the hand by the own jail: it says in which network an address lies.
  const present = asked.filter((net) => its.has(net) || (jail === OWN_JAIL && !others.has(net)));
  return counting(await hand.order(present.map((net) => unbanOrder(net, because()))));
}

/** fail2ban answers with how many it changed; what the hand refused is said, and ends it as a failure. */
function counting(receipts: readonly HandReceipt[]): Said {
  const wrong = receipts.flatMap(({ state, says, net }) => (state === 'refused' || state === 'failed' ? [says ?? `${net} was not carried out`] : []));
  return { says: String(receipts.filter(({ state }) => state === 'done').length), wrong };
}

function bansOf(jail: string, jails: Call['jails']): readonly BanTold[] {
  const bans = jails.get(jail);
  if (!bans) throw new Refusal(NO_JAIL(jail));
  return bans;
}

function banOrder(net: string, jail: string): HandOrder {
  return { verb: 'ban', net, untilMs: Date.now() + BAN_MS, because: because(), decision: decisionOf(jail, BY_HAND) };
}

function because(): string {
  return `by fail2ban-client (${whoOrders()})`;
}

function nets(words: readonly string[]): string[] {
  return words.length === 0 ? [] : netsOf(words);
}

/** Is an address banned by one of these, also where the ban is of a network around it? */
function covers(bans: readonly BanTold[], word: string): boolean {
  const net = netOf(word);
  if (typeof net === 'string') return false;
  return bans.some((one) => {
    const its = netOf(one.net);
    return typeof its !== 'string' && holds(its, net);
  });
}
