/** What `explain` says to people: of one line, who takes it and why; of a file, the counts. */

import { counted, grouped, shown } from '../core/text.ts';
import type { By, Explained } from '../engine/explain.ts';
import type { Colours } from './colours.ts';
import type { Counts } from './explain-count.ts';
import { flow } from './flow.ts';

const LABEL = 12;

function row(label: string, text: string, paint: Colours, width: number): string[] {
  return flow([{ text: `  ${label.padEnd(LABEL)}`, paint: paint.dim }], [{ text: shown(text, 2000) }], width, LABEL + 2);
}

export function explainedLines(told: Explained, raw: string, paint: Colours, width: number): string[] {
  const rules = told.by.filter((by) => by.kind !== 'detector');
  const ears = told.by.filter((by) => by.kind === 'detector').map((by) => by.name);
  return [
    // As it stands: a terminal may break it, but nothing in it can move the cursor.
    `${paint.bold(`line ${told.n}:`)} ${shown(raw, 500)}`,
    ...row('verdict', verdictOf(told), paint, width),
    ...row('time', told.at === null ? 'none was understood' : new Date(told.at).toISOString(), paint, width),
    ...row('form', formOf(told), paint, width),
    ...rules.flatMap((by) => row(by.kind, ruleOf(by), paint, width)),
    ...(rules.length === 0
      ? row('taken by', told.ignored ? 'nobody: a rule says that such lines are to be passed over' : 'nobody', paint, width)
      : []),
    ...(told.kind === null ? [] : row('event', `${told.kind}${eventWords(told)}`, paint, width)),
    ...(ears.length > 0 ? row('heard by', ears.join(', '), paint, width) : []),
    ...told.near().flatMap((near) => row('nearly', `${near.kind} ${near.name}: ${near.says}`, paint, width)),
  ];
}

function verdictOf(told: Explained): string {
  const who = [told.address && `from ${told.address}`, told.user && `as ${told.user}`].filter(Boolean).join(' ');
  const what = told.attack
    ? `evidence of an attack (${told.class ?? 'by a rule'})`
    : told.by.length > 0
      ? 'no attack by itself'
      : 'nothing is known of it';
  return [what, who, told.outcome].filter(Boolean).join(', ');
}

function formOf({ form, program, guessed }: Explained): string {
  if (guessed)
    return `${form}; no program is named in it${program === '' ? '' : `, read as one of ${program} because it fits`} (--as PROGRAM settles it)`;
  return program === '' ? form : `${form}, of ${program}`;
}

function ruleOf({ name, pattern, captures, where }: By): string {
  const groups = Object.entries(captures ?? {}).map(([key, value]) => `${key}=${value}`);
  return [name, where && `by its ${where}:`, pattern && (where ? pattern : `by ${pattern}`), groups.length > 0 && `with ${groups.join(', ')}`]
    .filter(Boolean)
    .join(' ');
}

function eventWords({ event }: Explained): string {
  const fields = Object.entries(event ?? {}).filter(([name]) => !/^(?:event\.(?:category|type)|tocsin\.)/.test(name));
  return fields.length === 0 ? '' : ` with ${fields.map(([name, value]) => `${name}=${shown(String(value), 120)}`).join(', ')}`;
}

const RULES_TOLD = 30;

/** "lines: 2,000, matched 1,204 by 3 patterns, ignored 12, missed 784". */
export function countLines(name: string, counts: Counts, paint: Colours, width: number): string[] {
  const { lines, matched, ignored, missed, attacks, untimed, rules, shapes } = counts;
  const head = `lines: ${grouped(lines)}, matched ${grouped(matched)} by ${counted(rules.length, 'pattern')}, ignored ${grouped(ignored)}, missed ${grouped(missed)}`;
  const more = [
    `${grouped(attacks)} ${attacks === 1 ? 'is' : 'are'} evidence of an attack`,
    untimed > 0 ? `of ${grouped(untimed)} no time was understood` : '',
  ];
  return [
    ...flow([{ text: `${name}: `, paint: paint.bold }], [{ text: head }], width, 2),
    ...flow([{ text: '  ' }], [{ text: more.filter(Boolean).join('; ') }], width, 2),
    ...rules.slice(0, RULES_TOLD).map((rule) => `  ${grouped(rule.times).padStart(9)}  ${shown(rule.name, width)}`),
    ...(rules.length > RULES_TOLD ? [`  ${''.padStart(9)}  and ${grouped(rules.length - RULES_TOLD)} more`] : []),
    ...(shapes.length > 0
      ? ['', `  the ${shapes.length === 1 ? 'only' : `${shapes.length} most frequent`} missed shape${shapes.length === 1 ? '' : 's'}:`]
      : []),
    ...shapes.flatMap((missed) => [
      ...flow(
        [{ text: `  ${grouped(missed.times).padStart(9)}  ` }],
        [{ text: shown(`${missed.program === '' ? '' : `${missed.program}: `}${missed.shape}`, 300) }],
        width,
        13,
      ),
      paint.dim(`${' '.repeat(13)}line ${missed.line}: ${shown(missed.example)}`),
    ]),
  ];
}
