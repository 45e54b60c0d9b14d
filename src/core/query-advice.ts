/** What a person can do about a flood of queries: what helps depends on its kind, and banning forged senders helps nobody. */

import { listed } from './text.ts';
import type { Finding } from './words.ts';

const LIMIT = 'rate-limit { responses-per-second 5; errors-per-second 0; }';

/** A sentence each, in the order in which they are to be done. */
export function queryAdvice(findings: readonly Finding[]): string[] {
  const of = (detector: string) =>
    findings
      .filter((finding) => finding.detector === detector && !finding.explained)
      .flatMap(({ culprit }) => culprit.flatMap((entity) => (entity.is === 'domain' ? [entity.name] : [])));
  const large = of('amplification-flood');
  const random = of('random-label-flood');
  const all = [...large, ...random, ...of('query-flood')];
  if (all.length === 0) return [];
  return [
    'Let the name server recurse for your own networks only (BIND: allow-recursion and allow-query-cache), if strangers may ask it for names that are not yours: that ends the cause.',
    // Measured: without errors-per-second 0, a limit takes away BIND's memory of failures, and the load upstream grows twentyfold.
    `Limit what remains (BIND: ${LIMIT}${large.length > 0 ? ' minimal-any yes; max-udp-size 1232;' : ''}); with errors above 0 the limit sends more upstream than the flood.`,
    `Answer ${listed(all)} locally (a response policy zone) only where you know that nobody of yours needs ${all.length === 1 ? 'it' : 'them'}; a real domain is not to be silenced.`,
    'Do not ban the addresses that seem to ask: by UDP their senders may be forged, and a ban cuts off the victim.',
  ];
}
