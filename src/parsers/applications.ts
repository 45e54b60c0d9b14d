/** Reads what applications nobody wrote a parser for say of refused log-ins, in the words that all of them use; only for lines that name no program. */

import type { Parser } from '../core/contracts.ts';
import { loginSaid } from '../core/login-words.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { refused } from '../core/refused.ts';

export const patterns: readonly Pattern[] = [
  {
    name: 'refused-in-words',
    begins: [''],
    read(message, _at, { pid }) {
      const { ip, account, outcome } = loginSaid(message);
      return ip !== null && outcome === 'failure' ? refused('application', { ip, account: account ?? undefined }, pid) : null;
    },
  },
];

export const applications: Parser = {
  name: 'applications',
  about: 'Reads lines of applications without a parser of their own about refused log-ins, by the words and keys that they have in common.',
  cannotSee: 'Other languages, host names in the place of addresses, and lines with two addresses of which it is not said whose is which.',
  programs: ['application'],
  needles: ['ogin', 'LOGIN', 'ogon', 'uth', 'AUTH', 'assword', 'redential', 'ign', 'oken', 'ser '],
  parse: firstOf(patterns),
};
