/** The command line: words in, exit status out. 0 = clean, 1 = something to act on was found, 2 = the job could not be done. */

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../core/errors.ts';
import { shown } from '../core/text.ts';
import type { Entity, Millis, Report } from '../core/words.ts';
import { asFail2ban, bansCommands } from './bans-commands.ts';
import { colours } from './colours.ts';
import { completion } from './completion.ts';
import { doctorCommand, type LookDoctor } from './doctor.ts';
import { type ExplainEvents, explainCommand, type OpenExplain } from './explain.ts';
import { guestsCommand, type OpenGuests } from './guests.ts';
import { html } from './html.ts';
import { logOf, rootOf } from './inputs.ts';
import { jsonPieces } from './json.ts';
import { markdown } from './markdown.ts';
import { momentOf } from './moments.ts';
import { progress } from './progress.ts';
import { checkTarget, type LookedAt, writeReport } from './report-file.ts';
import { setupCommand } from './setup.ts';
import { writeAll, writeInTurn } from './standard-output.ts';
import { type Known, subjectOf } from './subject.ts';
import { terminal } from './terminal.ts';
import { type Launch, watchCommand } from './watch.ts';
import type { OpenWatch } from './watch-room.ts';
import { verdictWords, weighs } from './wording.ts';

/** What an investigation is asked for; everything about the machine comes from the one who wires. */
export interface Asked {
  readonly root: string;
  readonly logs: readonly string[];
  readonly since: Millis | null;
  readonly year: number | null;
  readonly zone: string | null;
  readonly host: string | null;
  readonly watchMs: number;
}

export interface Machine {
  readonly known: Known;
  investigate(subject: Entity | null, tell: (says: string) => void): Promise<Report>;
}

export interface Given {
  readonly version: string;
  open(asked: Asked): Machine;
  readonly guests?: OpenGuests;
  readonly watch?: { readonly open: () => Promise<OpenWatch>; readonly launch: Launch };
  readonly doctor?: LookDoctor;
  readonly explain?: { readonly open: OpenExplain; readonly events: ExplainEvents | null };
}

interface Options {
  readonly root?: string;
  readonly log?: readonly string[];
  readonly since?: string;
  readonly year?: number;
  readonly zone?: string;
  readonly host?: string;
  readonly force?: boolean;
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
Exit status:
  0  clean: no attack, and no case above low
  1  attacked or compromised, or a case of medium weight or above
  2  the job could not be done, or nothing could be judged: no line was understood`;

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
    .option('--zone <name>', 'time zone of log stamps that name none, as Europe/Berlin (else: that of the machine)', zoneOf)
    .option('--host <name>', 'only the log lines of this host, where logs are of several')
    .option('--watch <seconds>', 'how long outgoing connections are watched (0 = not at all)', secondsOf, WATCH_SECONDS)
    .addOption(new Option('--json', 'print one JSON object').conflicts(['html', 'markdown']))
    .addOption(new Option('--html [file]', 'write a report for browsers, one self-contained file').conflicts('markdown'))
    .option('--markdown [file]', 'write a report for tickets and mails')
    .option('--force', 'let --html and --markdown replace a file that is no report of tocsin')
    .option('--details', 'show all steps, evidence and facts on the terminal')
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'no progress line')
    .addHelpText('after', EXAMPLES)
    .action(async (subject: string | undefined, options: Options) => {
      status = await investigate(given, subject, options);
    });
  if (given.explain) {
    const { open, events } = given.explain;
    const command = explainCommand(open, events, { yearOf, zoneOf }, (code) => {
      status = code;
    });
    program.addCommand(command);
  }
  if (given.watch) {
    const { open, launch } = given.watch;
    const command = watchCommand(open, launch, words.slice(1), (code) => {
      status = code;
    });
    program.addCommand(command);
  }
  if (given.guests) {
    const command = guestsCommand(given.guests, (code) => {
      status = code;
    });
    program.addCommand(command);
  }
  const bans = bansCommands(given.version, (code) => {
    status = code;
  });
  for (const command of bans) program.addCommand(command.copyInheritedSettings(program));
  const ended = (code: number) => {
    status = code;
  };
  program.addCommand(setupCommand(ended).copyInheritedSettings(program));
  if (given.doctor) program.addCommand(doctorCommand(given.doctor, ended).copyInheritedSettings(program));
  program
    .command('completion')
    .description('print completion for a shell; put it where that shell looks')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) => {
      writeAll(completion(shell));
    });
  try {
    const foreign = await asFail2ban(words, given.version);
    if (foreign !== null) return foreign;
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

function zoneOf(text: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('give a name like UTC, Europe/Berlin or America/New_York.');
  }
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
    logs: (options.log ?? []).map(logOf),
    since: options.since === undefined ? null : momentOf(options.since, Date.now()),
    year: options.year ?? null,
    zone: options.zone ?? null,
    host: options.host ?? null,
    watchMs: options.watch * 1000,
  };
  for (const file of [options.html, options.markdown]) if (typeof file === 'string') checkTarget(file, asked, options.force === true);
  const machine = given.open(asked);
  const entity = subject === undefined ? null : subjectOf(subject, machine.known);
  const bar = progress(process.stderr, process.stderr.isTTY === true && options.quiet !== true);
  const report = await machine.investigate(entity, (says) => bar.tell(says));
  bar.done();
  print(report, options, asked);
  return statusOf(report, options);
}

function statusOf(report: Report, options: Options): number {
  if (report.verdict === 'clean') return report.cases.some(weighs) ? FOUND : CLEAN;
  if (report.verdict !== 'unknown') return FOUND;
  // The terminal's report begins with these words.
  if (options.json || options.html !== undefined || options.markdown !== undefined) process.stderr.write(`tocsin: ${shown(verdictWords(report))}\n`);
  return FAILED;
}

function print(report: Report, options: Options, looked: LookedAt): void {
  const force = options.force === true;
  if (options.json) writeInTurn(jsonPieces(report));
  else if (options.html !== undefined) put(html(report), options.html, looked, force);
  else if (options.markdown !== undefined) put(markdown(report), options.markdown, looked, force);
  else {
    const paint = colours(options.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined));
    const width = Math.min(process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL, WIDEST);
    put(terminal(report, paint, width, options.details === true), undefined, looked, force);
  }
}

function put(text: string, file: string | true | undefined, looked: LookedAt, force: boolean): void {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (typeof file === 'string') {
    writeReport(file, whole, looked, force);
    process.stderr.write(`report written to ${file}\n`);
  } else writeAll(whole);
}
