/**
 * What cron, anacron and at will run, and as whom. Cannot see: what the scripts call that a table names, and what the SHELL and
 * BASH_ENV lines of a cron table add.
 */

import { runsOf, tellTale } from '../core/command-line.ts';
import { nameOf } from '../core/entity.ts';
import { oddPlace } from '../core/places.ts';
import { MINUTE_MS } from '../core/spans.ts';
import type { AccountSeen } from '../core/words.ts';
import { changedAt, joined, type Look, type ReadFile, targetOf } from './persist-look.ts';

const SPOOLS = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs'];
const PERIODS = ['hourly', 'daily', 'weekly', 'monthly'];
const AT_SPOOLS = ['/var/spool/cron/atjobs', '/var/spool/at'];

/** `name = value` in crontab(5): the name may be quoted. */
const SETTING = /^(?:"[^"]*"|'[^']*'|[^\s='"]+)\s*=/;
/** Five time fields or a nickname; `~` is a random time of cronie, `?` the start time of vixie cron, `-` "do not log" of SUSE. */
const SCHEDULE = /^(@\w+|-?[\d*?~][\d*?,/~-]*\s+[\d*?~][\d*?,/~-]*\s+[\d*?~][\d*?,/~-]*\s+[\w*?,/~-]+\s+[\w*?,/~#-]+)\s+(?=\S)/;
/** Files that cron itself passes over: hidden ones and what editors and rpm leave behind (cron(8)). */
const PASSED_OVER = /^[.#]|~$|\.rpm(?:save|orig|new)$/;
/** `a` (queue), 5 hex digits (job), 8 hex digits (minutes since 1970), as at(1) names its jobs; `=` once it runs. */
const AT_NAME = /^[a-zA-Z=][0-9a-f]{5}([0-9a-f]{8})$/;
/** Enough to see what a job does. */
const AT_LINES = 20;

export function crontabs(look: Look): void {
  table(look, '/etc/crontab', null);
  for (const entry of look.entries('/etc/cron.d')) if (isTable(entry)) table(look, entry.path, null);
  anacrontab(look);
  for (const period of PERIODS) scripts(look, period);
  for (const spool of SPOOLS) for (const entry of look.entries(spool)) if (isTable(entry)) table(look, entry.path, nameOf(entry.path));
}

function isTable(entry: { readonly path: string; readonly kind: string }): boolean {
  return (entry.kind === 'file' || entry.kind === 'symlink') && !PASSED_OVER.test(nameOf(entry.path));
}

/** `owner` is null for tables with a field for the user. */
function table(look: Look, path: string, owner: string | null): void {
  const file = look.file(path);
  for (const [index, raw] of (file?.lines ?? []).entries()) {
    const text = raw.trim();
    if (file === null || text === '' || text.startsWith('#') || SETTING.test(text)) continue;
    const when = SCHEDULE.exec(text);
    const rest = when ? text.slice(when[0].length) : '';
    const user = owner === null ? /^\S+(?=\s+\S)/.exec(rest)?.[0] : owner;
    if (!when || user === undefined) {
      look.strange();
      continue;
    }
    const command = owner === null ? rest.slice(user.length).trim() : rest;
    const schedule = (when[1] ?? '').replace(/\s+/g, ' ');
    look.add({ place: 'cron', path, line: index + 1, account: user, command, schedule, changedAt: file.changedAt });
  }
}

/** `period delay name command` (anacrontab(5)); the schedule is period and delay in minutes. */
function anacrontab(look: Look): void {
  const file = look.file('/etc/anacrontab');
  for (const [index, raw] of (file?.lines ?? []).entries()) {
    const text = raw.trim();
    if (file === null || text === '' || text.startsWith('#') || SETTING.test(text)) continue;
    const [period, delay, name, ...words] = text.split(/\s+/);
    if (!period || !delay || name === undefined || words.length === 0) look.strange();
    else {
      const schedule = `${period} ${delay}`;
      look.add({ place: 'cron', path: file.path, line: index + 1, account: 'root', command: words.join(' '), schedule, changedAt: file.changedAt });
    }
  }
}

/** run-parts(8) runs what is executable; a link is named with what it leads to. */
function scripts(look: Look, period: string): void {
  for (const entry of look.entries(`/etc/cron.${period}`)) {
    const target = targetOf(look.disk, entry.path);
    if (PASSED_OVER.test(nameOf(entry.path)) || (entry.kind !== 'symlink' && (entry.kind !== 'file' || (entry.mode & 0o111) === 0))) continue;
    look.counts();
    const command = target === null ? entry.path : `${entry.path} -> ${target}`;
    look.add({ place: 'cron', path: entry.path, account: 'root', command, schedule: period, changedAt: changedAt(look.disk, entry.path) });
    linesOf(look, entry.path, period);
  }
}

/** Lines of such a script that run something where no program belongs; a `cd` before them counts. Programs have no lines. */
function linesOf(look: Look, path: string, period: string): void {
  const file = look.file(path);
  if (!file || file.lines[0]?.startsWith('\x7fELF')) return;
  let change = '';
  for (const { line, text } of joined(file.lines, /^#/)) {
    const command = change === '' ? text : `${change}; ${text}`;
    const odd = runsOf(command, '/root').some((run) => oddPlace(run.path) !== null);
    if (odd || tellTale(text) !== null)
      look.add({ place: 'cron', path, line, account: 'root', command: odd ? command : text, schedule: period, changedAt: file.changedAt });
    if (/^cd\s/.test(text)) change = text;
  }
}

export function atJobs(look: Look, accounts: readonly AccountSeen[]): void {
  for (const spool of AT_SPOOLS) {
    for (const entry of look.entries(spool)) {
      if (entry.kind !== 'file' || nameOf(entry.path).startsWith('.')) continue;
      const file = look.file(entry.path);
      if (file) atJob(look, file, accounts, entry.uid);
    }
  }
}

function atJob(look: Look, file: ReadFile, accounts: readonly AccountSeen[], ownerUid: number): void {
  const declared = /^# atrun uid=(\d{1,10}) /.exec(file.lines[1] ?? '');
  const uid = declared ? Number(declared[1]) : ownerUid;
  const account = accounts.find((one) => one.uid === uid)?.name ?? null;
  const start = commandStart(file.lines);
  const first = file.lines.findIndex((line, index) => index >= start && isCommand(line));
  if (first < 0) {
    look.strange();
    return;
  }
  const minutes = AT_NAME.exec(nameOf(file.path))?.[1];
  const schedule = minutes === undefined ? {} : { schedule: new Date(Number.parseInt(minutes, 16) * MINUTE_MS).toISOString() };
  const command = file.lines
    .slice(first, first + AT_LINES)
    .filter(isCommand)
    .map((line) => line.trim());
  look.add({ place: 'at', path: file.path, line: first + 1, account, command: command.join('; '), ...schedule, changedAt: file.changedAt });
}

/** at(1) writes the whole environment, then `cd DIR || { … }`; the job comes after the closing brace. */
function commandStart(lines: readonly string[]): number {
  const change = lines.findIndex((line) => line.startsWith('cd ') && line.trimEnd().endsWith('|| {'));
  const end = change < 0 ? -1 : lines.findIndex((line, index) => index > change && line.trim() === '}');
  return end + 1;
}

/** No blank, comment, assignment of the preamble, or frame of a here-document that at(1) puts around the job. */
function isCommand(line: string): boolean {
  const text = line.trim();
  return text !== '' && !text.startsWith('#') && !/^(?:umask \d|\w+=.*; export \w+$|\$\{SHELL:-\/bin\/sh\} <<|marcinDELIMITER[0-9a-f]+$)/.test(text);
}
