/** The kernel's own cry that the connection table is full: DNS1 fell silent with it. */

import type { Detector } from '../core/contracts.ts';
import { evidenceOfLine } from '../core/quotes.ts';
import { counted, lasted } from '../core/text.ts';
import { Timeline } from '../core/timeline.ts';
import { Sample } from '../core/window.ts';
import type { Evidence, FindingDraft, Millis } from '../core/words.ts';

const EVIDENCES = 50;
/** The ring holds the same messages that a log has; its stamps, made from the uptime, may differ by a few seconds. */
const RING = '/dev/kmsg';
const SAME_MS = 10_000;

interface Told {
  readonly times: Timeline;
  readonly evidence: Sample<Evidence>;
}

export const conntrackFull: Detector = {
  name: 'conntrack-full',
  about: 'Finds kernel messages that say that the connection-tracking table was full and packets were dropped.',
  cannotSee: 'how many packets were dropped: the kernel leaves out most of these messages; and who filled the table.',
  attack: ['T1498'],
  tells: 'oddity',
  role: 'effect',
  start() {
    const logs: Told = { times: new Timeline(), evidence: new Sample(EVIDENCES) };
    const ring: Told = { times: new Timeline(), evidence: new Sample(EVIDENCES) };
    return {
      'kernel.conntrack-full': (event) => {
        const { times, evidence } = event.source === RING ? ring : logs;
        times.add(event.at, event.fields.times);
        evidence.add(evidenceOfLine(event));
        return null;
      },
      'sweep.done': () => told(logs, ring),
    };
  },
};

/** From the ring only what is newer than the logs, so that nothing is counted twice. */
function told(logs: Told, ring: Told): FindingDraft | null {
  const known: Millis = logs.times.total > 0 ? logs.times.last + SAME_MS : Number.NEGATIVE_INFINITY;
  const newer = ring.times.between(known, Number.POSITIVE_INFINITY);
  const times = logs.times.total + newer;
  if (times === 0) return null;
  const from = logs.times.total > 0 ? logs.times.first : ring.times.first;
  const to = newer > 0 ? ring.times.last : logs.times.last;
  const fromRing = ring.evidence.all().filter((line) => (line.at ?? 0) > known);
  return {
    key: 'table',
    at: from,
    from,
    to,
    severity: 'medium',
    confidence: 'strong',
    says: `the connection-tracking table was full and packets were dropped: ${counted(times, 'kernel message')}${times > 1 ? ` within ${lasted(to - from)}` : ''}`,
    culprit: [],
    victim: [],
    evidence: [...logs.evidence.all(), ...fromRing].slice(0, EVIDENCES),
    seen: times,
    figures: { times, spanMs: to - from },
  };
}
