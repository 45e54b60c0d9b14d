/** The command line: words in, exit status out. 0 = clean, 1 = something was found, 2 = the job could not be done. */

import * as fs from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../core/errors.ts';
import { shown } from '../core/text.ts';
import type { Entity, Millis, Report } from '../core/words.ts';
import { colours } from './colours.ts';
import { completion } from './completion.ts';
import { html } from './html.ts';
import { jsonPieces } from './json.ts';
import { markdown } from './markdown.ts';
import { momentOf } from './moments.ts';
import { progress } from './progress.ts';
import { type Known, subjectOf } from './subject.ts';
import { terminal } from './terminal.ts';

/** What an investigation is asked for; everything about the machine comes from the one who wires. */
export interface Asked {
  readonly root: string;
  readonly logs: readonly string[];
  readonly since: Millis | null;
  readonly year: number | null;
  readonly watchMs: number;
}

export interface Machine {
  readonly known: Known;
  investigate(subject: Entity | null, tell: (says: string) => void): Promise<Report>;
}

export interface Given {
  readonly version: string;
  open(asked: Asked): Machine;
}

interface Options {
  readonly root?: string;
  readonly log?: readonly string[];
  readonly since?: string;
  readonly year?: number;
  readonly watch: number;
  readonly json?: boolean;
  readonly html?: string | true;
  readonly markdown?: string | true;
  readonly details?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
}

const CLEAN = 0;
const FOUND = 1;
const FAILED = 2;
const WIDTH_WITHOUT_TERMINAL = 100;
const WIDEST = 140;
/** Two glances and a second between: enough for a scanner of one connection a second on 200 processes. */
const WATCH_SECONDS = 1.2;
const WATCH_SECONDS_AT_MOST = 300;

const EXAMPLES = `
Examples:
  tocsin investigate                         what has happened on this machine?
  tocsin investigate 203.0.113.9             what did this address do here?
  tocsin investigate --since 3d              only what the logs of the last three days tell
  tocsin investigate --html case.html        the report as one file for a browser
  tocsin investigate --json | jq '.cases[].title'
  tocsin investigate --log auth.log auth.log.1.gz
  zcat old/*.gz | tocsin investigate --log -
  tocsin investigate --root /mnt/disk        a mounted disk of another machine

It only reads. Nothing on the machine is changed, and nothing is sent anywhere.
Exit status: 0 clean, 1 something was found, 2 the job could not be done.`;

/** Never throws; the status is what the program ends with. */
export async function commandLine(given: Given, words: readonly string[]): Promise<number> {
  let status = CLEAN;
  const program = new Command('tocsin')
    .description('Solves incidents on Linux servers: from the way in to the damage in one chain.')
    .version(given.version)
    .exitOverride()
    .showHelpAfterError('(tocsin --help says more)');
  program
    .command('investigate')
    .description('look at the machine as it is now and at its logs, and tell what has happened')
    .argument('[subject]', 'only what concerns this address, account, pid, path, site or domain')
    .addOption(new Option('--log <file...>', 'judge these log files alone ("-" reads standard input)').conflicts('root'))
    .option('--root <dir>', 'judge the disk mounted at DIR instead of this machine')
    .option('--since <time>', 'leave out what the logs tell of before: 2026-03-03, 12h, 3d, yesterday')
    .option('--year <year>', 'year of the last log line, where stamps have none and files were copied', yearOf)
    .option('--watch <seconds>', 'how long outgoing connections are watched (0 = not at all)', secondsOf, WATCH_SECONDS)
    .addOption(new Option('--json', 'print one JSON object').conflicts(['html', 'markdown']))
    .addOption(new Option('--html [file]', 'write a report for browsers, one self-contained file').conflicts('markdown'))
    .option('--markdown [file]', 'write a report for tickets and mails')
    .option('--details', 'show all steps, evidence and facts on the terminal')
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'no progress line')
    .addHelpText('after', EXAMPLES)
    .action(async (subject: string | undefined, options: Options) => {
      status = await investigate(given, subject, options);
    });
  program
    .command('completion')
    .description('print completion for a shell; put it where that shell looks')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) => {
      process.stdout.write(completion(shell));
    });
  try {
    await program.parseAsync(words, { from: 'user' });
    return status;
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? CLEAN : FAILED;
  if (error instanceof UserError) process.stderr.write(`tocsin: ${shown(error.message)}\n${shown(error.next)}\n`);
  else
    process.stderr.write(
      `tocsin: this is a fault of tocsin, please report it: ${shown(error instanceof Error ? (error.stack ?? error.message) : String(error), 3000)}\n`,
    );
  return FAILED;
}

function yearOf(text: string): number {
  if (!/^(?:19|20)\d\d$/.test(text)) throw new InvalidArgumentError('give it like 2026.');
  return Number(text);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > WATCH_SECONDS_AT_MOST)
    throw new InvalidArgumentError(`give seconds, 0 to ${WATCH_SECONDS_AT_MOST}.`);
  return seconds;
}

async function investigate(given: Given, subject: string | undefined, options: Options): Promise<number> {
  const asked: Asked = {
    root: rootOf(options.root),
    logs: (options.log ?? []).map(readable),
    since: options.since === undefined ? null : momentOf(options.since, Date.now()),
    year: options.year ?? null,
    watchMs: options.watch * 1000,
  };
  const files = [options.html, options.markdown].filter((file) => typeof file === 'string');
  for (const file of files) writable(file);
  const machine = given.open(asked);
  const entity = subject === undefined ? null : subjectOf(subject, machine.known);
  const bar = progress(process.stderr, process.stderr.isTTY === true && options.quiet !== true);
  const report = await machine.investigate(entity, (says) => bar.tell(says));
  bar.done();
  print(report, options);
  return report.verdict === 'clean' && report.cases.every((story) => story.severity === 'info') ? CLEAN : FOUND;
}

function print(report: Report, options: Options): void {
  if (options.json) writeInTurn(jsonPieces(report));
  else if (options.html !== undefined) put(html(report), options.html);
  else if (options.markdown !== undefined) put(markdown(report), options.markdown);
  else {
    const paint = colours(options.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined));
    const width = Math.min(process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL, WIDEST);
    put(terminal(report, paint, width, options.details === true), undefined);
  }
}

function put(text: string, file: string | true | undefined): void {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (typeof file === 'string') {
    fs.writeFileSync(file, whole, { mode: 0o600 });
    process.stderr.write(`report written to ${file}\n`);
  } else writeAll(whole);
}

/** A piece may be a few letters: they are written in lots. */
const LOT_CHARACTERS = 1 << 18;

function writeInTurn(pieces: Iterable<string>): void {
  let lot = '';
  for (const piece of pieces) {
    lot += piece;
    if (lot.length < LOT_CHARACTERS) continue;
    writeAll(lot);
    lot = '';
  }
  writeAll(`${lot}\n`);
}

/** Synchronous, so that nothing is cut off when the process ends; a reader that went away is no fault. */
function writeAll(text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(1, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}

function rootOf(root: string | undefined): string {
  if (root === undefined || root === '/') return '';
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`${root} is no directory`, 'Give the place where the other disk is mounted.');
  return fs.realpathSync(root);
}

function readable(file: string): string {
  if (file === '-') return file;
  try {
    fs.accessSync(file, fs.constants.R_OK);
  } catch {
    throw new UserError(`${file} cannot be read`, 'Check the name; logs are often for root and group adm only.');
  }
  return fs.realpathSync(file);
}

function writable(file: string): void {
  try {
    fs.closeSync(fs.openSync(file, 'a', 0o600));
  } catch (error) {
    throw new UserError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      'Name a file in a directory that is yours.',
    );
  }
}
