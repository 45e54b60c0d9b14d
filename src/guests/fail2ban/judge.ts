/** From what the groups captured to who it was: address, network, name or another mark of the stranger. */

import { canonicalAddress } from './address.ts';
import { type Captures, isFilled, textOf } from './captures.ts';
import { type FilterHit, type PatternAt, shownCaptures } from './hit.ts';
import type { Failure } from './mlf.ts';

export interface Who {
  readonly ip: string | null;
  readonly host: string | null;
  readonly id: string | null;
}

const NOBODY: Who = { ip: null, host: null, id: null };

/** Names are not resolved: a log line must not make us ask the network. */
export function whoIn(fields: Captures): Who {
  const mark = textOf(fields.get('fid'));
  const numeric = textOf(fields.get('ip4')) ?? textOf(fields.get('ip6'));
  const name = numeric === null ? textOf(fields.get('dns')) : null;
  const written = numeric ?? name;
  if (written === null) return mark === null ? NOBODY : { ip: canonicalAddress(mark), host: null, id: canonicalAddress(mark) ?? mark };
  const ip = canonicalAddress(written);
  const network = isFilled(fields.get('cidr')) ? canonicalAddress(written, Number(textOf(fields.get('cidr')))) : ip;
  const id = mark === null || mark === written ? (network ?? written) : mark;
  return { ip, host: ip === null ? written : null, id };
}

export interface Circumstances {
  readonly filter: string;
  readonly at: number | null;
  readonly pattern: PatternAt;
  readonly ignored: boolean;
  readonly waits: boolean;
}

export function hitOf(failure: Failure, { filter, at, pattern, ignored, waits }: Circumstances): FilterHit {
  const { fields, users, lines } = failure;
  const { ip, host, id } = whoIn(fields);
  // Written out: this is done for each line of a flood.
  return {
    filter,
    at,
    pattern,
    ignored,
    waits,
    ip,
    host,
    id,
    user: textOf(fields.get('user')),
    users: users.size === 0 ? [] : [...users],
    attempts: lines,
    captures: shownCaptures(fields),
  };
}
