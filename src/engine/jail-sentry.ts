/**
 * Judges log lines as fail2ban's jails would, while they are written: each line is asked once for all jails that watch its log. Cannot see:
 * what commands of a jail would say, and a line's failure where it took a filter too long (that is told).
 */

import type { Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';
import { AllFilters } from '../guests/fail2ban/all-filters.ts';
import type { JailDefinition } from '../guests/fail2ban/definition.ts';
import type { FilterHit, RunningFilter } from '../guests/fail2ban/hit.ts';
import { fitsPath } from '../guests/fail2ban/log-there.ts';
import { openFilter } from '../guests/fail2ban/running-filter.ts';
import { SharedDates } from '../guests/fail2ban/shared-dates.ts';
import type { Decision, Judged, Spared } from './decisions.ts';
import { JailBlind, type NotJudged } from './jail-blind.ts';
import { type JournalMatch, jailEntryOf, takes } from './jail-journal.ts';
import { JailJudge, type JailsGiven, type Place } from './jail-judge.ts';
import { eachLine } from './jail-lines.ts';
import { JailMemory } from './jail-memory.ts';

export interface JailsJudged extends Judged {
  readonly lines: number;
  readonly blind: readonly NotJudged[];
}

export interface JailRuns {
  readonly jail: JailDefinition;
  /** From local milliseconds to UTC, as the stamps of its logs are written. */
  zone(localMs: Millis): Millis;
  /** For jails that may share what they learn of dates: the name of the zone. */
  readonly zoneName: string;
  /** The entries that it asks for, where it reads the journal and no logs. */
  readonly match: JournalMatch | null;
}

export interface Running {
  readonly jail: JailDefinition;
  readonly filter: RunningFilter;
  readonly match: JournalMatch | null;
}

/** fail2ban takes a line that is off by more than this, while it is written, as written now. */
const OFF_MS = 60_000;
const SOURCES_AT_MOST = 5_000;
const SWEEP_LINES = 100_000;
const NOTHING: Judged = { decisions: [], spared: [] };

export class JailSentry {
  readonly #judges = new Map<string, JailJudge>();
  readonly #filters: readonly Running[];
  readonly #memory = new JailMemory();
  readonly #blind = new JailBlind();
  /** For each log the filters of the jails that watch it; null = nobody does. */
  #bySource = new Map<string, AllFilters | null>();
  readonly #groups = new Map<string, AllFilters>();
  #now: Millis = 0;
  #unswept = 0;

  /** `now` = of the start: some date patterns take the years around it. */
  constructor(jails: readonly JailRuns[], given: JailsGiven, now: Millis) {
    this.#now = now;
    const dates = new Map<string, SharedDates>();
    this.#filters = jails.flatMap(({ jail, zone, zoneName, match }) => {
      if (jail.filter === null || this.#judges.has(jail.name)) return [];
      this.#judges.set(jail.name, new JailJudge(jail, given, this.#memory));
      // Jails that read other logs learn other dates.
      const key = JSON.stringify([zoneName, jail.logpath]);
      const shared = dates.get(key) ?? new SharedDates();
      dates.set(key, shared);
      // What a filter says has its name: here that of the jail.
      const filter = openFilter({ ...jail.filter, name: jail.name }, { zone, now: () => this.#now, dates: shared });
      return [{ jail, filter, match }];
    });
  }

  /** What is wrong with expressions of the filters that run, by jail. */
  troubles(): readonly { readonly jail: string; readonly troubles: RunningFilter['troubles'] }[] {
    return this.#filters.map(({ jail, filter }) => ({ jail: jail.name, troubles: filter.troubles }));
  }

  /** Lines of a log. `fresh` = they are written now, so that a stamp far off is a wrong one. */
  chunk(chunk: Chunk, receivedAt: Millis, fresh: boolean): JailsJudged {
    this.#now = receivedAt;
    const filters = this.#hearing(chunk.source);
    if (filters === null) return { ...NOTHING, lines: 0, blind: [] };
    const decisions: Decision[] = [];
    const spared: Spared[] = [];
    const lines = eachLine(chunk, (text, line) => {
      const hits = filters.feed(text, chunk.source);
      if (hits.length > 0) this.#all(hits, fresh, { source: chunk.source, line, text }, { decisions, spared });
    });
    this.#sweep(lines);
    return { decisions, spared, lines, blind: this.#blind.of(this.#filters, chunk.source, receivedAt) };
  }

  /** Entries of the journal, as journalctl's JSON texts. Journald stamps them, so their time is believed. */
  entries(entries: readonly string[], source: string, receivedAt: Millis): JailsJudged {
    this.#now = receivedAt;
    const decisions: Decision[] = [];
    const spared: Spared[] = [];
    const readers = this.#filters.filter(({ match }) => match !== null);
    for (const [index, json] of readers.length === 0 ? [] : entries.entries()) {
      const entry = jailEntryOf(json);
      const asked = entry === null ? [] : readers.filter(({ match }) => match !== null && takes(match, entry.fields));
      if (entry === null || asked.length === 0) continue;
      const hits = this.#group(asked).feed(entry.text, source, entry.at);
      this.#all(hits, false, { source, line: index + 1, text: entry.text }, { decisions, spared });
    }
    this.#sweep(entries.length);
    return { decisions, spared, lines: entries.length, blind: this.#blind.of(readers, source, receivedAt) };
  }

  /** What was decided before this start. */
  remember(net: string, count: number, at: Millis, untilMs: Millis): void {
    this.#memory.remember(net, count, at, untilMs);
  }

  #all(hits: readonly FilterHit[], fresh: boolean, place: Place, into: { readonly decisions: Decision[]; readonly spared: Spared[] }): void {
    for (const hit of hits) {
      const said = this.#hear(hit, fresh, place);
      if (said === null) continue;
      if ('net' in said) into.decisions.push(said);
      else into.spared.push(said);
    }
  }

  #hear(hit: FilterHit, fresh: boolean, place: Place): Decision | Spared | null {
    const at = this.#moment(hit.at, fresh);
    return at === null ? null : (this.#judges.get(hit.filter)?.hear(hit, at, place) ?? null);
  }

  /** Nothing has happened later than now. Old lines without a date happened nobody knows when. */
  #moment(at: Millis | null, fresh: boolean): Millis | null {
    if (!fresh) return at === null ? null : Math.min(at, this.#now);
    return at === null || Math.abs(at - this.#now) > OFF_MS ? this.#now : Math.min(at, this.#now);
  }

  #hearing(source: string): AllFilters | null {
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    if (this.#bySource.size >= SOURCES_AT_MOST) this.#bySource = new Map();
    const found = this.#filters.filter(({ jail }) => jail.logpath.some((glob) => fitsPath(glob, source)));
    const made = found.length === 0 ? null : this.#group(found);
    this.#bySource.set(source, made);
    return made;
  }

  /** Logs that the same jails watch are searched for the same texts. */
  #group(found: readonly Running[]): AllFilters {
    const key = JSON.stringify(found.map(({ jail }) => jail.name));
    const group = this.#groups.get(key) ?? new AllFilters(found.map(({ filter }) => ({ filter, hears: () => true })));
    this.#groups.set(key, group);
    return group;
  }

  #sweep(lines: number): void {
    this.#unswept += lines;
    if (this.#unswept < SWEEP_LINES) return;
    this.#unswept = 0;
    for (const judge of this.#judges.values()) judge.sweep(this.#now);
  }
}
