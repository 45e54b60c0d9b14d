/**
 * Runs the built `tocsin explain --json` over cases of one line each and has them scored by the corpus's own scorer
 * (tools/score-lines.mjs beside the data): which answers are right, group by group.
 */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const ROOT = new URL('..', import.meta.url).pathname;
const OUTPUT_BYTES_AT_MOST = 1 << 30;

/** Where the data lie: `--dir DIR`, TOCSIN_DATA, or beside the repository; null = absent. */
export function dataDirectory(args) {
  const given = optionOf(args, '--dir') ?? process.env.TOCSIN_DATA;
  const directory = given ?? path.join(ROOT, '../shared/data');
  return fs.existsSync(directory) ? directory : null;
}

export function optionOf(args, name) {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

export function casesIn(file) {
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** One answer of `explain` for each case, in order. A case of several lines is asked about by its first. */
export function explained(cases, words = []) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-conformance-'));
  try {
    const file = path.join(folder, 'lines.log');
    const lines = cases.map((one) => (one.access_log_line ?? one.line_with_header ?? one.line).split('\n')[0]);
    fs.writeFileSync(file, `${lines.join('\n')}\n`);
    const run = spawnSync(process.execPath, [path.join(ROOT, 'bin/tocsin'), 'explain', '--json', ...words, file], {
      encoding: 'utf8',
      maxBuffer: OUTPUT_BYTES_AT_MOST,
    });
    if (run.status === 2 || run.error) throw new Error(run.stderr || String(run.error));
    return run.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** What the scorer says of all cases of one file. `misses` are its lines about each case that is not right. */
export function scored(directory, file, words = []) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-conformance-'));
  try {
    const cases = casesIn(file);
    const answers = explained(cases, words);
    const output = path.join(folder, 'answers.jsonl');
    fs.writeFileSync(output, cases.map((one, at) => JSON.stringify({ id: one.id, events: eventsOf(answers[at]) })).join('\n'));
    const scorer = path.join(directory, 'tools/score-lines.mjs');
    const run = spawnSync(process.execPath, [scorer, file, output, '--json', '--misses', String(cases.length)], {
      encoding: 'utf8',
      maxBuffer: OUTPUT_BYTES_AT_MOST,
    });
    if (run.status !== 0) throw new Error(run.stderr);
    const [score, ...misses] = run.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return { score, misses };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function eventsOf(answer) {
  if (!answer || (answer.event === null && answer.by.length === 0)) return [];
  const { attack, address, user, outcome, event } = answer;
  return [{ attack, ip: address, user, outcome, class: answer.class, fields: event ?? {} }];
}

/** Prints figures and misses; says whether all was right. */
export function report(name, { score, misses }, args) {
  const groups = Object.entries(score.groups);
  const right = groups.reduce((sum, [, group]) => sum + group.ok, 0);
  const all = groups.reduce((sum, [, group]) => sum + group.n, 0);
  for (const miss of misses) console.log(JSON.stringify(miss));
  for (const [group, { ok, n }] of groups) console.log(`${name}/${group || 'all'}: ${ok} of ${n}`);
  const { attack, ip, user, outcome } = score;
  if (attack.tp + attack.fn > 0) console.log(`${name}: attack recall ${attack.recall}, precision ${attack.precision}`);
  for (const [what, one] of Object.entries({ ip, user, outcome }))
    if (one.want > 0) console.log(`${name}: ${what} ${one.right} of ${one.want}, ${one.wrong} wrong`);
  if (args.includes('--fields'))
    for (const [field, { right: good, want }] of Object.entries(score.fields)) console.log(`${name}: ${field} ${good} of ${want}`);
  console.log(`${name}: ${right} of ${all}`);
  return right === all;
}

/** The whole of a kind: its files below the data. */
export function runFiles(name, files, args) {
  const directory = dataDirectory(args);
  if (directory === null) {
    console.error(`${name}: skipped, the data are not here (TOCSIN_DATA, or --dir DIR)`);
    return true;
  }
  return files.map((file) => report(file.split('/')[0], scored(directory, path.join(directory, file)), args)).every(Boolean);
}
