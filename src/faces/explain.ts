/** Answers `tocsin explain`: lines in, out comes who takes each and why: what fail2ban-regex is for, for every kind of rule. 0 = something matched, 1 = nothing, 2 = could not. */

import * as fs from 'node:fs';
import { Command } from 'commander';
import { UserError } from '../core/errors.ts';
import type { Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';
import type { Explained, Explainer } from '../engine/explain.ts';
import { Stamps } from '../engine/stamp.ts';
import { colours } from './colours.ts';
import { ExplainCount } from './explain-count.ts';
import { countLines, explainedLines } from './explain-text.ts';
import { logOf } from './inputs.ts';
import { writeAll } from './standard-output.ts';

export interface ExplainAsked {
  readonly year: number | null;
  readonly zone: string | null;
  /** `NAME[options]` of fail2ban filters. */
  readonly filters: readonly string[];
  /** Where they lie; null = on this machine. */
  readonly filterDirectory: string | null;
  readonly sigma: string | null;
}

export interface ExplainRoom {
  readonly explainer: Explainer;
  /** What could not be taken over of the rules that were asked for, a sentence each. */
  readonly troubles: readonly string[];
  /** `-` is standard input. */
  chunks(file: string, tell?: (says: string) => void): AsyncIterable<Chunk>;
  /** Lines that were typed, as if they were a file. */
  typed(lines: readonly string[]): Chunk;
  toUtc(localMs: Millis): Millis;
}

export type OpenExplain = (asked: ExplainAsked) => Promise<ExplainRoom> | ExplainRoom;
export type ExplainEvents = (directory: string, events: string, out: (line: string) => void) => Promise<number> | number;

export interface ExplainOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly details?: boolean;
  readonly year?: number;
  readonly zone?: string;
  readonly filter?: readonly string[];
  readonly filters?: string;
  readonly sigma?: string;
  readonly events?: string;
  readonly color?: boolean;
}

const MATCHED = 0;
const NOTHING = 1;
/** A line longer than this is cut, as everywhere. */
const LINE_AT_MOST = 8_192;
/** So few lines of standard input were pasted by a person who wants to know of each. */
const PASTED_AT_MOST = 20;
const WIDTH_WITHOUT_TERMINAL = 100;
const WIDEST = 140;
const LOT_CHARACTERS = 1 << 18;

export const EXPLAIN_EXAMPLES = `
Examples:
  tocsin explain 'Mar  3 09:40:00 web1 sshd[811]: Failed password for root from 192.0.2.9 port 4711 ssh2'
  tocsin explain --as postfix/smtpd 'lost connection after AUTH from unknown[192.0.2.9]'
  tocsin explain /var/log/auth.log           how many lines are understood, and which are not
  tocsin explain --filter 'sshd[mode=aggressive]' /var/log/auth.log
  tocsin explain --sigma /etc/tocsin/sigma --events events.jsonl
  journalctl -o json -n 200 | tocsin explain --json | jq 'select(.attack)'

Exit status:
  0  at least one line was taken by a rule
  1  no line was
  2  the job could not be done`;

interface Job {
  readonly options: ExplainOptions;
  readonly room: ExplainRoom;
  readonly print: (text: string) => void;
}

export async function explain(
  open: OpenExplain,
  events: ExplainEvents | null,
  words: readonly string[],
  options: ExplainOptions,
  write: (text: string) => void = writeAll,
): Promise<number> {
  if (options.events !== undefined) return onEvents(events, options, write);
  const { lines, files } = sorted(words);
  const room = await open({
    year: options.year ?? null,
    zone: options.zone ?? null,
    filters: options.filter ?? [],
    filterDirectory: options.filters ?? null,
    sigma: options.sigma ?? null,
  });
  for (const says of room.troubles) process.stderr.write(`tocsin: ${says}\n`);
  const printer = lots(write);
  const job: Job = { options, room, print: printer.print };
  let matched = false;
  if (lines.length > 0) matched = all(job, room.typed(lines), null);
  for (const file of files) matched = (await wholeFile(job, file)) || matched;
  printer.done();
  return matched ? MATCHED : NOTHING;
}

async function onEvents(events: ExplainEvents | null, { sigma, events: file }: ExplainOptions, write: (text: string) => void): Promise<number> {
  if (sigma === undefined || file === undefined) throw new UserError('--events needs rules', 'Name their folder: --sigma DIR.');
  if (events === null) throw new UserError('Sigma rules are not part of this build', 'Install a release that has them.');
  return events(sigma, logOf(file), (line) => write(`${line}\n`));
}

/** Whatever is a file is read; whatever has blanks in it is a line; nothing at all means standard input. */
function sorted(words: readonly string[]): { readonly lines: readonly string[]; readonly files: readonly string[] } {
  if (words.length === 0) {
    if (process.stdin.isTTY === true)
      throw new UserError('there is nothing to explain', 'Give a line in quotation marks, a file, or lines on standard input.');
    return { lines: [], files: ['-'] };
  }
  const lines = words.filter((word) => word !== '-' && !isThere(word) && /\s/.test(word));
  return { lines, files: words.filter((word) => !lines.includes(word)).map(fileOf) };
}

function fileOf(word: string): string {
  if (word !== '-' && !isThere(word))
    throw new UserError(
      `there is no such file: ${word}`,
      'Check the name. A log line goes into quotation marks; one without blanks comes by standard input.',
    );
  return logOf(word);
}

function isThere(name: string): boolean {
  try {
    return name.length < 4096 && fs.existsSync(name);
  } catch {
    return false;
  }
}

async function wholeFile(job: Job, file: string): Promise<boolean> {
  const count = new ExplainCount();
  const pasted: { told: Explained; raw: string }[] = [];
  let matched = false;
  let stamps: Stamps | null = null;
  for await (const chunk of job.room.chunks(file, (says) => void process.stderr.write(`tocsin: ${says}\n`))) {
    stamps ??= new Stamps(chunk.clock);
    matched = all(job, chunk, { stamps, count, pasted }) || matched;
  }
  if (job.options.json) return matched;
  const { paint, width } = look(job.options);
  const few = file === '-' && count.counts().lines <= PASTED_AT_MOST;
  if (few || job.options.details) for (const { told, raw } of pasted) job.print(`${explainedLines(told, raw, paint, width).join('\n')}\n\n`);
  if (!few) job.print(`${countLines(file === '-' ? 'standard input' : file, count.counts(), paint, width).join('\n')}\n`);
  return matched;
}

interface Sums {
  readonly stamps: Stamps;
  readonly count: ExplainCount;
  readonly pasted: { told: Explained; raw: string }[];
}

/** All lines of a chunk; says whether a rule took one. */
function all({ options, room, print }: Job, chunk: Chunk, sums: Sums | null): boolean {
  const stamps = sums?.stamps ?? new Stamps(chunk.clock);
  const { paint, width } = look(options);
  let matched = false;
  let n = chunk.firstLine;
  for (let start = 0; start < chunk.text.length; n += 1) {
    const newline = chunk.text.indexOf('\n', start);
    const end = newline < 0 ? chunk.text.length : newline;
    const raw = chunk.line(start, Math.min(end - (chunk.text.charCodeAt(end - 1) === 13 ? 1 : 0), start + LINE_AT_MOST));
    start = end + 1;
    const told = room.explainer.line(raw, { source: chunk.source, n, stamps, toUtc: room.toUtc, as: options.as ?? null });
    matched ||= told.by.some((by) => by.kind !== 'detector');
    if (options.json) print(`${jsonOf(told)}\n`);
    else if (sums === null) print(`${explainedLines(told, raw, paint, width).join('\n')}\n`);
    sums?.count.hear(told, raw);
    // Details of a whole file are for grep and less; they are kept only where they are asked for.
    if (sums && !options.json && (options.details || sums.pasted.length <= PASTED_AT_MOST)) sums.pasted.push({ told, raw });
  }
  return matched;
}

function jsonOf({ n, at, event, attack, address, user, outcome, class: sort, by }: Explained): string {
  return JSON.stringify({ n, at: at === null ? null : new Date(at).toISOString(), event, attack, address, user, outcome, class: sort, by });
}

function look(options: ExplainOptions) {
  const paint = colours(options.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined));
  return { paint, width: Math.min(process.stdout.columns ?? WIDTH_WITHOUT_TERMINAL, WIDEST) };
}

/** Small writes in lots: a file has millions of lines. */
function lots(write: (text: string) => void): { readonly print: (text: string) => void; readonly done: () => void } {
  let lot = '';
  const done = () => {
    if (lot !== '') write(lot);
    lot = '';
  };
  const print = (text: string) => {
    lot += text;
    if (lot.length >= LOT_CHARACTERS) done();
  };
  return { print, done };
}

export interface OptionReaders {
  yearOf(text: string): number;
  zoneOf(text: string): string;
}

/** Not as a list behind one option: that would take the log file for a filter. */
function also(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}

export function explainCommand(
  open: OpenExplain,
  events: ExplainEvents | null,
  { yearOf, zoneOf }: OptionReaders,
  done: (status: number) => void,
): Command {
  return new Command('explain')
    .description('tell which parser, filter, rule and detector take a log line, and why not')
    .argument('[line-or-file...]', 'a line in quotation marks, or files; nothing or "-" reads standard input')
    .option('--as <program>', 'take lines without a header as those of this program')
    .option('--filter <name>', 'ask this fail2ban filter: sshd, sshd[mode=aggressive], a file, a jail or an expression; may be repeated', also)
    .option('--filters <dir>', 'where fail2ban keeps its filters, instead of /etc/fail2ban')
    .option('--sigma <dir>', 'also ask the Sigma rules of this folder')
    .option('--events <file>', 'with --sigma: judge ready events (one JSON object a line) instead of log lines')
    .option('--year <year>', 'year of the last log line, where stamps have none', yearOf)
    .option('--zone <name>', 'time zone of log stamps that name none, as Europe/Berlin', zoneOf)
    .option('--json', 'print one JSON object a line')
    .option('--details', 'of files too, tell of each line')
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .exitOverride()
    .addHelpText('after', EXPLAIN_EXAMPLES)
    .action(async (words: string[], options: ExplainOptions) => done(await explain(open, events, words, options)));
}
