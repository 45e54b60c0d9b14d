/** Can a check hold at all when some fields never occur? */

import type { Check } from './rule.ts';

/** Errs to yes: what is negated may always hold. */
export function isPossible(check: Check, missing: ReadonlySet<string>): boolean {
  switch (check.is) {
    case 'and':
      return check.of.every((one) => isPossible(one, missing));
    case 'or':
      return check.of.some((one) => isPossible(one, missing));
    case 'atLeast':
      return check.of.filter((one) => isPossible(one, missing)).length >= check.times;
    case 'not':
    case 'words':
      return true;
    case 'field':
      return !missing.has(check.asked.field) || check.tests.some((test) => test.by === 'null' || (test.by === 'exists' && !test.value));
  }
}
