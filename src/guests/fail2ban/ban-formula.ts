/** How long the next ban of an address lasts that was banned before: fail2ban's `bantime.increment`, calculated here, never as Python. */

import type { BanTime } from './definition.ts';

/** fail2ban doubles no more than this often. */
const DOUBLINGS_AT_MOST = 20;

const DOUBLING = 'ban.Time*(1<<(ban.Countifban.Count<20else20))*banFactor';
const EXPONENTIAL = 'ban.Time*math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)';

/** Which of the formulas that jail.conf describes this is; null for any other. */
export function formulaOf(python: string): BanTime['formula'] | null {
  const dense = python.replace(/\s+/g, '');
  if (dense === '' || dense === DOUBLING) return 'doubling';
  return dense === EXPONENTIAL ? 'exponential' : null;
}

/** Milliseconds, -1 = for ever. `bansBefore` counts earlier bans, `chance` is from 0 to 1. */
export function nextBanMs(ban: BanTime, bansBefore: number, chance: number): number {
  if (ban.banMs < 0 || !ban.increment || bansBefore < 1) return ban.banMs;
  const grown = grownMs(ban, bansBefore);
  const bounded = ban.maxMs === null ? grown : Math.min(grown, ban.maxMs);
  const whole = Math.round(bounded + chance * ban.randomMs);
  // -1 would mean for ever; what is beyond counting is.
  return Number.isSafeInteger(whole) ? Math.max(0, whole) : -1;
}

function grownMs(ban: BanTime, bansBefore: number): number {
  if (ban.multipliers !== null && ban.multipliers.length > 0) {
    const multiplier = ban.multipliers[bansBefore] ?? ban.multipliers.at(-1) ?? 1;
    return ban.banMs * ban.factor * multiplier;
  }
  const times = ban.formula === 'exponential' ? Math.exp(bansBefore * ban.factor) : 2 ** Math.min(bansBefore, DOUBLINGS_AT_MOST) * ban.factor;
  return Math.max(ban.banMs, ban.banMs * times);
}
