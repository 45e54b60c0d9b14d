/** One whole look at a machine: sources to events, events to findings, findings to cases, cases to a report. */

import type { Given, Plugins, Reading } from '../core/contracts.ts';
import { Entries } from '../core/entries.ts';
import { GuessBook } from '../core/guess-book.ts';
import { grouped } from '../core/text.ts';
import type { Entity, Event, Line, Millis, Report } from '../core/words.ts';
import type { Chunk, Networks, SlowEyes } from '../core/world.ts';
import { aboutSubject } from './about-subject.ts';
import { AccessSieve } from './access-sieve.ts';
import { casebook } from './casebook.ts';
import { copiedDisk } from './copied-disk.ts';
import { history as newHistory } from './history.ts';
import { lineOfJournal } from './journal-entry.ts';
import { type LogBook, logBook } from './log-book.ts';
import { type Pipeline, pipeline } from './pipeline.ts';
import { QuerySieve } from './query-sieve.ts';
import { Records } from './records.ts';
import { sift } from './sieve.ts';
import { byWeight, told, verdictOf } from './telling.ts';
import { isHost, type Wanted, wantedBy } from './wanted.ts';

export interface Question {
  readonly version: string;
  readonly subject: Entity | null;
  readonly since: Millis | null;
  /** Only the log lines of this host; of all where it is not given. */
  readonly host?: string | null;
  /** Log files alone, and nothing of a machine. */
  readonly onlyLogs?: boolean;
}

/** Clocks of sender and receiver differ by less. */
const SKEW_MS = 60_000;

/** What is being done, for a person who waits. */
export type Tell = (says: string) => void;

export async function investigation(eyes: SlowEyes, plugins: Plugins, networks: Networks, question: Question, tell: Tell): Promise<Report> {
  const startedAt = eyes.now();
  // History and detectors count with one book, so that one address has one number everywhere, and each line is weighed once.
  const around = { networks, guesses: new GuessBook(networks), entries: new Entries(networks) };
  const history = newHistory(around);
  let names: ReadonlySet<string> | null = null;
  // Made with the first record that asks: a btmp of a guessed host has a hundred thousand of them.
  const isKnown = (account: string) => {
    names ??= new Set(eyes.accounts().map(({ name }) => name));
    return names.has(account);
  };
  const records = new Records(isKnown, question.since);
  const hear = (event: Event) => {
    records.hear(event);
    history.hear(event);
  };
  const way = records.into(pipeline(plugins, around, { since: question.since, hear, pieceEnds: () => around.guesses.pieceEnds() }));
  // The watch over outgoing connections needs its time; it begins now and is asked last.
  void eyes.flows();
  const read = await look(eyes, plugins, way, question, tell);
  const logs = read.sum();
  const span = spanOf(logs, question, history, eyes.now());
  way.event({ kind: 'sweep.done', at: Math.max(eyes.now(), span.to), source: 'tocsin', fields: span });
  noteFaults(way, eyes);
  tell('joining what was found');
  if (history.forgotten > 0)
    eyes.note({
      source: 'log-ins',
      state: 'partial',
      detail: `too many different addresses, names and deeds to keep them all: ${grouped(history.forgotten)} that were tried least, or came last, were forgotten`,
    });
  const given: Given = { eyes, history, networks, since: question.since };
  const findings = way.findings();
  const entries = findings.filter((finding) => finding.role === 'entry' && finding.tells === 'compromise');
  const cases = byWeight(casebook(findings, plugins.probes, given, question.subject).map((draft) => told(draft, plugins.policies, given, entries)));
  const about = question.subject ? aboutSubject(cases, question.subject) : cases;
  const copied = copiedDisk(eyes, logs.to);
  if (copied) eyes.note(copied);
  const verdict = verdictOf(about);
  return {
    version: question.version,
    host: eyes.host.name,
    subject: question.subject,
    looked: question.onlyLogs ? 'logs' : eyes.host.live ? 'machine' : 'disk',
    ...span,
    verdict: verdict === 'clean' && !judged(eyes, logs, span.from) ? 'unknown' : verdict,
    cases: about,
    findings,
    coverage: eyes.coverage(),
    tookMs: eyes.now() - startedAt,
  };
}

/** Of logs alone their own time, so far as it was asked for; of a machine from the first that is known of it to now. */
function spanOf(
  logs: ReturnType<LogBook['sum']>,
  question: Question,
  past: { readonly from: Millis | null; readonly to: Millis | null },
  now: Millis,
): { readonly from: Millis | null; readonly to: Millis } {
  if (!question.onlyLogs) return { from: past.from, to: Math.max(now, past.to ?? now) };
  const to = logs.to ?? now;
  const from = logs.from === null ? null : Math.max(logs.from, question.since ?? logs.from);
  return { from: from !== null && from > to ? null : from, to };
}

/** Some line that somebody understands, of the time that was asked for, or something of a machine: without either "clean" would be a guess. */
function judged(eyes: SlowEyes, logs: ReturnType<LogBook['sum']>, from: Millis | null): boolean {
  return (logs.candidates > 0 && from !== null) || eyes.processes().length > 0 || eyes.accounts().length > 0;
}

async function look(eyes: SlowEyes, plugins: Plugins, way: Pipeline, question: Question, tell: Tell): Promise<LogBook> {
  const wanted = wantedBy(plugins.parsers, question.host ?? null);
  const book = logBook(question.host ?? null, question.onlyLogs);
  const latest = eyes.now() + SKEW_MS;
  const access = new AccessSieve(eyes.accessScanner);
  const queries = new QuerySieve(question.since);
  for (const source of plugins.sources) {
    tell(`looking at ${source.name}`);
    try {
      let lines = 0;
      for await (const reading of source.open(eyes)) {
        lines += take(reading, way, wanted, book, latest, eyes, { access, queries });
        if (lines > 0) tell(`looking at ${source.name}: ${grouped(lines)} lines`);
      }
    } catch (error) {
      eyes.note({ source: source.name, state: 'partial', detail: `reading stopped: ${String(error).slice(0, 300)}` });
    }
  }
  for (const event of queries.told()) way.event(event);
  for (const coverage of book.coverage()) eyes.note(coverage);
  return book;
}

/** Logs whose lines have forms of their own. */
interface OwnForms {
  readonly access: AccessSieve;
  readonly queries: QuerySieve;
}

/** Returns how many lines it read. */
function take(reading: Reading, way: Pipeline, wanted: Wanted, book: LogBook, latest: Millis, { scanner }: SlowEyes, own: OwnForms): number {
  if ('event' in reading) {
    way.event(reading.event);
    return 0;
  }
  if ('lines' in reading) {
    for (const line of reading.lines) way.line(line);
    return reading.lines.length;
  }
  if ('journal' in reading) return takeJournal(reading.journal, way, wanted, book, latest);
  const { chunk } = reading;
  const ordinary = (part: Chunk) => sift(part, wanted, way, scanner);
  const counts =
    chunk.form === 'access' ? own.access.sift(chunk, way) : chunk.form === 'queries' ? own.queries.sift(chunk, ordinary) : ordinary(chunk);
  reading.chunk.counted?.(counts.lines);
  book.add(reading.chunk.source, counts);
  return counts.lines;
}

/** As of text logs, no stamp may lie in the future: an entry's time is the sender's word. */
function takeJournal(
  journal: { readonly source: string; readonly entries: readonly string[] },
  way: Pipeline,
  wanted: Wanted,
  book: LogBook,
  latest: Millis,
): number {
  journal.entries.forEach((text, index) => {
    const line: Line | null = lineOfJournal(text, journal.source, index + 1);
    if (!line || !isHost(line.host, wanted.host)) return;
    if (line.at > latest) book.ahead(journal.source, line.at - latest);
    way.line(line.at > latest ? { ...line, at: latest } : line);
  });
  return journal.entries.length;
}

function noteFaults(way: Pipeline, eyes: SlowEyes): void {
  for (const fault of way.faults())
    eyes.note({ source: fault.plugin, state: 'partial', detail: `it failed ${grouped(fault.times)} times, last: ${fault.says}` });
  if (way.dropped() > 0)
    eyes.note({ source: 'findings', state: 'partial', detail: `${grouped(way.dropped())} findings beyond the bound were not kept` });
}
