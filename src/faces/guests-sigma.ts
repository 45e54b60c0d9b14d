/** What `tocsin guests --sigma DIR` tells of a folder of Sigma rules: a sentence first, then what is refused or lacks something, with file, line and reason. */

import * as fs from 'node:fs';
import { UserError } from '../core/errors.ts';
import { counted, grouped, named, shown } from '../core/text.ts';
import { loadSigma } from '../guests/sigma/load.ts';
import { type SigmaLine, type SigmaReport, sigmaReport } from '../guests/sigma/report.ts';
import type { Colours } from './colours.ts';
import { readRules } from './explain-sigma.ts';

export interface SigmaTold extends SigmaReport {
  readonly directory: string;
  /** Files that were not read, and why. */
  readonly unread: readonly { readonly path: string; readonly because: string }[];
}

const NEXT = 'Name a folder that holds files ending in .yml, or one such file: tocsin guests --sigma DIR';
/** A folder of the public collection has hundreds of rules for other systems. */
const LINES_SHOWN = 40;
const REASONS_SHOWN = 12;

export function sigmaOf(directory: string): SigmaTold {
  if (!fs.existsSync(directory)) throw new UserError(`there is no folder ${directory}`, NEXT);
  const { files, passed } = readRules(directory);
  if (files.length === 0) {
    const [first] = passed;
    throw new UserError(first === undefined ? `there are no Sigma rules in ${directory}` : `no Sigma rules could be read: ${first.because}`, NEXT);
  }
  return { directory, ...sigmaReport(loadSigma(files)), unread: passed };
}

export function sigmaLines(told: SigmaTold, paint: Colours, details: boolean): string[] {
  const { lines, unread } = told;
  const of = (taken: SigmaLine['taken']) => lines.filter((line) => line.taken === taken);
  return [
    `${paint.bold('Sigma')} in ${named(told.directory)}: ${summaryOf(told)}.`,
    ...block('refused', of('refused'), paint.red, paint, details),
    ...block('partly', of('partly'), paint.yellow, paint, details),
    ...(details ? block('not applicable', of('not-applicable'), paint.dim, paint, true) : reasons(of('not-applicable'), paint)),
    ...(details ? block('taken over', of('taken'), paint.green, paint, true) : []),
    ...(unread.length === 0
      ? []
      : ['', paint.bold('not read'), ...unread.slice(0, LINES_SHOWN).map(({ path, because }) => `  ${named(path)}: ${shown(because)}`)]),
  ];
}

function summaryOf({ total, taken, partly, notApplicable, refused, slow }: SigmaTold): string {
  const parts = [
    `${grouped(taken)} taken over`,
    partly > 0 ? `${grouped(partly)} partly` : '',
    notApplicable > 0 ? `${grouped(notApplicable)} not applicable here` : '',
    refused > 0 ? `${grouped(refused)} refused` : '',
    slow > 0 ? `${grouped(slow)} slow (no text speeds them up)` : '',
  ];
  return `${counted(total, 'rule')}: ${parts.filter(Boolean).join(', ')}`;
}

function block(title: string, lines: readonly SigmaLine[], colour: (text: string) => string, paint: Colours, details: boolean): string[] {
  if (lines.length === 0) return [];
  const told = details ? lines : lines.slice(0, LINES_SHOWN);
  return [
    '',
    `${paint.bold(title)} ${paint.dim(`(${lines.length})`)}`,
    ...told.flatMap(({ file, line, title: name, id, because }) => [
      `  ${colour(shown(name ?? id ?? 'without a title'))} ${paint.dim(`(${named(file)}, line ${line})`)}`,
      ...because.map((reason) => `      ${shown(reason)}`),
    ]),
    ...(told.length < lines.length ? [`  and ${grouped(lines.length - told.length)} more: --details tells them`] : []),
  ];
}

/** Rules for logs that we do not have are many, and their reasons few. */
function reasons(lines: readonly SigmaLine[], paint: Colours): string[] {
  if (lines.length === 0) return [];
  const times = new Map<string, number>();
  for (const { because } of lines) times.set(because[0] ?? '', (times.get(because[0] ?? '') ?? 0) + 1);
  const most = [...times].sort((a, b) => b[1] - a[1]);
  return [
    '',
    `${paint.bold('not applicable')} ${paint.dim(`(${lines.length}; --details tells which)`)}`,
    ...most.slice(0, REASONS_SHOWN).map(([reason, count]) => `  ${grouped(count).padStart(6)}  ${shown(reason)}`),
    ...(most.length > REASONS_SHOWN ? [`          and for ${grouped(most.length - REASONS_SHOWN)} other reasons`] : []),
  ];
}
