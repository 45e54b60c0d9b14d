/**
 * Tells of one log line who takes it and why: parser and form, guests' rules, detectors that listen, and what nearly took it. The judgement
 * "attack" is about this line alone: whether it is by itself evidence against its source.
 */

import type { Detector, Parser, Surroundings } from '../core/contracts.ts';
import { type Ecs, ecsOf } from '../core/ecs.ts';
import { Entries } from '../core/entries.ts';
import { GuessBook } from '../core/guess-book.ts';
import { messageFacts, saidFacts } from '../core/message-facts.ts';
import { triedBy } from '../core/patterns.ts';
import type { Event, EventDraft, EventFields, EventKind, Line, Millis } from '../core/words.ts';
import type { Networks } from '../core/world.ts';
import { type Headed, headedOf, type Where } from './line-form.ts';
import { shapeOf } from './line-shape.ts';
import { judged } from './line-verdict.ts';
import { cuts, tails } from './message-cuts.ts';
import { dated } from './pipeline.ts';

export interface By {
  readonly kind: 'parser' | 'filter' | 'sigma' | 'detector';
  readonly name: string;
  readonly pattern?: string;
  readonly captures?: Readonly<Record<string, string>>;
  /** Which expression of a rule it was, and where that stands. */
  readonly where?: string;
}

/** What nearly took a line, and where it failed. */
export interface Near {
  readonly kind: 'parser' | 'filter';
  readonly name: string;
  readonly says: string;
}

export interface Explained {
  readonly n: number;
  readonly at: Millis | null;
  /** In a word: `syslog`, `journal`, `audit`, `bare` … */
  readonly form: string;
  readonly program: string;
  /** No program stands in the line; this parser's is taken because one of its forms fits. */
  readonly guessed: boolean;
  readonly event: Ecs | null;
  readonly kind: EventKind | null;
  readonly attack: boolean;
  readonly address: string | null;
  readonly user: string | null;
  readonly outcome: 'success' | 'failure' | null;
  readonly class: string | null;
  readonly by: readonly By[];
  /** Asked for people only: it costs more than all the rest. */
  near(): readonly Near[];
  /** A rule says that such lines are to be passed over. */
  readonly ignored: boolean;
  readonly shape: string;
}

/** What another tool's rules say of a line. */
export interface GuestSays {
  readonly by: readonly By[];
  near(): readonly Near[];
  readonly ignored: boolean;
  readonly at?: Millis | null;
  readonly address?: string | null;
  readonly user?: string | null;
}

export interface Guest {
  look(headed: Headed, event: Ecs): GuestSays;
}

export interface Explainer {
  line(raw: string, where: Where): Explained;
}

export interface ExplainerParts {
  readonly parsers: readonly Parser[];
  /** Names of detectors by the kind of event that they listen to. */
  readonly listeners: ReadonlyMap<EventKind, readonly string[]>;
  readonly guests: readonly Guest[];
  /** What is wrong with a request, by its line alone. */
  attackIn(request: EventFields['web.request']): { readonly class: string } | null;
}

interface Read {
  readonly draft: EventDraft | null;
  readonly parser: Parser | null;
  readonly pattern: string | null;
  near(): readonly Near[];
}

/** Names of detectors by the kinds that they listen to. */
export function listenersOf(detectors: readonly Detector[], networks: Networks): ReadonlyMap<EventKind, readonly string[]> {
  const listeners = new Map<EventKind, string[]>();
  for (const detector of detectors) {
    const asked = new Set<EventKind>();
    const ears = detector.start(noting(networks, asked));
    ears['sweep.done']?.({ kind: 'sweep.done', at: 0, source: 'tocsin', fields: { from: null, to: 0 } });
    // Object.keys loses that these are kinds.
    for (const kind of Object.keys(ears) as EventKind[]) asked.add(kind);
    for (const kind of asked) listeners.set(kind, [...(listeners.get(kind) ?? []), detector.name]);
  }
  return listeners;
}

/** Whoever asks the books hears what is written into them, if only at the end. */
function noting(networks: Networks, asked: Set<EventKind>): Surroundings {
  const guesses = new GuessBook(networks);
  const entries = new Entries(networks);
  return {
    networks,
    get guesses() {
      for (const kind of ['login.failed', 'login.probed'] as const) asked.add(kind);
      return guesses;
    },
    get entries() {
      asked.add('login.accepted');
      return entries;
    },
  };
}

/** Without a program to go by, this many parsers that nearly fit are told. */
const NEAR_AT_MOST = 10;

export function explainer({ parsers, listeners, guests, attackIn }: ExplainerParts): Explainer {
  return {
    line(raw, where) {
      const headed = headedOf(raw, where);
      const read = readBy(parsers, headed);
      const event = read.draft && dated(read.draft, headed.line);
      const ecs = fieldsOf(headed, event);
      const said = guests.map((guest) => guest.look(headed, ecs));
      const by: By[] = read.parser ? [{ kind: 'parser', name: read.parser.name, ...(read.pattern === null ? {} : { pattern: read.pattern }) }] : [];
      const filters = said.flatMap((one) => one.by);
      const ears = event ? (listeners.get(event.kind) ?? []) : [];
      const own = judged(event, event?.kind === 'web.request' ? attackIn(event.fields) : null, read.pattern);
      const taken = said.find((one) => one.by.length > 0);
      const program = headed.guessed ? (read.parser?.name ?? headed.line.program) : headed.line.program;
      return {
        n: where.n,
        at: headed.at ?? said.find((one) => one.at != null)?.at ?? null,
        form: headed.form,
        program,
        guessed: headed.guessed,
        event: Object.keys(ecs).length > 0 ? ecs : null,
        kind: event?.kind ?? null,
        attack: own.attack || filters.some((one) => one.kind === 'filter'),
        address: own.address ?? taken?.address ?? textIn(ecs, 'source.ip'),
        user: own.user ?? taken?.user ?? textIn(ecs, 'user.name'),
        outcome: own.outcome ?? (filters.some((one) => one.kind === 'filter') ? 'failure' : outcomeIn(ecs)),
        class: own.class,
        by: [...by, ...filters, ...ears.map((name): By => ({ kind: 'detector', name }))],
        near: () => [...(by.length > 0 ? [] : read.near()), ...said.flatMap((one) => one.near())],
        ignored: said.some((one) => one.ignored) && filters.length === 0,
        shape: shapeOf(headed.line.message),
      };
    },
  };
}

/** An audit record has its own word for what was done (`user_login`), which stands before ours. */
function fieldsOf({ facts, form, line }: Headed, event: Event | null): Ecs {
  const inside = event ? {} : saidFacts(line.message);
  const said: Ecs = { ...inside, ...facts, ...messageFacts(line.program, line.message), ...(event ? ecsOf(event) : {}) };
  return form === 'audit' ? { ...said, ...facts } : said;
}

function textIn(ecs: Ecs, name: string): string | null {
  const value = ecs[name];
  return typeof value === 'string' ? value : null;
}

/** As the audit system has it, `1` and `0` too. */
function outcomeIn(ecs: Ecs): 'success' | 'failure' | null {
  const said = textIn(ecs, 'event.outcome');
  return said === 'success' || said === '1' ? 'success' : said === 'failure' || said === 'failed' || said === '0' ? 'failure' : null;
}

/** By the program that the line names; where it names none, by whichever parser has a form that opens like it. */
function readBy(parsers: readonly Parser[], headed: Headed): Read {
  const { line } = headed;
  const program = line.program.toLowerCase();
  const mine = parsers.filter((parser) => parser.programs.some((name) => name.toLowerCase() === program));
  if (mine.length > 0) return first(mine, line);
  // A tag that nobody knows may be no tag at all, but the first words of a message (multilog, busybox).
  if (!headed.guessed && headed.form !== 'syslog') return NOBODY;
  const texts = headed.guessed ? cuts(line.message) : tails(headed);
  for (const parser of parsers) {
    for (const text of texts) {
      const as: Line = { ...line, program: parser.programs[0] ?? '', message: text };
      const draft = parser.parse(as);
      if (draft && !loose(parser, as)) return { draft, parser, pattern: triedBy(parser.parse, as)?.taken ?? null, near: () => [] };
    }
  }
  return headed.guessed ? { ...NOBODY, near: () => nearOf(parsers, line) } : NOBODY;
}

const NOBODY: Read = { draft: null, parser: null, pattern: null, near: () => [] };

/** A form that opens with any name takes what it likes: without a program it proves nothing. */
function loose(parser: Parser, line: Line): boolean {
  const tried = triedBy(parser.parse, line);
  return tried !== null && LOOSE.has(`${parser.name}/${tried.taken}`);
}

const LOOSE: ReadonlySet<string> = new Set(['cron/ran', 'su/old-shadow', 'kernel/promiscuous']);

function first(parsers: readonly Parser[], line: Line): Read {
  for (const parser of parsers) {
    const draft = parser.parse(line);
    if (draft) return { draft, parser, pattern: triedBy(parser.parse, line)?.taken ?? null, near: () => [] };
  }
  return { ...NOBODY, near: () => nearOf(parsers, line) };
}

function nearOf(parsers: readonly Parser[], line: Line): Near[] {
  const near = parsers.flatMap((parser) =>
    (triedBy(parser.parse, line)?.near ?? []).map(
      ({ name, begin }): Near => ({
        kind: 'parser',
        name: parser.name,
        says: `the line opens like its form ${name} ("${begin.trim()}"), but what follows does not fit`,
      }),
    ),
  );
  return near.slice(0, NEAR_AT_MOST);
}
