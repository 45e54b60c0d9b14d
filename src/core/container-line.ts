/** What container engines put around each line of a program: Docker's json-file driver, and the names that `docker compose logs` writes before it. */

import { isoTime, type Stamp } from './access-time.ts';

export interface Contained {
  readonly line: string;
  /** When the engine read it; null = the engine wrote none. */
  readonly stamp: Stamp | null;
}

const COMPOSE = /^[\w.-]{1,80} {1,40}\| /;

/** Null = nothing is around it. A container's own lines may hold anything, another such frame too: only the outer one is taken off. */
export function contained(raw: string): Contained | null {
  if (raw.startsWith('{"log":"')) return ofDocker(raw);
  const name = COMPOSE.exec(raw.slice(0, 130))?.[0];
  return name === undefined ? null : { line: raw.slice(name.length), stamp: null };
}

function ofDocker(raw: string): Contained | null {
  try {
    const read: unknown = JSON.parse(raw);
    if (typeof read !== 'object' || read === null || !('log' in read) || !('stream' in read) || typeof read.log !== 'string') return null;
    const stamp = 'time' in read && typeof read.time === 'string' ? isoTime(read.time) : null;
    return { line: read.log.replace(/[\r\n]+$/, ''), stamp };
  } catch {
    return null;
  }
}
