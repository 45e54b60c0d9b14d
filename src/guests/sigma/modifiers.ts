/** What stands behind a field's `|`: how each modifier changes a value, until it is a test. Unknown ones are refused by name. */

import { base64Forms, type Chars, encodedText } from './encoded-value.ts';
import { networkTest } from './network.ts';
import { regexTest } from './regex-test.ts';
import type { Asked, Comparison, DatePart, Test, Where } from './rule.ts';
import { Unusable } from './rule.ts';
import type { TreeScalar } from './tree.ts';
import { ANY, type Token, tokensOf, wildcard, withDashes } from './wildcard.ts';

/** One group of tests for each value, of which one must hold; with `all`, one of every group. */
export interface Tests {
  readonly groups: readonly (readonly Test[])[];
  readonly all: boolean;
  readonly negated: boolean;
}

/** What a modifier may ask of the rule around it. */
export interface Around {
  readonly line: number;
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
  readonly ask: (field: string) => Asked;
}

const PARTS: readonly string[] = ['minute', 'hour', 'day', 'week', 'month', 'year'] satisfies DatePart[];
const COMPARISONS: readonly string[] = ['lt', 'lte', 'gt', 'gte'] satisfies Comparison[];
const WHERE: readonly string[] = ['contains', 'startswith', 'endswith'] satisfies Where[];
const REGEX_FLAGS: readonly string[] = ['i', 'm', 's'];
const ENCODINGS: readonly string[] = ['utf16le', 'utf16be', 'utf16', 'wide', 'base64', 'base64offset'];
const OTHERS: readonly string[] = ['all', 're', 'cased', 'windash', 'cidr', 'exists', 'fieldref', 'expand', 'neq'];
const KNOWN: ReadonlySet<string> = new Set([...PARTS, ...COMPARISONS, ...WHERE, ...REGEX_FLAGS, ...ENCODINGS, ...OTHERS]);
/** One of these says what kind of test it is; the others of them cannot stand beside it. */
const KINDS: readonly string[] = ['re', 'cidr', 'exists', 'fieldref'];
const TEXTS_AT_MOST = 10_000;
const PLACEHOLDER = /%([^%\s]{1,100})%/;

export function testsOf(values: readonly TreeScalar[], modifiers: readonly string[], around: Around): Tests {
  checked(modifiers, around.line);
  const groups = values.map((value) => testsOfOne(value, modifiers, { ...around, line: value.line }));
  if (groups.length === 0) throw new Unusable('a field without any value', around.line);
  return { groups, all: modifiers.includes('all'), negated: modifiers.includes('neq') };
}

function checked(modifiers: readonly string[], line: number): void {
  const unknown = modifiers.find((modifier) => !KNOWN.has(modifier));
  if (unknown !== undefined) throw new Unusable(`the modifier “${unknown}” is not known`, line);
  const flag = modifiers.find((modifier) => REGEX_FLAGS.includes(modifier));
  if (flag !== undefined && !modifiers.includes('re')) throw new Unusable(`the modifier “${flag}” belongs behind “re”`, line);
  const kinds = modifiers.filter((modifier) => KINDS.includes(modifier) || COMPARISONS.includes(modifier));
  if (kinds.length > 1) throw new Unusable(`the modifiers “${kinds.join('” and “')}” cannot be used together`, line);
}

function testsOfOne(value: TreeScalar, modifiers: readonly string[], around: Around): Test[] {
  const has = (modifier: string) => modifiers.includes(modifier);
  if (has('exists')) return [existsTest(value)];
  const compare = modifiers.find((modifier) => COMPARISONS.includes(modifier) || PARTS.includes(modifier));
  if (compare !== undefined) return [numberTest(value, modifiers)];
  if (value.value === null) {
    if (modifiers.some((modifier) => modifier !== 'all' && modifier !== 'neq' && modifier !== 'cased'))
      throw new Unusable(`the modifier “${modifiers[0]}” has no value to work on (null)`, value.line);
    return [{ by: 'null' }];
  }
  if (has('fieldref')) return [fieldTest(value, modifiers, around)];
  const texts = has('expand') ? expanded(value, around) : [value.text];
  if (has('cidr')) return texts.map((text) => networkTest(text, value.line));
  if (has('re')) return texts.map((text) => regexTest(text, modifiers, value.line));
  const plain = modifiers.every((modifier) => modifier === 'all' || modifier === 'neq' || modifier === 'cased');
  if (plain && typeof value.value === 'boolean') return [{ by: 'truth', value: value.value }];
  if (plain && typeof value.value === 'number') return [{ by: 'number', value: value.value }];
  return texts.flatMap((text) => textTests(text, modifiers, value.line));
}

function existsTest({ value, text, line }: TreeScalar): Test {
  const low = text.toLowerCase();
  if (typeof value === 'boolean') return { by: 'exists', value };
  if (low === 'yes' || low === 'true' || low === 'no' || low === 'false') return { by: 'exists', value: low === 'yes' || low === 'true' };
  throw new Unusable('“exists” wants true or false', line);
}

function numberTest({ text, value, line }: TreeScalar, modifiers: readonly string[]): Test {
  const number = typeof value === 'number' ? value : text.trim() === '' ? Number.NaN : Number(text);
  const stray = modifiers.find((modifier) => ![...PARTS, ...COMPARISONS, 'all', 'neq'].includes(modifier));
  if (stray !== undefined) throw new Unusable(`the modifier “${stray}” cannot be used on a number`, line);
  if (!Number.isFinite(number)) throw new Unusable(`“${modifiers.join('|')}” wants a number, not “${text.slice(0, 40)}”`, line);
  // Both lists hold nothing else than the members of these types.
  const part = (modifiers.find((modifier) => PARTS.includes(modifier)) ?? null) as DatePart | null;
  const than = modifiers.find((modifier) => COMPARISONS.includes(modifier)) as Comparison | undefined;
  if (than !== undefined) return { by: 'compare', than, value: number, part };
  return { by: 'part', value: number, part: part ?? 'hour' };
}

function fieldTest({ text, line }: TreeScalar, modifiers: readonly string[], around: Around): Test {
  const stray = modifiers.find((modifier) => !['fieldref', 'all', 'neq', 'cased', ...WHERE].includes(modifier));
  if (stray !== undefined) throw new Unusable(`the modifier “${stray}” cannot be used with “fieldref”`, line);
  // WHERE holds nothing else than the members of this type.
  const where = (modifiers.find((modifier) => WHERE.includes(modifier)) ?? 'equals') as Where;
  return { by: 'field', other: around.ask(text), where, cased: modifiers.includes('cased') };
}

/** `%name%` is replaced by each of the values that were given for that name. */
function expanded({ text, line }: TreeScalar, around: Around): string[] {
  let ready: string[] = [text];
  for (let round = 0; round < 20; round++) {
    const name = PLACEHOLDER.exec(ready[0] ?? '')?.[1];
    if (name === undefined) return ready;
    const values = around.placeholders.get(name);
    if (values === undefined) throw new Unusable(`the placeholder %${name}% was not given any values`, line);
    ready = ready.flatMap((one) => values.map((value) => one.replaceAll(`%${name}%`, () => value)));
    if (ready.length === 0) throw new Unusable(`the placeholder %${name}% was given an empty list`, line);
    if (ready.length > TEXTS_AT_MOST) throw new Unusable(`the placeholders make more than ${TEXTS_AT_MOST} texts`, line);
  }
  throw new Unusable('the placeholders name one another', line);
}

/** Modifiers work in the order in which they stand: `wide|base64offset|contains`. */
function textTests(text: string, modifiers: readonly string[], line: number): Test[] {
  let forms: Chars[] = [{ tokens: tokensOf(text), encoding: 'utf8' }];
  for (const modifier of modifiers) {
    if (modifier === 'windash') forms = forms.map((form) => ({ ...form, tokens: withDashes(form.tokens) }));
    else if (modifier === 'base64' || modifier === 'base64offset') forms = forms.flatMap((form) => base64Forms(form, modifier, line));
    else if (modifier === 'wide' || modifier === 'utf16le') forms = forms.map((form) => ({ ...form, encoding: 'utf16le' }));
    else if (modifier === 'utf16be' || modifier === 'utf16') forms = forms.map((form) => ({ ...form, encoding: modifier }));
    else if (WHERE.includes(modifier)) forms = forms.map((form) => ({ ...form, tokens: opened(form.tokens, modifier) }));
  }
  return forms.map((form) => ({ by: 'text', pattern: wildcard(encodedText(form), modifiers.includes('cased')) }));
}

function opened(tokens: readonly Token[], modifier: string): Token[] {
  return [...(modifier === 'startswith' ? [] : [ANY]), ...tokens, ...(modifier === 'endswith' ? [] : [ANY])];
}

/** Bare words stand anywhere in the log line. */
export function wordTests(values: readonly TreeScalar[], modifiers: readonly string[], around: Around): Tests {
  const anywhere = modifiers.some((modifier) => WHERE.includes(modifier) || modifier === 're' || modifier === 'cidr');
  const texts = values.map((value): TreeScalar => ({ ...value, value: value.text }));
  const odd = modifiers.find((modifier) => ['exists', 'fieldref', ...PARTS, ...COMPARISONS].includes(modifier));
  if (odd !== undefined) throw new Unusable(`the modifier “${odd}” needs a field`, around.line);
  return testsOf(texts, anywhere ? modifiers : [...modifiers, 'contains'], around);
}
