/** Tells (`tocsin guests`) which of fail2ban's jails and filters and of Sigma's rules are taken over, and what of the others a person must see to. 0 = all, 1 = some need you, 2 = could not be read. */

import { Command } from 'commander';
import { UserError } from '../core/errors.ts';
import { named, shown } from '../core/text.ts';
import type { Trouble } from '../guests/fail2ban/definition.ts';
import { examined } from '../guests/fail2ban/examine.ts';
import type { GuestFiles } from '../guests/fail2ban/files.ts';
import { type Fail2banReport, fail2banReport, type Standing, type Told } from '../guests/fail2ban/report.ts';
import { type Colours, colours } from './colours.ts';
import { type SigmaTold, sigmaLines, sigmaOf } from './guests-sigma.ts';
import { rootOf } from './inputs.ts';
import { writeAll } from './standard-output.ts';

export interface GuestsRoom extends GuestFiles {
  /** Files that are there and could not be read. */
  readonly faults: readonly { readonly path: string; readonly says: string }[];
}

export type OpenGuests = (root: string) => GuestsRoom;

interface Options {
  readonly json?: boolean;
  readonly root?: string;
  readonly dir: string;
  readonly details?: boolean;
  readonly sigma?: string;
  readonly color?: boolean;
}

const ALL = 0;
const SOME = 1;
const FAILED = 2;
const DIRECTORY = '/etc/fail2ban';

const EXAMPLES = `
Examples:
  tocsin guests                              what of fail2ban's jails and filters is taken over?
  tocsin guests --details                    also jails that are switched off, and every filter
  tocsin guests --root /mnt/disk             those of a mounted disk of another machine
  tocsin guests --dir /srv/fail2ban          those of another directory
  tocsin guests --sigma /etc/tocsin/sigma    also: which Sigma rules of this folder are of use here?
  tocsin guests --json | jq '.fail2ban.jails[] | select(.standing != "whole")'

It only reads: no command of an action or an ignorecommand is run.
Exit status:
  0  all jails that are switched on, and all rules that concern our logs, are taken over as they are
  1  some need you
  2  the files could not be read`;

export function guestsCommand(open: OpenGuests, end: (status: number) => void): Command {
  return new Command('guests')
    .description("tell which of fail2ban's jails and filters, and of Sigma's rules, are taken over, and which need you")
    .option('--json', 'print one JSON object')
    .option('--root <dir>', 'read the disk mounted at DIR instead of this machine')
    .option('--dir <dir>', "where fail2ban's files lie", DIRECTORY)
    .option('--sigma <dir>', 'also tell of the Sigma rules of this folder')
    .option('--details', 'also jails that are switched off, and all filters')
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => end(guests(open, options)));
}

function guests(open: OpenGuests, options: Options): number {
  if (!options.dir.startsWith('/'))
    throw new UserError(`${options.dir} is no absolute path`, 'Give the directory from the root of the disk: /etc/fail2ban');
  const room = open(rootOf(options.root));
  const rules = options.sigma === undefined ? null : sigmaOf(options.sigma);
  const now = Date.now();
  const report = fail2banReport(room, options.dir.replace(/\/+$/, '') || '/', (filter) => examined(filter, now));
  const faults = room.faults;
  const paint = colours(options.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined));
  if (options.json) writeAll(`${JSON.stringify({ fail2ban: { ...report, unread: faults }, ...(rules ? { sigma: rules } : {}) }, null, 2)}\n`);
  else {
    if (report.found) writeAll(`${text(report, faults, options, paint)}\n`);
    if (rules) writeAll(`${report.found ? '\n' : ''}${sigmaLines(rules, paint, options.details === true).join('\n')}\n`);
  }
  return standing(report, faults, rules);
}

/** Where only rules were asked for, fail2ban need not be there. */
function standing(report: Fail2banReport, faults: GuestsRoom['faults'], rules: SigmaTold | null): number {
  const useful = rules === null || rules.refused + rules.partly + rules.unread.length === 0 ? ALL : SOME;
  if (!report.found && faults.length === 0 && rules !== null) return useful;
  if (!report.found) {
    const why = faults.map((fault) => `${fault.path} ${fault.says}`).join('; ');
    const next = why === '' ? 'If it lies elsewhere, name the place with --dir.' : `${why}. Run as root.`;
    process.stderr.write(`tocsin: ${shown(report.summary)}\n${shown(next)}\n`);
    return FAILED;
  }
  return report.whole && faults.length === 0 ? useful : SOME;
}

function text(report: Fail2banReport, faults: GuestsRoom['faults'], options: Options, paint: Colours): string {
  const jails = report.jails.filter((jail) => jail.enabled || options.details);
  // What is slow is told where it is in use, and of all with --details.
  const filters = report.filters.filter((filter) => filter.standing !== 'whole' || options.details);
  const width = Math.max(0, ...jails.map((jail) => named(jail.name).length), ...filters.map((filter) => named(filter.name).length));
  const parts = [`${paint.bold('fail2ban')} in ${named(report.directory)}: ${shown(report.summary)}.`];
  if (jails.length > 0) parts.push('', paint.bold('jails'));
  for (const jail of jails) parts.push(...told(jail, width, paint, `${shown(jail.filter)}${jail.enabled ? '' : ', switched off'}`));
  if (filters.length > 0) parts.push('', paint.bold('filters'));
  for (const filter of filters) parts.push(...told(filter, width, paint, `${filter.failregexes} failregex`));
  if (report.troubles.length + faults.length > 0) parts.push('', paint.bold('files'));
  for (const trouble of report.troubles) parts.push(`  ${troubleLine(trouble, paint)}`);
  for (const fault of faults) parts.push(`  ${named(fault.path)} ${fault.says}`);
  return parts.join('\n');
}

const STANDINGS: Readonly<Record<Standing, string>> = { whole: 'as it is', partly: 'partly  ', refused: 'refused ' };

function told(what: Told, width: number, paint: Colours, beside: string): string[] {
  const colour = what.standing === 'whole' ? paint.green : what.standing === 'partly' ? paint.yellow : paint.red;
  const line = `  ${named(what.name).padEnd(width)}  ${colour(STANDINGS[what.standing])}  ${paint.dim(beside)}`;
  return [line, ...[...what.troubles, ...what.notes].map((trouble) => `      ${troubleLine(trouble, paint)}`)];
}

function troubleLine(trouble: Trouble, paint: Colours): string {
  const { file, line } = trouble.place;
  const option = trouble.option === '' ? '' : `${named(trouble.option)}: `;
  return `${option}${shown(trouble.says)} ${paint.dim(`(${named(file)}${line > 0 ? `, line ${line}` : ''})`)}`;
}
