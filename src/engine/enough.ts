/** How many refused tries are enough to shut somebody out, from which net, and in which words. */

import { GUESSING_SPAN_MS, type Guesser, TRIES_OF_A_GUESSER, TRIES_OF_A_SLOW_GUESSER, type Trail } from '../core/guessing.ts';
import { byServers } from '../core/service-kind.ts';
import { DAY_MS } from '../core/spans.ts';
import { counted, lasted, named } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import type { Networks } from '../core/world.ts';

const NAMES_SAID = 3;

/** Tries since the last decision that are enough for the next one; 0 where they are not. */
export function enough({ tries }: Trail, since: Millis): number {
  const { last } = tries;
  const quick = tries.between(Math.max(since, last - GUESSING_SPAN_MS), last);
  if (quick >= TRIES_OF_A_GUESSER) return quick;
  const slow = tries.between(Math.max(since, last - DAY_MS), last);
  return slow >= TRIES_OF_A_SLOW_GUESSER ? slow : 0;
}

function spanOf({ tries }: Guesser, failures: number): Millis {
  return tries.last - tries.first <= GUESSING_SPAN_MS || failures < TRIES_OF_A_SLOW_GUESSER
    ? Math.min(tries.last - tries.first, GUESSING_SPAN_MS)
    : Math.min(tries.last - tries.first, DAY_MS);
}

function onNames(names: readonly string[]): string {
  if (names.length === 0) return '';
  return ` on ${counted(names.length, 'account name')} (${names.slice(0, NAMES_SAID).map(named).join(', ')}${names.length > NAMES_SAID ? ', …' : ''})`;
}

/** One customer has a whole /64 (RFC 6177): shutting out one address of it would be no answer. */
export function netFor(ip: string, networks: Networks): string {
  return ip.includes(':') ? networks.networkOf(ip) : ip;
}

/** `203.0.113.9 was refused 7 times within 3 s on 1 account name (root)`. */
export function refusedWords(guesser: Guesser, failures: number, names: readonly string[]): string {
  return `${named(guesser.ip)} was refused ${counted(failures, 'time')}${byServers(guesser.kinds)} within ${lasted(spanOf(guesser, failures))}${onNames(names)}`;
}
