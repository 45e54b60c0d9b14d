/** Regular expressions of rules (`re`), run by the house's own engine so that no line can stall it. */

import { compile, RegexError } from '../../regex/pattern.ts';
import type { Test } from './rule.ts';
import { Unusable } from './rule.ts';

export function regexTest(source: string, modifiers: readonly string[], line: number): Test {
  const odd = modifiers.find((modifier) => !['re', 'i', 'm', 's', 'all', 'neq', 'contains', 'cased', 'expand'].includes(modifier));
  if (odd !== undefined) throw new Unusable(`the modifier “${odd}” cannot be used with “re”`, line);
  const has = (flag: string) => modifiers.includes(flag);
  try {
    const pattern = compile(source, { pcre: true, ignoreCase: has('i'), multiline: has('m'), dotAll: has('s') });
    const found = (text: string) => {
      const match = pattern.search(text);
      return match === 'over-budget' ? match : match !== null;
    };
    return { by: 'regex', source, needles: pattern.needles, found };
  } catch (error) {
    if (error instanceof RegexError)
      throw new Unusable(`the regular expression cannot be used: ${error.message} (at character ${error.at + 1})`, line);
    throw error;
  }
}
