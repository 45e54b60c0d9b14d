/**
 * The seed of all that is drawn in a run of the tests. TOCSIN_SEED sets it. `npm test` draws it from the committed tree, so that each
 * state of the project is tried with dressings of its own and fails or passes the same everywhere; without either it is drawn anew.
 */

import { randomInt } from 'node:crypto';
import fc from 'fast-check';

export const seedOfRun = Number(process.env['TOCSIN_SEED'] ?? randomInt(1, 1_000_000));

fc.configureGlobal({ seed: seedOfRun });
