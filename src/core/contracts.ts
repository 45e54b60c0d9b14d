/** What a source, parser, detector, probe and policy must be: one file each, named like itself, powerless. */

import type { Entries } from './entries.ts';
import type { GuessBook } from './guess-book.ts';
import type {
  Case,
  Entity,
  Event,
  EventDraft,
  EventKind,
  EventOf,
  FactDraft,
  Finding,
  FindingDraft,
  Line,
  Millis,
  Proposal,
  Role,
  Tells,
} from './words.ts';
import type { Chunk, Eyes, History, Networks, SlowEyes } from './world.ts';

/** What every plugin says of itself. `about` is one sentence; `cannotSee` its known weakness, one sentence. */
export interface Named {
  readonly name: string;
  readonly about: string;
  readonly cannotSee: string;
}

/** Logs come as chunks for the sieve; the rest comes as ready events. */
export type Reading =
  | { readonly lines: readonly Line[] }
  | { readonly chunk: Chunk }
  | { readonly event: Event }
  | { readonly journal: { readonly source: string; readonly entries: readonly string[] } };

export interface Source extends Named {
  open(eyes: SlowEyes): AsyncIterable<Reading> | Iterable<Reading>;
}

export interface Parser extends Named {
  /** Programs in the syslog tag whose lines it takes, lower case as logged: `sshd`, `sshd-session`. */
  readonly programs: readonly string[];
  /** Literals of which at least one stands in every line that it takes; the sieve looks for them first. */
  readonly needles: readonly string[];
  /** Null = not mine. Must be pure and linear in the line's length. */
  parse(line: Line): EventDraft | null;
}

export interface Surroundings {
  readonly networks: Networks;
  /** The books of refused tries and of accepted logins, which heard each event before the detectors do: all who ask have the same numbers. */
  readonly guesses: GuessBook;
  readonly entries: Entries;
}

/** An event of a log line is lent for the call: what is kept of it has to be copied. */
export type Ears = { readonly [K in EventKind]?: (event: EventOf<K>) => FindingDraft | readonly FindingDraft[] | null };

export interface Detector extends Named {
  /** MITRE ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly tells: Tells;
  readonly role: Role;
  start(around: Surroundings): Ears;
}

export interface Given {
  readonly networks: Networks;
  readonly eyes: Eyes;
  readonly history: History;
  /** Before this time nothing of the logs was judged, because that was asked for. */
  readonly since?: Millis | null;
}

export interface Probe extends Named {
  readonly asks: Entity['is'];
  /** Facts about one entity of a case. `story` is what is known of the case so far. */
  look(entity: Entity, given: Given, story: Story): readonly FactDraft[];
}

/** What a probe may know of the case it works for. */
export interface Story {
  readonly entities: readonly Entity[];
  readonly findings: readonly Finding[];
}

export interface Policy extends Named {
  /** What it would do about this case, and what a person must do. Nothing is carried out here. */
  decide(story: Case, given: Given): { readonly proposes: readonly Proposal[]; readonly recommends: readonly string[] };
}

/** The guest list of a whole Tocsin. Sources are opened in this order. */
export interface Plugins {
  readonly sources: readonly Source[];
  readonly parsers: readonly Parser[];
  readonly detectors: readonly Detector[];
  readonly probes: readonly Probe[];
  readonly policies: readonly Policy[];
}
