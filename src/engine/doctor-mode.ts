/** Which mode Tocsin is in, or would start in, and what that makes of a trouble with banning. Pure. */

import type { Standing } from '../core/standing.ts';

/** As what watches now was told, else as the next start would be. */
export function modeOf({ brain, setMode }: Standing): 'observe' | 'act' {
  if (brain.running > 0) return brain.acts ? 'act' : 'observe';
  return setMode === 'act' ? 'act' : 'observe';
}

/** What keeps bans from working is a fault where it is to ban, and a warning where it only tells. */
export function grave(standing: Standing): 'warning' | 'fault' {
  return modeOf(standing) === 'act' ? 'fault' : 'warning';
}
