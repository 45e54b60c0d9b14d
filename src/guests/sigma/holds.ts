/** Does an event pass the checks of a rule? */

import type { SigmaEvent, Value } from './event.ts';
import { dateParts, timeOf } from './event-time.ts';
import type { Asked, Check, Comparison, Test, Where } from './rule.ts';
import { folded } from './wildcard.ts';

export function holds(check: Check, event: SigmaEvent): boolean {
  switch (check.is) {
    case 'and':
      return check.of.every((one) => holds(one, event));
    case 'or':
      return check.of.some((one) => holds(one, event));
    case 'not':
      return !holds(check.of, event);
    case 'atLeast':
      return check.of.filter((one) => holds(one, event)).length >= check.times;
    case 'field':
      return check.tests.some((test) => fieldHolds(check.asked, test, event));
    case 'words':
      return check.tests.some((test) => wordHolds(test, event));
  }
}

function fieldHolds(asked: Asked, test: Test, event: SigmaEvent): boolean {
  if (test.by === 'text' && !test.pattern.cased) return event.foldedValues(asked).some(test.pattern.matches);
  const values = event.values(asked);
  if (test.by === 'exists') return (values !== null) === test.value;
  if (test.by === 'null') return values === null || values.every((value) => value === null);
  if (values === null) return false;
  if (test.by === 'field') return sameField(values, test, event);
  return values.some((value) => value !== null && valueHolds(test, value, event));
}

function wordHolds(test: Test, event: SigmaEvent): boolean {
  if (test.by === 'text' && !test.pattern.cased) return event.foldedWords().some(test.pattern.matches);
  return event.words().some((word) => valueHolds(test, word, event));
}

function valueHolds(test: Test, value: Exclude<Value, null>, event: SigmaEvent): boolean {
  switch (test.by) {
    case 'text':
      return test.pattern.matches(test.pattern.cased ? String(value) : folded(String(value)));
    case 'number':
      return numberIn(value) === test.value;
    case 'truth':
      return String(value).toLowerCase() === String(test.value);
    case 'regex': {
      const found = test.found(String(value));
      if (found === 'over-budget') event.blind.add(test.source);
      return found === true;
    }
    case 'network':
      return test.holds(String(value));
    case 'compare': {
      const seen = test.part === null ? numberIn(value) : partIn(value, test.part);
      return seen !== null && compares(seen, test.than, test.value);
    }
    case 'part':
      return partIn(value, test.part) === test.value;
    default:
      return false;
  }
}

/** Logs write numbers as numbers or as text, `0x1f` included. */
export function numberIn(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 40 || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function partIn(value: Value, part: keyof ReturnType<typeof dateParts>): number | null {
  const at = timeOf(value);
  return at === null ? null : dateParts(at)[part];
}

function compares(seen: number, than: Comparison, limit: number): boolean {
  if (than === 'lt') return seen < limit;
  if (than === 'lte') return seen <= limit;
  return than === 'gt' ? seen > limit : seen >= limit;
}

function sameField(values: readonly Value[], test: Test & { readonly by: 'field' }, event: SigmaEvent): boolean {
  const others = event.values(test.other);
  if (others === null) return false;
  const text = (value: Value) => (test.cased ? String(value) : folded(String(value)));
  return values.some((value) => value !== null && others.some((other) => other !== null && stands(text(value), test.where, text(other))));
}

function stands(value: string, where: Where, other: string): boolean {
  if (where === 'equals') return value === other;
  if (where === 'contains') return value.includes(other);
  return where === 'startswith' ? value.startsWith(other) : value.endsWith(other);
}
