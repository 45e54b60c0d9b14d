/** What `tocsin watch` knows from one start to the next: its place in the logs, and who was shut out when. Written whole, beside the old one, and put in its place. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Millis } from '../core/words.ts';

const NAME = 'watch.json';
/** Who came back after a ban stays out longer: as many as that are remembered. */
export const KNOWN_AT_MOST = 50_000;
const BYTES_AT_MOST = 64 << 20;

export interface Kept {
  readonly place: unknown;
  readonly known: readonly { readonly net: string; readonly count: number; readonly at: Millis; readonly untilMs: Millis }[];
}

const NOTHING: Kept = { place: null, known: [] };

/** Nothing where there is none, or it is damaged: then the logs are begun at their end, and nobody was banned before. */
export function kept(directory: string): Kept {
  try {
    const file = path.join(directory, NAME);
    if (fs.statSync(file).size > BYTES_AT_MOST) return NOTHING;
    const data: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof data !== 'object' || data === null || !('known' in data) || !Array.isArray(data.known)) return NOTHING;
    return { place: 'place' in data ? data.place : null, known: data.known.filter(isKnown).slice(-KNOWN_AT_MOST) };
  } catch {
    return NOTHING;
  }
}

function isKnown(one: unknown): one is Kept['known'][number] {
  if (typeof one !== 'object' || one === null) return false;
  const { net, count, at, untilMs } = one as Record<string, unknown>;
  return typeof net === 'string' && [count, at, untilMs].every((number) => Number.isFinite(number));
}

/** Null, or in words why the next start will not know it. */
export function keep(directory: string, what: Kept): string | null {
  const file = path.join(directory, NAME);
  try {
    const text = JSON.stringify({ ...what, known: what.known.slice(-KNOWN_AT_MOST) });
    const fresh = `${file}.new`;
    const fd = fs.openSync(fresh, 'w', 0o600);
    try {
      fs.writeSync(fd, text);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(fresh, file);
    return null;
  } catch (error) {
    return `what was judged cannot be written down (${error instanceof Error ? error.message : String(error)}): after a restart the logs are read from their end; free the disk, or give another directory by --state`;
  }
}
