/**
 * One jail of fail2ban, as it judges: counts what its filter found and says who is to be shut out, or why he is not. Cannot see: names, as
 * nothing is resolved, and what the jail's `ignorecommand` would say, as nothing of a guest is run.
 */

import { counted, lasted, named } from '../core/text.ts';
import { Bounded } from '../core/window.ts';
import type { Evidence, Millis } from '../core/words.ts';
import type { Networks } from '../core/world.ts';
import { type Network, networkOf } from '../guests/fail2ban/address.ts';
import type { JailDefinition } from '../guests/fail2ban/definition.ts';
import type { FilterHit } from '../guests/fail2ban/hit.ts';
import { type JailBan, JailCount } from '../guests/fail2ban/jail-count.ts';
import type { Decision, Spared } from './decisions.ts';
import type { JailMemory } from './jail-memory.ts';
import { isUnproven } from './jail-ports.ts';

export interface JailsGiven {
  readonly networks: Networks;
  /** The machine's own addresses, for `ignoreself`. */
  readonly own: readonly string[];
  /** Why an address must stay reachable, or null. */
  spares(ip: string): string | null;
  /** From 0 to 1, for `bantime.rndtime`. */
  chance(): number;
}

/** A line that a filter took. */
export interface Place {
  readonly source: string;
  readonly line: number;
  readonly text: string;
}

/** What is remembered of somebody's failures so that the decision can tell of them. */
interface Trail {
  names: string[];
  source: string;
  /** Of the last lines number and time, one behind the other. */
  lines: number[];
  lastAt: Millis;
}

/** What a ban for ever is here: a moment that every part of us can write down. Whoever comes back then is judged anew. */
const FOR_EVER_MS = 3_650 * 86_400_000;
/** Each costs a few hundred bytes. */
const TRAILS_AT_MOST = 50_000;
const NAMES_AT_MOST = 20;
const NAMES_SAID = 3;
const PLACES_AT_MOST = 5;
const SHOWN_CHARACTERS = 300;
/** Of what a filter counts by: an address, a name, a session. */
const ID_CHARACTERS = 300;
/** Of account names, and of a jail's name: an order's `decision` has room for 100. */
const NAME_CHARACTERS = 50;

export class JailJudge {
  readonly jail: JailDefinition;
  readonly #given: JailsGiven;
  readonly #memory: JailMemory;
  readonly #count: JailCount;
  /** Whoever lives there is not shut out with a whole network. */
  readonly #ignored: readonly Network[];
  readonly #trails = new Bounded<Trail>(TRAILS_AT_MOST, null);
  /** Why this jail bans nobody, or null. */
  readonly #harmless: string | null;
  readonly #out = new Bounded<Millis>(TRAILS_AT_MOST, (until) => until);
  #made = 0;

  constructor(jail: JailDefinition, given: JailsGiven, memory: JailMemory) {
    this.jail = jail;
    this.#given = given;
    this.#memory = memory;
    this.#harmless = harmless(jail);
    this.#ignored = [...jail.ignoreip, ...given.own].flatMap((word) => networkOf(word) ?? []);
    this.#count = new JailCount(jail, {
      own: given.own,
      chance: () => given.chance(),
      before: (id) => memory.before(id, jail.ban.overAllJails),
      isOut: (id, at) => at <= (this.#out.get(id) ?? memory.outBeforeStart(id)),
    });
  }

  /** `at` = when it happened, as far as that is known. */
  hear(hit: FilterHit, at: Millis, place: Place): Decision | Spared | null {
    if (hit.ignored || hit.id === null) return null;
    const taken = this.#netOf(hit);
    const net = taken === null ? null : detached(taken);
    // What the filter counts by is an address as a rule, and whoever has a /64 need not use one of it twice.
    const id = net !== null && hit.id === hit.ip ? net : detached(hit.id.slice(0, ID_CHARACTERS));
    if (hit.ip !== null && id !== hit.ip && this.#count.spares(hit.ip)) return null;
    const trail = this.#noted(id, hit, at, place);
    const ban = this.#count.failure(id, at);
    if (ban === null) return null;
    this.#trails.remove(id);
    const because = net === null ? 'only a name is known of it, and names are not looked up' : (this.#harmless ?? this.#given.spares(hit.ip ?? ''));
    if (net === null || because !== null) return this.#memory.spared(detached(hit.ip ?? id), at, `${this.#says(hit, ban, trail)}; ${because}`);
    return this.#decided(hit, net, ban, trail, place.text);
  }

  /** Forgets whose failures no longer count. */
  sweep(now: Millis): void {
    this.#count.sweep(now);
  }

  /** The address, the /64 of an IPv6 address, or the network that the filter took; null where only a name is known. */
  #netOf({ ip, id }: FilterHit): string | null {
    if (ip === null) return null;
    const taken = id?.includes('/') && networkOf(id) !== null ? id : null;
    const net = taken ?? (ip.includes(':') ? this.#given.networks.networkOf(ip) : ip);
    return net !== ip && this.#holdsIgnored(net) ? ip : net;
  }

  /** Whether somebody whom the jail spares lives there. */
  #holdsIgnored(net: string): boolean {
    const network = networkOf(net);
    return network !== null && this.#ignored.some(({ family, bits }) => family === network.family && bits.startsWith(network.bits));
  }

  #noted(id: string, { user, users }: FilterHit, at: Millis, { source, line }: Place): Trail {
    const trail = this.#trails.open(id, () => ({ names: [], source, lines: [], lastAt: at }));
    if (at - trail.lastAt >= this.jail.findMs) trail.names = [];
    if (at - trail.lastAt >= this.jail.findMs || source !== trail.source) trail.lines = [];
    if (users.length > 0) for (const name of users) addName(trail.names, name);
    else if (user !== null) addName(trail.names, user);
    if (trail.lines.length >= 2 * PLACES_AT_MOST) trail.lines.splice(0, 2);
    trail.lines.push(line, at);
    trail.source = source;
    trail.lastAt = at;
    return trail;
  }

  #decided(hit: FilterHit, net: string, ban: JailBan, trail: Trail, text: string): Decision | null {
    const { at } = ban;
    const untilMs = at + (ban.banMs < 0 ? FOR_EVER_MS : Math.min(FOR_EVER_MS, ban.banMs));
    this.#out.remove(ban.id);
    this.#out.open(ban.id, () => untilMs);
    const before = this.#memory.banned(net, at, untilMs);
    // Another jail shuts it out for longer already.
    if (before === null) return null;
    this.#made += 1;
    return {
      id: `JAIL/${this.jail.name.slice(0, NAME_CHARACTERS)}/${at}-${this.#made}`,
      at,
      net,
      untilMs,
      because: `${this.#says(hit, ban, trail)}${ban.banMs < 0 ? '; the jail bans for ever' : ''}`,
      before: Math.max(before, ban.bansBefore),
      failures: ban.failures,
      accounts: trail.names,
      evidence: evidenceOf(trail, text),
    };
  }

  #says(hit: FilterHit, { failures, from, at }: JailBan, { names }: Trail): string {
    const { name, filter, port, protocol } = this.jail;
    const of = `jail ${named(name)} (filter ${named(filter?.name ?? '')}, port ${named(port)}/${named(protocol)})`;
    const who = named(hit.ip ?? hit.host ?? hit.id ?? '');
    const said = names.slice(0, NAMES_SAID).map(named).join(', ');
    const onNames = names.length === 0 ? '' : ` on ${counted(names.length, 'account name')} (${said}${names.length > NAMES_SAID ? ', …' : ''})`;
    return `${of}: ${counted(failures, 'failure')} of ${who} within ${lasted(at - from)}${onNames}`;
  }
}

function harmless(jail: JailDefinition): string | null {
  if (isUnproven(jail)) return 'it comes by UDP, where anybody can write any address as the sender';
  return jail.actions.some(({ becomes }) => becomes === 'ban') ? null : 'none of the actions of this jail is a ban that is known here';
}

function addName(names: string[], name: string): void {
  const short = name.slice(0, NAME_CHARACTERS);
  if (names.length < NAMES_AT_MOST && !names.includes(short)) names.push(detached(short));
}

/** `text` = the last of its lines; of those before it is told where they stand. */
function evidenceOf({ source, lines }: Trail, text: string): Evidence[] {
  const evidence: Evidence[] = [];
  for (let index = 0; index < lines.length; index += 2) {
    const last = index + 2 >= lines.length ? { says: detached(text.slice(0, SHOWN_CHARACTERS)) } : {};
    evidence.push({ source, line: lines[index] ?? 0, at: lines[index + 1] ?? 0, ...last });
  }
  return evidence;
}

/** A part of a line holds the whole piece of log that it was cut from; what is kept must not. */
function detached(text: string): string {
  return ` ${text}`.slice(1);
}
