/** Queries for made-up names below one domain, each new, so that every one goes to its name servers. */

import type { Detector } from '../core/contracts.ts';
import { toldFlood } from '../core/query-flood.ts';

export const randomLabelFlood: Detector = {
  name: 'random-label-flood',
  about: 'Finds domains below which ever new names are asked for, as floods against their name servers do.',
  cannotSee: 'floods that are few beside the ordinary queries of the same domain; a tunnel or look-ups by hash from many places look the same.',
  attack: ['T1499.002'],
  tells: 'attack',
  role: 'effect',
  start: () => ({ 'dns.queries': (event) => toldFlood(event, 'random-labels') }),
};
