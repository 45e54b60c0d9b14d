/** Log files through the eyes, the sieve and all detectors, without the rest of a machine. */

import { expect } from 'vitest';
import { Entries } from '../src/core/entries.ts';
import { GuessBook } from '../src/core/guess-book.ts';
import type { Coverage, Event, Finding } from '../src/core/words.ts';
import type { History } from '../src/core/world.ts';
import { history } from '../src/engine/history.ts';
import { logBook } from '../src/engine/log-book.ts';
import { pipeline } from '../src/engine/pipeline.ts';
import { sift } from '../src/engine/sieve.ts';
import { wantedBy } from '../src/engine/wanted.ts';
import { Disk } from '../src/eyes/disk.ts';
import { namedLogs } from '../src/eyes/log-files.ts';
import { networks } from '../src/eyes/networks.ts';
import { plainScanner } from '../src/eyes/scanner.ts';
import { detectors, parsers } from '../src/registry.ts';

const NOW = Date.UTC(2026, 5, 1);
const wanted = wantedBy(parsers);

export interface Seen {
  /** Refused tries by address, as the history has them. */
  readonly tries: Record<string, number>;
  readonly past: History;
  readonly findings: readonly Finding[];
  readonly coverage: readonly Coverage[];
}

export async function look(files: readonly string[], year: number | null = null): Promise<Seen> {
  const coverage: Coverage[] = [];
  const nets = networks([]);
  const around = { networks: nets, guesses: new GuessBook(nets), entries: new Entries(nets) };
  const past = history(around);
  const way = pipeline({ parsers, detectors }, around, { since: null, hear: (event: Event) => past.hear(event) });
  const book = logBook();
  const question = {
    disk: new Disk('/'),
    toUtc: (local: number) => local,
    now: NOW,
    since: null,
    year,
    note: (one: Coverage) => void coverage.push(one),
  };
  for await (const chunk of namedLogs(files, question)) {
    book.add(chunk.source, sift(chunk, wanted, way, plainScanner()));
  }
  way.event({ kind: 'sweep.done', at: NOW, source: 'tocsin', fields: { from: past.from, to: NOW } });
  expect(way.faults()).toEqual([]);
  const tries: Record<string, number> = {};
  for (const { ip, times } of past.guesses({})) tries[ip] = (tries[ip] ?? 0) + times;
  return { tries, past, findings: way.findings(), coverage: [...coverage, ...book.coverage()] };
}

export function guessersIn(seen: Seen): Record<string, unknown> {
  const found = seen.findings.filter((finding) => finding.detector === 'password-guessing');
  return Object.fromEntries(found.map((finding) => [finding.key.replace('address ', ''), finding.figures?.['failures']]));
}

export function entriesIn(seen: Seen): string[] {
  return seen.findings.filter((finding) => finding.detector === 'entry-after-guessing').map((finding) => finding.key);
}
