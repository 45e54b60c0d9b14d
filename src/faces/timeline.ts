/** The case as a drawing: time from left to right, one lane for each role of the chain, a dot for each dated step. */

import { counted, lasted } from '../core/text.ts';
import type { Case, Millis, Role, Step } from '../core/words.ts';
import { safe } from './html-text.ts';
import { ticksOf } from './ticks.ts';
import { clock, iso, utc } from './when.ts';
import { ROLE_WORDS, ROLES } from './wording.ts';

/** Lengths in the drawing's own units; the page scales it to its width. */
const WIDTH = 960;
const LEFT = 110;
const RIGHT = 60;
const TOP = 14;
const LANE = 34;
const AXIS = 40;
/** Dots nearer than this would hide one another: they become one with a number in it. */
const NEAR = 16;
const TICKS_AT_MOST = 7;
/** Steps that a dot's title names; the list beside the drawing has them all. */
const TITLED_AT_MOST = 8;

/** A close-up is drawn when this share of the steps happened in that share of the time. */
const CROWD_SHARE = 0.5;
const CROWDED_SPAN = 0.05;
const CROWD_AT_LEAST = 3;

interface Dated {
  readonly step: Step;
  readonly at: Millis;
}

/** Empty when no step has a time. */
export function timeline(story: Case): string {
  const dated = story.chain
    .flatMap((step): Dated[] => (step.at !== null && iso(step.at) !== null ? [{ step, at: step.at }] : []))
    .sort((a, b) => a.at - b.at);
  if (dated.length === 0) return '';
  const crowd = crowdOf(dated);
  const undated = story.chain.length - dated.length;
  return [
    figure(dated, `Time line, ${span(dated)}`),
    crowd.length > 0 ? figure(crowd, `Close-up of the busiest part, ${span(crowd)}`) : '',
    undated > 0 ? `<p class="dim">Not drawn for want of a time: ${counted(undated, 'step')}.</p>` : '',
  ].join('\n');
}

function first(dated: readonly Dated[]): Millis {
  return dated[0]?.at ?? 0;
}

function last(dated: readonly Dated[]): Millis {
  return dated[dated.length - 1]?.at ?? 0;
}

function span(dated: readonly Dated[]): string {
  const from = first(dated);
  const to = last(dated);
  return from === to ? utc(from) : `${clock(from)} to ${utc(to)} (${lasted(to - from)})`;
}

/** The shortest stretch that holds half of the steps, if it is so short that the whole drawing would show it as one heap. */
function crowdOf(dated: readonly Dated[]): readonly Dated[] {
  const size = Math.max(CROWD_AT_LEAST, Math.ceil(dated.length * CROWD_SHARE));
  const whole = last(dated) - first(dated);
  if (dated.length <= size || whole === 0) return [];
  let best: readonly Dated[] = dated;
  for (let start = 0; start + size <= dated.length; start += 1) {
    const part = dated.slice(start, start + size);
    if (last(part) - first(part) < last(best) - first(best)) best = part;
  }
  if (last(best) - first(best) > whole * CROWDED_SPAN) return [];
  const reach = whole * CROWDED_SPAN * 0.5;
  const near = dated.filter(({ at }) => at >= first(best) - reach && at <= last(best) + reach);
  return near.length < dated.length && last(near) > first(near) ? near : [];
}

function figure(dated: readonly Dated[], caption: string): string {
  const roles = ROLES.filter((role) => dated.some(({ step }) => step.role === role));
  const height = TOP + roles.length * LANE + AXIS;
  const from = first(dated);
  const whole = last(dated) - from;
  const x = (at: Millis) => (whole === 0 ? LEFT + (WIDTH - LEFT - RIGHT) / 2 : LEFT + ((at - from) / whole) * (WIDTH - LEFT - RIGHT));
  const lanes = roles.map((role, index) => lane(role, index, dated, x)).join('\n');
  const axis = axisOf(from, last(dated), TOP + roles.length * LANE, x);
  return `<figure class="timeline"><figcaption>${safe(caption)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${safe(caption)}">
${axis}
${lanes}
</svg></figure>`;
}

function axisOf(from: Millis, to: Millis, bottom: number, x: (at: Millis) => number): string {
  return ticksOf(from, to, TICKS_AT_MOST)
    .map((tick) => {
      const at = x(tick.at).toFixed(1);
      const day = tick.day === '' ? '' : `<text class="tick" x="${at}" y="${bottom + 32}" text-anchor="middle">${safe(tick.day)}</text>`;
      return `<line class="grid" x1="${at}" y1="${TOP}" x2="${at}" y2="${bottom + 4}"/><text class="tick" x="${at}" y="${bottom + 18}" text-anchor="middle">${safe(tick.label)}</text>${day}`;
    })
    .join('\n');
}

function lane(role: Role, index: number, dated: readonly Dated[], x: (at: Millis) => number): string {
  const y = TOP + index * LANE + LANE / 2;
  const heaps: { readonly x: number; readonly members: Dated[] }[] = [];
  for (const one of dated.filter(({ step }) => step.role === role)) {
    const heap = heaps[heaps.length - 1];
    if (heap && x(one.at) - heap.x < NEAR) heap.members.push(one);
    else heaps.push({ x: x(one.at), members: [one] });
  }
  const dots = heaps.map((heap) => dot(role, heap.x, y, heap.members)).join('\n');
  return `<text class="lane" x="${LEFT - 24}" y="${y + 4}" text-anchor="end">${safe(ROLE_WORDS[role])}</text><line class="rail" x1="${LEFT - 14}" y1="${y}" x2="${WIDTH - RIGHT + 14}" y2="${y}"/>
${dots}`;
}

function dot(role: Role, x: number, y: number, members: readonly Dated[]): string {
  const more = members.length > TITLED_AT_MOST ? `\n… and ${members.length - TITLED_AT_MOST} more` : '';
  const title = members
    .slice(0, TITLED_AT_MOST)
    .map(({ step, at }) => safe(`${clock(at)} ${step.says}`, 300))
    .join('\n');
  const number =
    members.length > 1
      ? `<text class="heap" x="${x.toFixed(1)}" y="${y + 4}" text-anchor="middle">${members.length > 99 ? '99+' : members.length}</text>`
      : '';
  return `<g><title>${title}${more}</title><circle class="dot ${role}" cx="${x.toFixed(1)}" cy="${y}" r="${members.length > 1 ? 10 : 6}"/>${number}</g>`;
}
