/**
 * Moves things along: lines to parsers, events to history and detectors, drafts to findings. Synchronous, and it knows no
 * time but that of the events. A plugin that throws loses that one line or event, and is named in `faults`.
 */

import type { Detector, Ears, Parser, Surroundings } from '../core/contracts.ts';
import type { Event, EventDraft, EventKind, EventOf, Finding, FindingDraft, Line, Millis } from '../core/words.ts';

/** A detector keeps at most this many findings: past it an attacker could fill the memory with them. */
const FINDINGS_PER_DETECTOR = 5_000;

export interface Pipeline {
  /** A line that a parser asked for. */
  line(line: Line): void;
  /** The event of a line that needed no parser. */
  told(event: Event): void;
  event(event: Event): void;
  /** A piece of a log was read to its end. */
  pieceEnds(): void;
  findings(): readonly Finding[];
  /** Which plugins threw, how often, and what the last one said. */
  faults(): readonly { readonly plugin: string; readonly times: number; readonly says: string }[];
  /** Findings that were dropped because a detector had too many. */
  dropped(): number;
}

const NOBODY: readonly Parser[] = [];

type Listener = { readonly detector: Detector; readonly ears: Ears };

export function pipeline(
  plugins: { readonly parsers: readonly Parser[]; readonly detectors: readonly Detector[] },
  around: Surroundings,
  asked: { readonly since: Millis | null; readonly hear: (event: Event) => void; readonly pieceEnds?: () => void },
): Pipeline {
  const listeners: readonly Listener[] = plugins.detectors.map((detector) => ({ detector, ears: detector.start(around) }));
  const byProgram = parsersByProgram(plugins.parsers);
  const byKind = new Map<EventKind, readonly Listener[]>();
  const found = new Map<string, Finding>();
  const perDetector = new Map<string, number>();
  const faults = new Map<string, { times: number; says: string }>();
  let dropped = 0;

  function stumbled(plugin: string, error: unknown): null {
    const fault = faults.get(plugin) ?? { times: 0, says: '' };
    faults.set(plugin, { times: fault.times + 1, says: String(error).slice(0, 200) });
    return null;
  }

  function parsed(parser: Parser, line: Line): EventDraft | null {
    try {
      return parser.parse(line);
    } catch (error) {
      return stumbled(parser.name, error);
    }
  }

  function heard({ detector, ears }: Listener, event: Event): FindingDraft | readonly FindingDraft[] | null {
    try {
      return listen(ears, event);
    } catch (error) {
      return stumbled(detector.name, error);
    }
  }

  function keep(detector: Detector, draft: FindingDraft): void {
    const key = `${detector.name} ${draft.key}`;
    const old = found.get(key);
    const count = perDetector.get(detector.name) ?? 0;
    if (!old && count >= FINDINGS_PER_DETECTOR) {
      dropped += 1;
      return;
    }
    if (!old) perDetector.set(detector.name, count + 1);
    found.set(key, finish(detector, draft, old?.id ?? `${detector.name}-${count + 1}`));
  }

  function event(event: Event): void {
    asked.hear(event);
    let ears = byKind.get(event.kind);
    if (!ears) {
      ears = listeners.filter((listener) => listener.ears[event.kind]);
      byKind.set(event.kind, ears);
    }
    for (const listener of ears) {
      const said = heard(listener, event);
      if (said === null || said === undefined) continue;
      for (const draft of isList(said) ? said : [said]) keep(listener.detector, draft);
    }
  }

  return {
    line(line) {
      if (asked.since !== null && line.at < asked.since) return;
      for (const parser of byProgram.get(line.program) ?? byProgram.get(line.program.toLowerCase()) ?? NOBODY) {
        const draft = parsed(parser, line);
        if (draft) return event(dated(draft, line));
      }
    },
    told(seen) {
      if (asked.since === null || seen.at >= asked.since) event(seen);
    },
    event,
    pieceEnds: () => asked.pieceEnds?.(),
    findings: () => [...found.values()],
    faults: () => [...faults].map(([plugin, fault]) => ({ plugin, ...fault })),
    dropped: () => dropped,
  };
}

function parsersByProgram(parsers: readonly Parser[]): ReadonlyMap<string, readonly Parser[]> {
  const byProgram = new Map<string, Parser[]>();
  for (const parser of parsers) {
    for (const program of new Set(parser.programs.map((name) => name.toLowerCase()))) {
      byProgram.set(program, [...(byProgram.get(program) ?? []), parser]);
    }
  }
  return byProgram;
}

function listen<K extends EventKind>(ears: Ears, event: EventOf<K>) {
  // The visitor map's value type depends on the key that the event carries; TypeScript cannot follow that through a union.
  const ear = ears[event.kind] as ((event: EventOf<K>) => FindingDraft | readonly FindingDraft[] | null) | undefined;
  return ear ? ear(event) : null;
}

function isList(said: FindingDraft | readonly FindingDraft[]): said is readonly FindingDraft[] {
  return Array.isArray(said);
}

/** The event of a line: what the parser made of it, with time and place. */
export function dated(draft: EventDraft, line: Line): Event {
  // Kind and fields of the draft belong together already; taking a union apart loses that.
  return { kind: draft.kind, at: line.at, source: line.source, line: line.line, raw: line.raw, fields: draft.fields } as Event;
}

function finish(detector: Detector, draft: FindingDraft, id: string): Finding {
  return {
    ...draft,
    id,
    detector: detector.name,
    attack: draft.attack ?? detector.attack,
    tells: draft.tells ?? detector.tells,
    role: draft.role ?? detector.role,
  };
}
