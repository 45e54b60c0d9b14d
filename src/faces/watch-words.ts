/** What `tocsin watch` says: a line for people, or an object a line for programs. */

import { counted, lasted, shown } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import type { Decision, Spared } from '../engine/decisions.ts';
import type { Colours } from './colours.ts';
import { clock, iso } from './when.ts';

export type Mode = 'observe' | 'act';

/** `would` = only observed. The other words are the hand's. */
export type Outcome = 'would' | 'done' | 'already' | 'refused' | 'failed';

/** One thing that happened, for either reader. */
export type Said =
  | { readonly event: 'decision'; readonly decision: Decision; readonly outcome: Outcome; readonly says: string | null }
  | { readonly event: 'spared'; readonly spared: Spared }
  | { readonly event: 'blind'; readonly at: Millis; readonly source: string; readonly lines: number; readonly says: string }
  | { readonly event: 'told'; readonly at: Millis; readonly says: string };

const WORDS: Readonly<Record<Outcome, string>> = {
  would: 'would ban',
  done: 'banned',
  already: 'was banned',
  refused: 'not banned',
  failed: 'not banned',
};

export function asText(said: Said, paint: Colours): string {
  if (said.event === 'decision') return decided(said.decision, said.outcome, said.says, paint);
  if (said.event === 'spared') return `${clock(said.spared.at)}  left alone ${shown(said.spared.ip)}: ${shown(said.spared.because)}`;
  if (said.event === 'blind') return `${clock(said.at)}  ${paint.yellow('not seen')} ${shown(said.source)}: ${shown(said.says)}`;
  return `${clock(said.at)}  ${shown(said.says)}`;
}

function decided({ at, net, untilMs, because, before }: Decision, outcome: Outcome, says: string | null, paint: Colours): string {
  const word = outcome === 'done' ? paint.red(WORDS[outcome]) : paint.yellow(WORDS[outcome]);
  const again = before > 0 ? `, for the ${before + 1}${ordinal(before + 1)} time` : '';
  const reason = says === null ? '' : `; ${shown(says, 500)}`;
  return `${clock(at)}  ${word} ${shown(net)} for ${lasted(untilMs - at)}${again}: ${shown(because, 500)}${reason}`;
}

function ordinal(number: number): string {
  if (number % 100 >= 11 && number % 100 <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][number % 10] ?? 'th';
}

/** ECS names where there are such. */
export function asJson(said: Said, mode: Mode): string {
  if (said.event !== 'decision') {
    const { event, ...rest } = said;
    const flat =
      'spared' in rest ? { at: iso(rest.spared.at), 'source.ip': rest.spared.ip, says: rest.spared.because } : { ...rest, at: iso(rest.at) };
    return JSON.stringify({ event, ...flat });
  }
  const { id, at, net, untilMs, because, before, failures, accounts, evidence } = said.decision;
  return JSON.stringify({
    event: 'decision',
    at: iso(at),
    id,
    mode,
    outcome: said.outcome,
    net,
    until: iso(untilMs),
    because,
    before,
    failures,
    'user.name': accounts.slice(0, 20),
    evidence,
    ...(said.says === null ? {} : { says: said.says }),
  });
}

/** The last word when it ends. */
export function inAll(lines: number, decisions: number, mode: Mode): string {
  return `${counted(lines, 'line')} seen, ${mode === 'act' ? counted(decisions, 'ban') : counted(decisions, 'would-be ban')}`;
}
