/** How full the connection-tracking table is, how fast it fills, and when it will be full: the warning that DNS1 did not have. */

import type { Detector } from '../core/contracts.ts';
import { counted, grouped, lasted } from '../core/text.ts';
import type { ConntrackLevel, FindingDraft, Severity } from '../core/words.ts';

/** Above this the next burst is lost. */
const NEARLY_FULL_PERCENT = 90;
/** Honest busy hosts are sized to stay below. */
const HIGH_PERCENT = 70;
/** Below this a rising level is an ordinary morning. */
const RISING_PERCENT = 25;
/** Too short for a person to do anything before it is full. */
const SOON_SECONDS = 600;
const WITHIN_REACH_SECONDS = 3_600;

export const conntrackFilling: Detector = {
  name: 'conntrack-filling',
  about: 'Finds a connection-tracking table that is nearly full, or that will be within the hour.',
  cannotSee: 'tables of other network namespaces, and a slope that is not the same a minute later.',
  attack: ['T1498'],
  tells: 'oddity',
  role: 'effect',
  start() {
    return { 'conntrack.level': ({ fields }) => told(fields) };
  },
};

interface Slope {
  readonly perSecond: number;
  readonly secondsToFull: number;
}

/** Null when it does not rise or was read only once. */
function slopeOf({ at, used, max, before }: ConntrackLevel): Slope | null {
  if (!before || at <= before.at || used <= before.used) return null;
  const perSecond = (used - before.used) / ((at - before.at) / 1000);
  return { perSecond: Math.round(perSecond * 10) / 10, secondsToFull: Math.max(0, Math.round((max - used) / perSecond)) };
}

function severityOf(percent: number, slope: Slope | null): Severity | null {
  const seconds = percent >= RISING_PERCENT && slope ? slope.secondsToFull : Number.POSITIVE_INFINITY;
  if (percent >= NEARLY_FULL_PERCENT || seconds < SOON_SECONDS) return 'high';
  return percent >= HIGH_PERCENT || seconds < WITHIN_REACH_SECONDS ? 'medium' : null;
}

function told(level: ConntrackLevel): FindingDraft | null {
  const { at, used, max, drop, before } = level;
  if (max <= 0) return null;
  const percent = Math.floor((used * 100) / max);
  const slope = slopeOf(level);
  const severity = severityOf(percent, slope);
  if (!severity) return null;
  const rising = slope
    ? `, rises by ${grouped(Math.round(slope.perSecond))} a second and ${slope.secondsToFull < 2 ? 'is as good as full' : `will be full in ${lasted(slope.secondsToFull * 1000)}`}`
    : '';
  return {
    key: 'table',
    at,
    from: before?.at ?? at,
    to: at,
    severity,
    confidence: 'strong',
    says: `the connection-tracking table is ${percent} % full (${grouped(used)} of ${grouped(max)})${rising}${drop > 0 ? `; ${counted(drop, 'packet was', 'packets were')} dropped since boot` : ''}`,
    culprit: [],
    victim: [],
    evidence: [
      {
        source: 'conntrack',
        path: '/proc/sys/net/netfilter/nf_conntrack_count',
        at,
        says: `${used} of ${max}${before ? `, ${before.used} before` : ''}`,
      },
    ],
    seen: 1,
    figures: { used, max, percent, drop, ...(slope ?? {}) },
  };
}
