/** The word `tocsin why ADDRESS`: whether it is shut out, by what, since when and why; or why it is not, and what an order to ban it would come to. */

import * as path from 'node:path';
import { holds, type Net, netOf, netText, overlap } from '../core/nets.ts';
import type { AllowTold, BanTold, HandOrder, HandReceipt } from '../core/orders.ts';
import { counted, lasted, shown } from '../core/text.ts';
import { callHand, type DoorAsked } from './bans-door.ts';
import { type KernelSays, kernelOn, setsOf } from './bans-kernel.ts';
import { banJson, type Sheet, sized } from './bans-list.ts';
import { oneNet } from './bans-words.ts';
import { type Kept, kept } from './watch-state.ts';
import { iso, utc } from './when.ts';

export interface WhyOptions extends DoorAsked {
  readonly json?: boolean;
}

export interface Answer {
  readonly net: string;
  /** The ban of just this net, and those of networks around it, narrowest first. */
  readonly by: readonly BanTold[];
  /** Bans of parts of a network that is asked about. */
  readonly within: readonly BanTold[];
  readonly allowed: readonly AllowTold[];
  readonly may: Trial;
  readonly kernel: KernelSays;
  /** What `tocsin watch` remembers of it. */
  readonly before: Kept['known'][number] | null;
}

/** What an order to ban it would come to: carried out, only with `--wide`, refused; or nobody was there to ask. */
export type Trial = { readonly be: 'done' } | { readonly be: 'wide' } | { readonly be: 'refused' | 'unseen'; readonly says: string };

const WITHIN_TOLD = 5;

export async function why(word: string, options: WhyOptions, sheet: Sheet): Promise<number> {
  const net = oneNet(word);
  const call = await callHand({ ...options, reading: true });
  let receipts: readonly HandReceipt[];
  try {
    receipts = await call.order([{ verb: 'list' }, ...trial(netText(net))]);
  } finally {
    await call.end();
  }
  const watched = kept(path.join(path.dirname(options.state), 'watch')).known.find((one) => one.net === netText(net)) ?? null;
  const may: Trial = call.door.is === 'none' ? { be: 'unseen', says: 'no hand has worked here yet' } : trialOf(receipts.slice(1));
  const about = aboutNet(net, receipts[0]);
  const kernel = await kernelOn(net, setsOf(about.by, about.allowed));
  const answer = { net: netText(net), ...about, may, kernel, before: watched };
  sheet.out(options.json === true ? `${JSON.stringify(answerJson(answer))}\n` : answerText(answer, sheet.paint));
  return 0;
}

/** Orders whose time was over in 1970: the hand asks its guard and answers, and has nothing to carry out. */
function trial(net: string): HandOrder[] {
  const order = { verb: 'ban', net, untilMs: 0, because: 'asked by tocsin why: its time is over', decision: 'why' } as const;
  return [{ ...order, wide: true }, order];
}

/** How the hand refuses what is only over. */
const OVER = /the end of its time has passed already/;

export function trialOf([wide, plain]: readonly HandReceipt[]): Trial {
  if (wide?.says === undefined || plain?.says === undefined) return { be: 'unseen', says: 'the hand gave no reason' };
  if (!OVER.test(wide.says)) return { be: 'refused', says: wide.says.replace(/^\S+ was not banned: /, '').replace(/\.$/, '') };
  return { be: OVER.test(plain.says) ? 'done' : 'wide' };
}

/** What of the hand's list is about a net. */
export function aboutNet(net: Net, list: HandReceipt | undefined): Pick<Answer, 'by' | 'within' | 'allowed'> {
  const bans = (list?.bans ?? []).map((one) => ({ one, its: netOf(one.net) }));
  const found = bans.flatMap(({ one, its }) => (typeof its === 'string' || !overlap(its, net) ? [] : [{ one, its }]));
  const by = found.filter(({ its }) => holds(its, net)).sort((a, b) => b.its.prefix - a.its.prefix);
  const within = found.filter(({ its }) => !holds(its, net));
  const allowed = (list?.allows ?? []).filter((one) => {
    const its = netOf(one.net);
    return typeof its !== 'string' && overlap(its, net);
  });
  return { by: by.map(({ one }) => one), within: within.map(({ one }) => one), allowed };
}

function answerJson({ net, by, within, allowed, may, kernel, before }: Answer) {
  return {
    net,
    banned: by.length > 0,
    by: by.map(banJson),
    within: within.map(banJson),
    allowed: allowed.map((one) => ({ net: one.net, until: iso(one.untilMs), because: one.because })),
    order: may,
    kernel,
    before: before && { bans: before.count, last: iso(before.at), until: iso(before.untilMs) },
  };
}

export function answerText(answer: Answer, paint: Sheet['paint']): string {
  const { net, by, within, allowed, before } = answer;
  const lines = [`${paint.bold(shown(net))} ${headOf(answer, paint)}`];
  for (const one of [...by, ...within.slice(0, WITHIN_TOLD)]) lines.push(...banLines(one, net));
  if (within.length > WITHIN_TOLD) lines.push(`  and ${counted(within.length - WITHIN_TOLD, 'more part')}: tocsin bans ${net}`);
  for (const one of allowed) {
    const end = one.untilMs === null ? '' : `, until ${utc(one.untilMs)}`;
    lines.push(`allowed: ${shown(one.net)} is let in whatever is banned${end}: ${shown(one.because, 500)}`);
  }
  if (by.length === 0 || answer.may.be === 'refused') lines.push(mayText(answer.may));
  if (before !== null)
    lines.push(`tocsin watch decided ${counted(before.count, 'ban')} of it, the last at ${utc(before.at)}, until ${utc(before.untilMs)}`);
  lines.push(kernelLine(answer));
  return `${lines.join('\n')}\n`;
}

function headOf(answer: Answer, paint: Sheet['paint']): string {
  const { by, within } = answer;
  if (by.length > 0) return letIn(answer) ? paint.green('is banned, but let in, as it is allowed') : `is ${paint.red('banned')}`;
  return within.length > 0 ? `is not banned as a whole, but ${counted(within.length, 'part')} of it` : 'is not banned';
}

/** Does one allowed network hold all of it? */
function letIn({ net, allowed }: Answer): boolean {
  const its = netOf(net);
  return allowed.some((one) => {
    const around = netOf(one.net);
    return typeof its !== 'string' && typeof around !== 'string' && holds(around, its);
  });
}

function mayText(may: Trial): string {
  if (may.be === 'done') return 'an order to ban it would be carried out: nothing spares it';
  if (may.be === 'wide') return 'an order to ban it would be carried out with --wide only: nothing in it is spared, but it is a wide network';
  if (may.be === 'unseen') return `who must be spared was not looked at: ${shown(may.says, 300)}`;
  return `an order to ban it would be refused: ${shown(may.says, 600)}`;
}

function banLines({ net, since, untilMs, leftMs, because, decision, packets, bytes, lingers }: BanTold, asked: string): string[] {
  const by = net === asked ? 'itself' : shown(net);
  if (lingers) return [`  by       ${by}: ${shown(because)}, until it is quiet`, `  stopped  ${counted(packets, 'packet')}, ${sized(bytes)}`];
  const end = untilMs === null ? 'until it is unbanned' : `until ${utc(untilMs)}, ${lasted(leftMs ?? 0)} left`;
  const lines = [`  by       ${by}, since ${utc(since)}, ${end}`, `  because  ${shown(because, 500)}`];
  if (decision !== '') lines.push(`  decided  ${shown(decision, 100)}`);
  return [...lines, `  stopped  ${counted(packets, 'packet')}, ${sized(bytes)}`];
}

function kernelLine(answer: Answer): string {
  const { kernel, by } = answer;
  if ('unseen' in kernel) return `kernel: not looked at, ${kernel.unseen}`;
  if (!kernel.table) return `kernel: the table of tocsin is not there${by.length > 0 ? ', so nothing is stopped: is tocsin-hand running?' : ''}`;
  const [first] = kernel.sets;
  const stops = by.length > 0 && !letIn(answer);
  if (!first) return `kernel: nothing there is about it${stops ? ', so it is not stopped: is tocsin-hand running?' : ''}`;
  return `kernel: its packets are ${first.does} (set ${first.set})`;
}
