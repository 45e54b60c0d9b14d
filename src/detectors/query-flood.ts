/** Queries for the same few names in such numbers that no cache can stand before them. */

import type { Detector } from '../core/contracts.ts';
import { toldFlood } from '../core/query-flood.ts';

export const queryFlood: Detector = {
  name: 'query-flood',
  about: 'Finds domains whose few names are asked for over and over, far beyond the rest of the query log and of their own other hours.',
  cannotSee: 'floods for a name that is always the most popular one, and a program of your own without a cache, which looks the same.',
  attack: ['T1498.001'],
  tells: 'attack',
  role: 'effect',
  start: () => ({ 'dns.queries': (event) => toldFlood(event, 'repeated') }),
};
