/** Points in time as people type them: `2026-03-03`, `2026-03-03T09:40:00Z`, `2h`, `3 days`, `yesterday`. */

import { UserError } from '../core/errors.ts';
import type { Millis } from '../core/words.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Without a zone a time is UTC, as in all reports. Throws UserError. */
export function momentOf(text: string, now: Millis): Millis {
  const ago = /^(\d{1,6})\s*(s|m|min|h|d|w|seconds?|minutes?|hours?|days?|weeks?)(?:\s+ago)?$/.exec(text.trim());
  if (ago) return now - Number(ago[1]) * (UNITS_MS[ago[2]?.[0] ?? ''] ?? 0);
  const today = Math.floor(now / 86_400_000) * 86_400_000;
  if (text === 'today') return today;
  if (text === 'yesterday') return today - 86_400_000;
  const iso = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text);
  const at = iso
    ? Date.parse(/Z|[+-]\d\d:?\d\d$/.test(text.slice(10)) || text.length === 10 ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`)
    : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new UserError(`"${text}" is no time`, 'Give it like 2026-03-03, 2026-03-03T09:40:00Z, 90m, 12h, 3d or yesterday.');
}
