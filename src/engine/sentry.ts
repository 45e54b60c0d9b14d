/**
 * Judges log lines as they are written and decides who is shut out, for how long and why. Knows no time but that of the lines, carries nothing
 * out, and cannot see lines that somebody forged with the rights to write into the log.
 */

import type { Parser } from '../core/contracts.ts';
import { Entries } from '../core/entries.ts';
import { GuessBook } from '../core/guess-book.ts';
import { type Guesser, namesTried, trailOf } from '../core/guessing.ts';
import { innocence } from '../core/innocence.ts';
import { bitOfKind } from '../core/service-kind.ts';
import { DAY_MS, HOUR_MS } from '../core/spans.ts';
import { counted } from '../core/text.ts';
import { cannotBeGuessed } from '../core/tries.ts';
import { Bounded } from '../core/window.ts';
import type { Event, Line, Millis } from '../core/words.ts';
import type { Chunk, Networks, Scanner } from '../core/world.ts';
import type { Decision, Judged, Spared } from './decisions.ts';
import { enough, netFor, refusedWords } from './enough.ts';
import { pipeline } from './pipeline.ts';
import { sift } from './sieve.ts';
import type { SiftCounts } from './sift-counts.ts';
import { type Wanted, wantedBy } from './wanted.ts';

/** Whoever comes back after a ban stays out longer: an hour, four, sixteen, and at most a week. */
const FIRST_BAN_MS = HOUR_MS;
const GROWTH = 4;
const LONGEST_BAN_MS = 7 * DAY_MS;
/** So many banned addresses of one IPv4 network at once, and nobody who logs in from there: the network takes part. */
const ADDRESSES_OF_A_NETWORK = 8;
const KNOWN_AT_MOST = 50_000;
/** Networks with an address that is shut out now: each has a map of them. */
const NETWORKS_AT_MOST = 10_000;
/** An admin with a key who mistypes a password elsewhere must not stand before a closed door. */
const KEY_SPARES_MS = 7 * DAY_MS;
const EVIDENCE_AT_MOST = 5;
/** SIP comes by UDP, where the sender can be anybody's address. */
const UNPROVEN = bitOfKind('telephone');

interface Known {
  count: number;
  /** When the last decision was made: tries before it are paid for. */
  at: Millis;
  untilMs: Millis;
}

export interface SentryGiven {
  readonly networks: Networks;
  /** Why an address must stay reachable, or null. */
  spares(ip: string): string | null;
}

export class Sentry {
  readonly #given: SentryGiven;
  readonly #guesses: GuessBook;
  readonly #entries: Entries;
  readonly #wanted: Wanted;
  readonly #way: ReturnType<typeof pipeline>;
  readonly #touched = new Set<string>();
  readonly #known = new Bounded<Known>(KNOWN_AT_MOST, (known) => known.untilMs);
  /** Addresses of an IPv4 network that are shut out, and until when. */
  readonly #byNetwork = new Bounded<Map<string, Millis>>(NETWORKS_AT_MOST, null);
  /** Networks from which somebody came in. */
  readonly #lived = new Bounded<true>(KNOWN_AT_MOST, null);
  /** When somebody last logged in from an address by a key: nobody guesses those. */
  readonly #keyed = new Bounded<{ at: Millis }>(KNOWN_AT_MOST, ({ at }) => at);
  #learning = false;
  readonly #spared = new Bounded<Millis>(KNOWN_AT_MOST, (at) => at);
  #made = 0;

  constructor(parsers: readonly Parser[], given: SentryGiven) {
    this.#given = given;
    this.#guesses = new GuessBook(given.networks);
    this.#entries = new Entries(given.networks);
    this.#wanted = wantedBy(parsers);
    const around = { networks: given.networks, guesses: this.#guesses, entries: this.#entries };
    this.#way = pipeline({ parsers, detectors: [] }, around, {
      since: null,
      hear: (event) => this.#hear(event),
      pieceEnds: () => this.#guesses.pieceEnds(),
    });
  }

  /** Lines of a log, and what follows from them. */
  chunk(chunk: Chunk, scanner: Scanner): Judged & { readonly counts: SiftCounts } {
    const counts = sift(chunk, this.#wanted, this.#way, scanner);
    return { ...this.#judge(), counts };
  }

  /** Lines from before it began to watch: who logged in from where. Tries in them are not counted, since some of them may come again. How many lines they were. */
  learn(chunk: Chunk, scanner: Scanner): number {
    this.#learning = true;
    const { lines } = sift(chunk, this.#wanted, this.#way, scanner);
    this.#learning = false;
    return lines;
  }

  /** Lines that have their header read already: entries of the journal. */
  lines(lines: readonly Line[]): Judged {
    for (const line of lines) this.#way.line(line);
    return this.#judge();
  }

  /** What was decided before this start, so that tries from before it are not counted again and whoever comes back stays out longer. */
  remember(net: string, count: number, at: Millis, untilMs: Millis): void {
    this.#known.open(net, () => ({ count, at, untilMs }));
  }

  /** Plugins that threw, for the report of what was not seen. */
  faults(): ReturnType<ReturnType<typeof pipeline>['faults']> {
    return this.#way.faults();
  }

  #hear(event: Event): void {
    if (event.kind === 'login.accepted') this.#letIn(event);
    else if (this.#learning) return;
    else if (event.kind === 'session.opened') {
      const entry = this.#guesses.letIn(event);
      if (entry) this.#letIn(entry);
    } else if (event.kind === 'login.failed' || event.kind === 'login.probed') {
      this.#guesses.refused(event);
      if (event.fields.ip !== null) this.#touched.add(event.fields.ip);
    }
  }

  #letIn(event: Extract<Event, { kind: 'login.accepted' }>): void {
    this.#guesses.accepted(event);
    this.#entries.hear(event);
    const { ip } = event.fields;
    if (ip === null) return;
    this.#lived.open(this.#given.networks.networkOf(ip), () => true);
    if (!cannotBeGuessed(event.fields.method)) return;
    const key = this.#keyed.open(ip, () => ({ at: event.at }));
    key.at = Math.max(key.at, event.at);
  }

  #judge(): Judged {
    const decisions: Decision[] = [];
    const spared: Spared[] = [];
    for (const ip of this.#touched) {
      const guesser = this.#guesses.soFar(ip);
      if (!guesser) continue;
      const net = netFor(ip, this.#given.networks);
      const known = this.#known.get(net);
      if (known && guesser.tries.last <= known.untilMs) continue;
      // Whoever has a whole /64 need not use one address twice.
      const trail = net === ip ? guesser : trailOf(guesser.network);
      const failures = enough(trail, known?.at ?? Number.NEGATIVE_INFINITY);
      if (failures === 0) continue;
      const because = this.#innocent(guesser);
      if (because !== null) this.#leaveAlone(spared, ip, guesser.tries.last, because);
      else decisions.push(...this.#shutOut(guesser, net, failures));
    }
    this.#touched.clear();
    return { decisions, spared };
  }

  /** Why an address is left alone, whoever else would shut it out; null while nothing speaks for it. */
  spares(ip: string): string | null {
    const guesser = this.#guesses.soFar(ip);
    return guesser ? this.#innocent(guesser) : this.#given.spares(ip);
  }

  #innocent(guesser: Guesser): string | null {
    const { ip, kinds } = guesser;
    if (kinds !== 0 && (kinds & ~UNPROVEN) === 0) return 'it came by UDP alone, where anybody can write any address as the sender';
    const keyed = this.#keyed.get(ip);
    if (keyed && guesser.tries.last - keyed.at <= KEY_SPARES_MS) return 'somebody logged in from there by a key within the last week';
    return this.#given.spares(ip) ?? innocence(guesser, this.#entries, this.#given.networks);
  }

  /** Told once a day, and not with each further line. */
  #leaveAlone(spared: Spared[], ip: string, at: Millis, because: string): void {
    const told = this.#spared.get(ip);
    if (told !== undefined && at - told < DAY_MS) return;
    this.#spared.remove(ip);
    this.#spared.open(ip, () => at);
    spared.push({ at, ip, because });
  }

  #shutOut(guesser: Guesser, net: string, failures: number): Decision[] {
    const { last } = guesser.tries;
    const known = this.#known.open(net, () => ({ count: 0, at: 0, untilMs: 0 }));
    const before = known.count;
    const untilMs = last + Math.min(LONGEST_BAN_MS, FIRST_BAN_MS * GROWTH ** before);
    known.count += 1;
    known.at = last;
    known.untilMs = untilMs;
    const names = namesTried(guesser).map(({ account }) => account);
    const single = this.#decision({
      net,
      at: last,
      untilMs,
      before,
      failures,
      accounts: names,
      because: refusedWords(guesser, failures, names),
      evidence: guesser.evidence.all().slice(-EVIDENCE_AT_MOST),
    });
    const wide = this.#network(guesser, untilMs);
    return wide ? [single, wide] : [single];
  }

  /** The whole network, where many of its addresses take part and nobody lives there. */
  #network(guesser: Guesser, untilMs: Millis): Decision | null {
    const { last: at } = guesser.tries;
    const net = this.#given.networks.networkOf(guesser.ip);
    if (guesser.ip.includes(':') || this.#lived.get(net)) return null;
    const banned = this.#byNetwork.open(net, () => new Map());
    banned.set(guesser.ip, untilMs);
    for (const [ip, until] of banned) if (until <= at) banned.delete(ip);
    const known = this.#known.get(net);
    if (banned.size < ADDRESSES_OF_A_NETWORK || (known && at <= known.untilMs)) return null;
    const until = Math.max(...banned.values());
    this.#known.remove(net);
    this.#known.open(net, () => ({ count: (known?.count ?? 0) + 1, at, untilMs: until }));
    const failures = this.#guesses.soFar(guesser.ip)?.network.guessers.reduce((sum, { tries }) => sum + tries.total, 0) ?? 0;
    return this.#decision({
      net,
      at,
      untilMs: until,
      before: known?.count ?? 0,
      failures,
      accounts: [],
      because: `${counted(banned.size, 'address', 'addresses')} of ${net} guess at the same time (${counted(failures, 'refused try', 'refused tries')}), and nobody was seen to log in from there`,
      evidence: guesser.evidence.all().slice(-1),
    });
  }

  #decision(decided: Omit<Decision, 'id'>): Decision {
    this.#made += 1;
    return { id: `${decided.at}-${this.#made}`, ...decided };
  }
}
