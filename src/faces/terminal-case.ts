/** One case for the terminal: the chain a step a line, what to do now, what a person must do, what is not known. */

import { counted, shown } from '../core/text.ts';
import type { Case, Evidence, Proposal, Severity, Step } from '../core/words.ts';
import { picked, type Told } from './chain-pick.ts';
import type { Colours, Paint } from './colours.ts';
import { flow, roomOf } from './flow.ts';
import { clock, utc } from './when.ts';
import { briefReference, entitiesWords, orderTarget, orderWords, quote, ROLE_WORDS } from './wording.ts';

const STEPS_AT_MOST = 12;
const ORDERS_AT_MOST = 8;
const GAPS_AT_MOST = 6;
const RECOMMENDS_AT_MOST = 8;
const REFERENCES_AT_MOST = 1;
const REFERENCES_IN_DETAIL = 8;
/** A sentence longer than this fills a screen by itself; --details and the files have it whole. */
const SENTENCE_AT_MOST = 320;
const ROLE_WIDTH = 12;
/** Two blanks, date and time, two blanks. */
const CLOCK_WIDTH = 23;

export function heading(text: string, paint: Colours, width: number): string[] {
  const rule = '─'.repeat(Math.max(4, Math.min(100, roomOf(width)) - text.length - 4));
  return [`${paint.dim('──')} ${paint.bold(text)} ${paint.dim(rule)}`];
}

function titled(title: string, note: string, paint: Colours, width: number): string[] {
  return flow(
    [{ text: '  ' }],
    [
      { text: title, paint: paint.bold },
      { text: note, paint: paint.dim },
    ],
    width,
    4,
  );
}

/** What was left out, and where it is told; nothing where nothing was. */
export function more(left: number, one: string, paint: Colours, width: number): string[] {
  if (left <= 0) return [];
  return flow(
    [{ text: '  ' }],
    [{ text: `… and ${counted(left, `more ${one}`)}: --details, --json or --html show all`, paint: paint.dim }],
    width,
    4,
  );
}

function severityPaint(severity: Severity, paint: Colours): Paint {
  if (severity === 'critical' || severity === 'high') return (text) => paint.bold(paint.red(text));
  return severity === 'medium' ? paint.yellow : paint.dim;
}

export function caseLines(story: Case, label: string, paint: Colours, width: number, details: boolean): string[] {
  const techniques = story.attack.length > 0 ? ` · ATT&CK ${story.attack.slice(0, 8).join(' ')}` : '';
  return [
    '',
    ...heading(`${label} · ${story.severity.toUpperCase()}`, paint, width),
    ...flow([{ text: '  ' }], [{ text: shown(story.title, 500), paint: (text) => paint.bold(severityPaint(story.severity, paint)(text)) }], width, 2),
    ...flow(
      [{ text: '  ' }],
      [{ text: `since ${utc(story.openedAt)} · evidence ${story.confidence} · ${story.id}${techniques}`, paint: paint.dim }],
      width,
      2,
    ),
    ...chainLines(story, paint, width, details),
    ...orderLines(story.proposes, paint, width, details),
    ...listLines('WHAT A PERSON MUST DO', story.recommends, '•', details ? story.recommends.length : RECOMMENDS_AT_MOST, paint, width),
    ...listLines('WHAT IS NOT KNOWN', story.gaps, '?', details ? story.gaps.length : GAPS_AT_MOST, paint, width),
    ...(details ? factLines(story, paint, width) : []),
  ];
}

function chainLines(story: Case, paint: Colours, width: number, details: boolean): string[] {
  if (story.chain.length === 0) return [];
  const all = story.chain.map((step): Told => ({ step, also: [], alike: 0 }));
  const { steps, left } = details ? { steps: all, left: 0 } : picked(story, STEPS_AT_MOST);
  return [
    '',
    ...titled('WHAT HAPPENED', '(times are UTC)', paint, width),
    ...steps.flatMap((told) => stepLines(told, paint, width, details)),
    ...more(left, 'step', paint, width),
  ];
}

function stepLines(told: Told, paint: Colours, width: number, details: boolean): string[] {
  const { step } = told;
  const also = told.alike > 0 ? `— and ${told.alike} more like this${told.also.length > 0 ? `: ${entitiesWords(told.also)}` : ''}` : '';
  const indent = CLOCK_WIDTH + ROLE_WIDTH;
  return [
    ...flow(
      [
        { text: `  ${clock(step.at).padEnd(CLOCK_WIDTH - 2)}`, paint: paint.dim },
        { text: ROLE_WORDS[step.role].padEnd(ROLE_WIDTH), paint: rolePaint(step, paint) },
      ],
      [
        { text: shown(step.says, details ? 1000 : SENTENCE_AT_MOST) },
        { text: also, paint: paint.dim },
        { text: references(step.evidence, details), paint: paint.cyan },
      ],
      width,
      indent > roomOf(width) / 2 ? 4 : indent,
    ),
    ...(details ? quoteLines(step.evidence, paint, width) : []),
  ];
}

function rolePaint(step: Step, paint: Colours): Paint {
  if (step.role === 'entry' || step.role === 'effect' || step.role === 'victim') return paint.red;
  return step.role === 'explanation' ? paint.green : paint.yellow;
}

function references(evidence: readonly Evidence[], details: boolean): string {
  if (evidence.length === 0) return '';
  const most = details ? REFERENCES_IN_DETAIL : REFERENCES_AT_MOST;
  const told = evidence.slice(0, most).map((one) => shown(briefReference(one), 80));
  return `[${told.join(', ')}${evidence.length > most ? ` +${evidence.length - most}` : ''}]`;
}

function quoteLines(evidence: readonly Evidence[], paint: Colours, width: number): string[] {
  const quoted = evidence.filter((one) => one.says).slice(0, 3);
  return quoted.flatMap((one) => flow([{ text: '        > ', paint: paint.dim }], [{ text: quote(one), paint: paint.dim }], width, 10));
}

function orderLines(proposals: readonly Proposal[], paint: Colours, width: number, details: boolean): string[] {
  if (proposals.length === 0) return [];
  const groups = details ? proposals.map((proposal) => [proposal]) : grouped(proposals);
  const told = details ? groups : groups.slice(0, ORDERS_AT_MOST);
  return [
    '',
    ...titled('WHAT TO DO NOW', '(in this order; nothing of it was done)', paint, width),
    ...told.flatMap((group, index) => orderOf(group, index + 1, paint, width)),
    ...more(groups.length - told.length, 'order', paint, width),
  ];
}

function orderOf(group: readonly Proposal[], number: number, paint: Colours, width: number): string[] {
  const first = group[0];
  if (!first) return [];
  const others = group.slice(1).map((proposal) => orderTarget(proposal.order));
  const also = others.length > 0 ? `Likewise: ${others.slice(0, 5).join(', ')}${others.length > 5 ? ` and ${others.length - 5} more` : ''}.` : '';
  const line = (label: string, text: string) =>
    flow([{ text: `     ${label} `, paint: paint.dim }], [{ text: shown(text, SENTENCE_AT_MOST) }], width, 11);
  return [
    ...flow(
      [{ text: `  ${String(number).padStart(2)} `, paint: paint.bold }],
      [{ text: `${orderWords(first.order)}.`, paint: paint.bold }, { text: also }],
      width,
      5,
    ),
    ...line('why: ', first.because),
    ...line('risk:', first.risk),
    ...line('undo:', first.undo),
  ];
}

/** Neighbours of one verb with one risk are one order to a reader; their place among the others is kept, because the order of orders matters. */
function grouped(proposals: readonly Proposal[]): Proposal[][] {
  const groups: Proposal[][] = [];
  for (const proposal of proposals) {
    const last = groups[groups.length - 1];
    const same = last?.[0];
    if (last && same && same.order.verb === proposal.order.verb && same.risk === proposal.risk && same.undo === proposal.undo) last.push(proposal);
    else groups.push([proposal]);
  }
  return groups;
}

function listLines(title: string, lines: readonly string[], mark: string, atMost: number, paint: Colours, width: number): string[] {
  if (lines.length === 0) return [];
  return [
    '',
    ...titled(title, '', paint, width),
    ...lines.slice(0, atMost).flatMap((line) => flow([{ text: `  ${mark} `, paint: paint.yellow }], [{ text: line }], width, 4)),
    ...more(lines.length - atMost, 'line', paint, width),
  ];
}

/** What probes found that has no place in the chain. */
function factLines(story: Case, paint: Colours, width: number): string[] {
  const aside = story.facts.filter((fact) => !fact.role).map((fact) => `${fact.says} ${references(fact.evidence, true)}`);
  return listLines('MORE THAT WAS LOOKED UP', aside, '·', aside.length, paint, width);
}
