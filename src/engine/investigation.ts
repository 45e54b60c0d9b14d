/** One whole look at a machine: sources to events, events to findings, findings to cases, cases to a report. */

import type { Given, Plugins, Reading } from '../core/contracts.ts';
import { keyOf } from '../core/entity.ts';
import { Entries } from '../core/entries.ts';
import { GuessBook } from '../core/guess-book.ts';
import { grouped } from '../core/text.ts';
import type { Case, Entity, Line, Millis, Report } from '../core/words.ts';
import type { Networks, SlowEyes } from '../core/world.ts';
import { casebook } from './casebook.ts';
import { history as newHistory } from './history.ts';
import { lineOfJournal } from './journal-entry.ts';
import { type LogBook, logBook } from './log-book.ts';
import { type Pipeline, pipeline } from './pipeline.ts';
import { sift, type Wanted, wantedBy } from './sieve.ts';
import { byWeight, told, verdictOf } from './telling.ts';

export interface Question {
  readonly version: string;
  readonly subject: Entity | null;
  readonly since: Millis | null;
}

/** What is being done, for a person who waits. */
export type Tell = (says: string) => void;

export async function investigation(eyes: SlowEyes, plugins: Plugins, networks: Networks, question: Question, tell: Tell): Promise<Report> {
  const startedAt = eyes.now();
  // History and detectors count with one book, so that one address has one number everywhere, and each line is weighed once.
  const around = { networks, guesses: new GuessBook(networks), entries: new Entries(networks) };
  const history = newHistory(around);
  const way = pipeline(plugins, around, { since: question.since, hear: (event) => history.hear(event) });
  // The watch over outgoing connections needs its time; it begins now and is asked last.
  void eyes.flows();
  await look(eyes, plugins, way, tell);
  way.event({ kind: 'sweep.done', at: eyes.now(), source: 'tocsin', fields: { from: history.from, to: eyes.now() } });
  noteFaults(way, eyes);
  tell('joining what was found');
  const given: Given = { eyes, history, networks };
  const findings = way.findings();
  const cases = byWeight(casebook(findings, plugins.probes, given, question.subject).map((draft) => told(draft, plugins.policies, given)));
  const about = question.subject ? cases.filter((story) => speaksOf(story, question.subject)) : cases;
  return {
    version: question.version,
    host: eyes.host.name,
    subject: question.subject,
    from: history.from,
    to: eyes.now(),
    verdict: verdictOf(about),
    cases: about,
    findings,
    coverage: eyes.coverage(),
    tookMs: eyes.now() - startedAt,
  };
}

async function look(eyes: SlowEyes, plugins: Plugins, way: Pipeline, tell: Tell): Promise<void> {
  const wanted = wantedBy(plugins.parsers);
  const book = logBook();
  for (const source of plugins.sources) {
    tell(`looking at ${source.name}`);
    try {
      let lines = 0;
      for await (const reading of source.open(eyes)) {
        lines += take(reading, way, wanted, book);
        if (lines > 0) tell(`looking at ${source.name}: ${grouped(lines)} lines`);
      }
    } catch (error) {
      eyes.note({ source: source.name, state: 'partial', detail: `reading stopped: ${String(error).slice(0, 300)}` });
    }
  }
  for (const coverage of book.coverage()) eyes.note(coverage);
}

/** Returns how many lines it read. */
function take(reading: Reading, way: Pipeline, wanted: Wanted, book: LogBook): number {
  if ('event' in reading) {
    way.event(reading.event);
    return 0;
  }
  if ('lines' in reading) {
    for (const line of reading.lines) way.line(line);
    return reading.lines.length;
  }
  if ('journal' in reading) return takeJournal(reading.journal, way);
  const counts = sift(reading.chunk, wanted, (line) => way.line(line));
  book.add(reading.chunk.source, counts);
  return counts.lines;
}

function takeJournal(journal: { readonly source: string; readonly entries: readonly string[] }, way: Pipeline): number {
  journal.entries.forEach((text, index) => {
    const line: Line | null = lineOfJournal(text, journal.source, index + 1);
    if (line) way.line(line);
  });
  return journal.entries.length;
}

function noteFaults(way: Pipeline, eyes: SlowEyes): void {
  for (const fault of way.faults())
    eyes.note({ source: fault.plugin, state: 'partial', detail: `it failed ${grouped(fault.times)} times, last: ${fault.says}` });
  if (way.dropped() > 0)
    eyes.note({ source: 'findings', state: 'partial', detail: `${grouped(way.dropped())} findings beyond the bound were not kept` });
}

function speaksOf(story: Case, subject: Entity | null): boolean {
  const key = subject ? keyOf(subject) : '';
  const entities = [
    ...story.chain.map((step) => step.entity),
    ...story.facts.map((fact) => fact.about),
    ...story.findings.flatMap((finding) => [...finding.culprit, ...finding.victim]),
  ];
  return entities.some((entity) => keyOf(entity) === key);
}
