/** Queries for large answers that forged senders are to receive: `IN ANY` by the thousand. */

import type { Detector } from '../core/contracts.ts';
import { toldFlood } from '../core/query-flood.ts';

export const amplificationFlood: Detector = {
  name: 'amplification-flood',
  about: 'Finds domains that are asked for by types with large answers (ANY, RRSIG, and TXT or DNSKEY without end).',
  cannotSee: 'how large the answers were and whether they were given: a query log has the questions only.',
  attack: ['T1498.002'],
  tells: 'attack',
  role: 'effect',
  start: () => ({ 'dns.queries': (event) => toldFlood(event, 'amplification') }),
};
