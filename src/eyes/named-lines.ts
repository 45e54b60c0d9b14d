/** Log files, standard input and typed lines as chunks, for questions about lines: nothing of the machine is looked at but its time zone. */

import { UserError } from '../core/errors.ts';
import type { Coverage, Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';
import { Disk } from './disk.ts';
import { LogChunk } from './log-chunk.ts';
import { clockOf } from './log-clock.ts';
import { namedLogs } from './log-files.ts';
import { zoneOf } from './zone.ts';

export interface NamedLines {
  /** Throws UserError where the file cannot be read. */
  /** `tell` hears of what could not be read of it. */
  chunks(file: string, tell?: (says: string) => void): AsyncIterable<Chunk>;
  typed(lines: readonly string[]): Chunk;
  toUtc(localMs: Millis): Millis;
}

/** A day of slack: stamps of another zone are ahead of ours. */
const TYPED = { path: '-', number: null, date: null, packed: false } as const;

export function namedLines(year: number | null, zone: string | null): NamedLines {
  const disk = new Disk('');
  const { toUtc } = zoneOf(disk, () => {}, zone);
  const now = Date.now();
  return {
    toUtc,
    async *chunks(file, tell) {
      const troubles: Coverage[] = [];
      const note = (coverage: Coverage) => void troubles.push(coverage);
      yield* namedLogs([file], { disk, toUtc, now, since: null, year, note });
      const bad = troubles.find((one) => one.state === 'unreadable');
      if (bad) throw new UserError(`${file} cannot be read: ${bad.detail}`, 'Check the file; logs are often for root and group adm only.');
      for (const one of troubles) if (one.state === 'partial') tell?.(`${file} could be read only in part: ${one.detail}`);
    },
    typed(lines) {
      // As the chunks of files have it: the bytes, each as one character.
      const bytes = Buffer.from(lines.join('\n'), 'utf8');
      const text = bytes.toString('latin1');
      const bound = year === null ? now : toUtc(Date.UTC(year, 11, 31));
      const clock = clockOf(text, { ...TYPED, bound }, toUtc, { latest: Number.POSITIVE_INFINITY, received: now }, disk);
      return new LogChunk('typed', 1, bytes, clock, new Set());
    },
  };
}
