/** Which Sigma rules match which events: for `tocsin explain --sigma DIR --events FILE`, one JSON object a line. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import * as readline from 'node:readline';
import { SigmaCorrelator } from '../guests/sigma/correlation.ts';
import { isRecord, SigmaEvent } from '../guests/sigma/event.ts';
import { eventTime } from '../guests/sigma/event-time.ts';
import { loadSigma, type RuleFile } from '../guests/sigma/load.ts';
import { SigmaMatcher } from '../guests/sigma/match.ts';
import type { SigmaSet } from '../guests/sigma/rule.ts';

const FILES_AT_MOST = 50_000;
const FILE_BYTES_AT_MOST = 4_000_000;
const DEPTH_AT_MOST = 30;
/** Longer events are not read: 64 KiB is what syslog and Windows allow, and JSON may double it several times. */
const LINE_AT_MOST = 2_000_000;

export interface RuleFolder {
  readonly files: readonly RuleFile[];
  /** Files that were not read, and why. */
  readonly passed: readonly { readonly path: string; readonly because: string }[];
}

/** Every `.yml` and `.yaml` below a folder, or the one file, in the order of their names. */
export function readRules(place: string): RuleFolder {
  const files: RuleFile[] = [];
  const passed: { path: string; because: string }[] = [];
  const take = (file: string) => {
    if (files.length >= FILES_AT_MOST) passed.push({ path: file, because: `more than ${FILES_AT_MOST} rule files` });
    else if (fs.statSync(file).size > FILE_BYTES_AT_MOST) passed.push({ path: file, because: `longer than ${FILE_BYTES_AT_MOST} bytes` });
    else files.push({ path: file, text: fs.readFileSync(file, 'utf8') });
  };
  const walk = (folder: string, depth: number) => {
    const entries = fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && depth < DEPTH_AT_MOST) walk(file, depth + 1);
      else if (entry.isDirectory()) passed.push({ path: file, because: `more than ${DEPTH_AT_MOST} folders deep` });
      // A pipe or a device is no rule, and would be waited for.
      else if (/\.ya?ml$/i.test(entry.name) && isPlainFile(file)) attempt(file, () => take(file));
    }
  };
  const attempt = (what: string, read: () => void) => {
    try {
      read();
    } catch (error) {
      passed.push({ path: what, because: error instanceof Error ? error.message : 'cannot be read' });
    }
  };
  attempt(place, () => (isPlainFile(place) ? take(place) : walk(place, 0)));
  return { files, passed };
}

function isPlainFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

interface Answer {
  readonly n: number;
  readonly id: string | number | undefined;
  readonly rules: string[];
  /** Rules that match and are only counted by a correlation. */
  readonly quiet: string[];
  readonly blind: readonly string[];
  readonly error: string | undefined;
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Exit status: 0 done, 2 rules or events could not be read. `aside` gets what was refused, so that `out` has one line for each event and nothing else. */
export async function explainSigma(dir: string, events: string, out: (line: string) => void, aside = toStandardError): Promise<number> {
  const { files, passed } = readRules(dir);
  for (const { path: file, because } of passed) aside(`${file} was not read: ${because}`);
  if (files.length === 0) {
    aside(`${dir} holds no Sigma rules (.yml, .yaml)`);
    return 2;
  }
  const set = loadSigma(files);
  for (const { file, line, reason } of set.refused) aside(`${file}, line ${line}, is not used: ${reason}`);
  const judge = new Judge(set);
  const late: Answer[] = [];
  try {
    const input = readline.createInterface({ input: fs.createReadStream(events), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of input) {
      const answer = judge.line(line);
      if (answer === null) continue;
      if (judge.correlator.late) late.push(answer);
      else out(shown(answer));
    }
  } catch (error) {
    aside(error instanceof Error ? error.message : `${events} cannot be read`);
    return 2;
  }
  for (const { id, n } of judge.finish()) late.find((answer) => answer.n === n)?.rules.push(id);
  for (const answer of late) out(shown(answer));
  return 0;
}

function shown({ n, id, rules, quiet, blind, error }: Answer): string {
  return JSON.stringify({ n, id, rules: [...new Set(rules)], ...(quiet.length > 0 && { quiet }), ...(blind.length > 0 && { blind }), error });
}

class Judge {
  readonly correlator: SigmaCorrelator;
  readonly #matcher: SigmaMatcher;
  readonly #late: { id: string; n: number }[] = [];
  #n = 0;
  #at = 0;

  constructor(set: SigmaSet) {
    this.correlator = new SigmaCorrelator(set);
    this.#matcher = new SigmaMatcher(set.rules);
  }

  /** Null for an empty line. An event without a time has that of the one before. */
  line(line: string): Answer | null {
    if (line.trim() === '') return null;
    this.#n += 1;
    const n = this.#n;
    const empty = { n, id: undefined, rules: [], quiet: [], blind: [] };
    if (line.length > LINE_AT_MOST) return { ...empty, error: `longer than ${LINE_AT_MOST} characters` };
    const record = parsed(line);
    if (record === undefined) return { ...empty, error: 'no JSON' };
    const event = new SigmaEvent(unwrapped(record));
    this.#at = eventTime(event) ?? this.#at;
    const matched = this.#matcher.match(event);
    const fired = this.correlator.hear(matched, event, this.#at, n);
    this.#late.push(...fired.filter((one) => one.n !== n));
    const told = matched.filter(({ part }) => !part).map(({ id }) => id);
    const id = isRecord(record) ? record['id'] : undefined;
    return {
      n,
      id: typeof id === 'string' || typeof id === 'number' ? id : undefined,
      rules: [...told, ...fired.filter((one) => one.n === n).map((one) => one.id)],
      quiet: told.filter((one) => this.correlator.quiet.has(one)),
      blind: [...event.blind],
      error: undefined,
    };
  }

  finish(): { id: string; n: number }[] {
    return [...this.#late, ...this.correlator.finish()];
  }
}

/** `{ "id": …, "event": {…} }` is an event with a name for it. */
function unwrapped(record: unknown): unknown {
  if (!isRecord(record) || !isRecord(record['event'])) return record;
  return Object.keys(record).every((key) => key === 'id' || key === 'n' || key === 'event') ? record['event'] : record;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
