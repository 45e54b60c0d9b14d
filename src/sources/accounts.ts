/** Accounts with their groups, shells, password states and powers. */

import type { Source } from '../core/contracts.ts';

export const accounts: Source = {
  name: 'accounts',
  about: 'Reads accounts, groups, password states and who may become root.',
  cannotSee: 'accounts of LDAP, NIS or other directories.',
  open: (eyes) => eyes.accounts().map((fields) => ({ event: { kind: 'account.seen', at: eyes.now(), source: 'accounts', fields } })),
};
