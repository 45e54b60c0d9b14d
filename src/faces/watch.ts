/**
 * Sees what is written into the logs, judges it, and, where it was told to act, has it carried out by the hand. The place in the logs is written
 * down after what was judged there is carried out, so that a crash repeats rather than loses.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { HandOrder, HandReceipt } from '../core/orders.ts';
import { counted } from '../core/text.ts';
import type { Decision } from '../engine/decisions.ts';
import { colours } from './colours.ts';
import { HandLine } from './hand-line.ts';
import { writeAll } from './standard-output.ts';
import type { OpenWatch, Unseen, WatchRoom } from './watch-room.ts';
import { type Kept, KNOWN_AT_MOST, keep, kept } from './watch-state.ts';
import { asJson, asText, inAll, type Mode, type Outcome, type Said } from './watch-words.ts';

/** Starts the two processes, each with what it needs and no more; resolves with the exit status. */
export type Launch = (asked: { readonly state: string; readonly words: readonly string[]; readonly act: boolean }) => Promise<number>;

export interface WatchOptions {
  readonly mode: Mode;
  readonly log?: readonly string[];
  readonly state: string;
  readonly hand?: string;
  readonly fromStart?: boolean;
  readonly jails?: boolean;
  readonly besideFail2ban?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
}

const EXAMPLES = `
Examples:
  tocsin watch                         tell who would be banned, and why; nothing is changed
  tocsin watch --mode act              ban them, by the hand, which is a process of its own
  tocsin watch --log /var/log/mail.log --log '/var/log/nginx/*error.log'
  tocsin watch --jails                 fail2ban's jails judge, too, as they lie in /etc/fail2ban
  tocsin watch --beside-fail2ban       compare with a running fail2ban, at the end and whenever SIGUSR1 comes
  tocsin watch --json | jq 'select(.event == "decision")'

Started by root it gives up all rights but that of reading, and fails if it cannot; only the hand stays root.
It ends by Ctrl-C or SIGTERM; bans stay in the kernel until their time is over.
Exit status: 0 ended by a signal, 2 the job could not be done`;

const STATE = '/var/lib/tocsin';
/** How often the place in the logs is written down. */
const KEEP_MS = 1_000;
const MOST_ORDERS = 10_000;
/** By then all logs were opened, or could not be. */
const FIRST_LOOK_MS = 1_000;
/** Whoever wants it to end waits no longer for a hand that is away. */
const LAST_ANSWERS_MS = 5_000;

/** `words` = what was given, for the process that has fewer rights. */
export function watchCommand(open: () => Promise<OpenWatch>, launch: Launch, words: readonly string[], done: (status: number) => void): Command {
  return new Command('watch')
    .description('see attacks while they happen, and stop them')
    .addOption(new Option('--mode <mode>', 'observe (tell only) or act').choices(['observe', 'act']).default('observe'))
    .option('--log <file...>', 'follow these logs and patterns of names (else: the authentication and mail logs)', absolute)
    .option('--state <dir>', 'where the place in the logs and what was decided is kept', STATE)
    .option('--hand <socket>', 'the socket of a tocsin-hand that runs already')
    .option('--from-start', 'judge what the logs hold already, and not only what is added')
    .option('--jails', "let fail2ban's jails judge, too: those that are switched on in /etc/fail2ban")
    .option('--beside-fail2ban', 'tell at the end and on SIGUSR1 which bans of a running fail2ban are the same here')
    .option('--json', 'one JSON object a line')
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action(async (options: WatchOptions) => {
      if (process.getuid?.() === 0) done(await launch({ state: options.state, words, act: options.mode === 'act' && !options.hand }));
      else done(await new Watch(await open(), options).run());
    });
}

function absolute(word: string, before: readonly string[] = []): string[] {
  if (!word.startsWith('/')) throw new InvalidArgumentError('give absolute paths, as it may be started anywhere.');
  return [...before, word];
}

export class Watch {
  readonly #room: WatchRoom;
  readonly #options: WatchOptions;
  readonly #out: (line: string) => void;
  readonly #hand: HandLine | null;
  readonly #known: Map<string, Kept['known'][number]>;
  readonly #paint: ReturnType<typeof colours>;
  /** What the hand has not answered yet. */
  readonly #open = new Set<Promise<void>>();
  readonly #clocksTold = new Set<string>();
  #lines = 0;
  #decisions = 0;
  #keptAt = 0;
  #ended = false;

  /** `out` takes each line that is said. */
  constructor(open: OpenWatch, options: WatchOptions, out: (line: string) => void = writeAll) {
    this.#options = options;
    this.#out = out;
    const { place, known } = kept(options.state);
    this.#known = new Map(known.map((one) => [one.net, one]));
    this.#paint = colours(options.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined));
    const { jails = false, besideFail2ban = false } = options;
    this.#room = open({ logs: options.log ?? [], from: options.fromStart ? 'start' : 'end', place, jails, besideFail2ban });
    for (const { net, count, at, untilMs } of known) this.#room.remember(net, count, at, untilMs);
    const act = options.mode === 'act' && options.hand !== undefined;
    this.#hand = act ? new HandLine(options.hand ?? '', (says) => this.#say({ event: 'told', at: Date.now(), says })) : null;
  }

  async run(): Promise<number> {
    if (this.#options.mode === 'act' && this.#hand === null) {
      process.stderr.write('tocsin: only root can act: start it as root, or give the socket of a running tocsin-hand by --hand\n');
      return 2;
    }
    const end = () => {
      this.#ended = true;
      this.#room.close();
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
    const compare = () => this.#tell(this.#room.compared?.());
    process.on('SIGUSR1', compare);
    const lines = await this.#room.learn();
    if (lines > 0) this.#say({ event: 'told', at: Date.now(), says: `who belongs here was learned from ${counted(lines, 'line')} of the logs` });
    this.#say({ event: 'told', at: Date.now(), says: `watching, ${this.#options.mode === 'act' ? 'and acting' : 'without acting'}` });
    const looked = setTimeout(() => this.#tell(this.#room.coverage()), FIRST_LOOK_MS);
    while (!this.#ended) await this.#turn();
    clearTimeout(looked);
    await Promise.race([Promise.all(this.#open), new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS_MS).unref())]);
    if (this.#open.size === 0) this.#room.took();
    this.#keep();
    this.#hand?.close();
    process.off('SIGUSR1', compare);
    compare();
    this.#say({ event: 'told', at: Date.now(), says: inAll(this.#lines, this.#decisions, this.#options.mode) });
    return 0;
  }

  #tell(sentences: readonly string[] = []): void {
    for (const says of sentences) this.#say({ event: 'told', at: Date.now(), says });
  }

  /** Once for each log. Bans are timed by when lines came, whatever their stamps say. */
  #tellClocks(): void {
    for (const { source, detail } of this.#room.strangeClocks()) {
      if (this.#clocksTold.has(source)) continue;
      this.#clocksTold.add(source);
      this.#tell([detail]);
    }
  }

  #notSeen({ path, lines, says }: Unseen): void {
    this.#say({ event: 'blind', at: Date.now(), source: path, lines, says });
  }

  async #turn(): Promise<void> {
    for (const heard of await this.#room.next()) {
      if ('blind' in heard) {
        this.#notSeen(heard.blind);
        continue;
      }
      const { decisions, spared, lines, blind = [] } = this.#room.judge(heard);
      for (const one of blind) this.#notSeen(one);
      this.#lines += lines;
      for (const one of spared) this.#say({ event: 'spared', spared: one });
      // Stamps of a clock that goes wrong must not make a ban shorter or longer.
      const late = 'fresh' in heard && heard.fresh ? heard.receivedAt : null;
      this.#carryOut(decisions.map((one) => (late === null ? one : { ...one, at: late, untilMs: late + one.untilMs - one.at })));
    }
    this.#tellClocks();
    // What is still to be carried out is judged once more after a crash: the place moves on when the hand has answered.
    if (this.#open.size > 0) return;
    this.#room.took();
    if (Date.now() - this.#keptAt >= KEEP_MS) this.#keep();
  }

  /** Further lines are judged while the hand is at work. */
  #carryOut(decisions: readonly Decision[]): void {
    for (const { net, before, at, untilMs } of decisions) {
      this.#known.delete(net);
      this.#known.set(net, { net, count: before + 1, at, untilMs });
    }
    // A map keeps its order: the first ones are those that were decided longest ago.
    for (const net of this.#known.keys()) {
      if (this.#known.size <= KNOWN_AT_MOST) break;
      this.#known.delete(net);
    }
    this.#decisions += decisions.length;
    const current = decisions.filter(({ untilMs }) => untilMs > Date.now());
    for (let from = 0; from < current.length; from += MOST_ORDERS) {
      const part = current.slice(from, from + MOST_ORDERS);
      if (this.#hand) this.#order(this.#hand, part);
      else for (const decision of part) this.#decided(decision, null);
    }
  }

  #order(hand: HandLine, decisions: readonly Decision[]): void {
    const answered = hand.order(decisions.map(orderOf)).then((receipts) => {
      for (const [index, decision] of decisions.entries()) this.#decided(decision, receipts[index] ?? null);
      this.#open.delete(answered);
    });
    this.#open.add(answered);
  }

  #decided(decision: Decision, receipt: HandReceipt | null): void {
    const outcome: Outcome = receipt?.state ?? 'would';
    this.#say({ event: 'decision', decision, outcome, says: receipt?.says ?? null });
  }

  #keep(): void {
    this.#keptAt = Date.now();
    const fault = keep(this.#options.state, { place: this.#room.place(), known: [...this.#known.values()] });
    if (fault !== null) this.#say({ event: 'blind', at: Date.now(), source: this.#options.state, lines: 0, says: fault });
  }

  #say(said: Said): void {
    this.#out(`${this.#options.json ? asJson(said, this.#options.mode) : asText(said, this.#paint)}\n`);
  }
}

function orderOf({ net, untilMs, because, id }: Decision): HandOrder {
  return { verb: 'ban', net, untilMs, because: because.slice(0, 500), decision: id };
}
