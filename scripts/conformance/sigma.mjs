/**
 * Sigma conformance: loads every rule of a folder, and holds rules against the events that came with them.
 *
 * `run(['--dir', DIR])`, or TOCSIN_SIGMA=DIR for a public rule tree. DIR may hold `regression-events.jsonl`: one object a line with
 * `id`, `rule_yaml` or `rule_path`, `events`, and `match_count` (so many must match at least; 0 = none may; null = one must).
 * Needs `npm run build`.
 */

import * as fs from 'node:fs';
import * as path from 'node:path';

const REGRESSION = 'regression-events.jsonl';

function option(args, name) {
  const at = args.indexOf(name);
  return at === -1 ? undefined : args[at + 1];
}

function rows(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

async function rooms() {
  const from = (name) => import(new URL(`../../dist/${name}.js`, import.meta.url).href);
  const parts = ['faces/explain-sigma', 'guests/sigma/load', 'guests/sigma/match', 'guests/sigma/report', 'guests/sigma/event'];
  return Object.assign({}, ...(await Promise.all(parts.map(from))));
}

/** What a row asks for, and what came. */
function judged(row, count) {
  const wanted = row.match_count ?? null;
  if (wanted === null) return count > 0 ? null : `no event of ${row.events.length} matches`;
  // Some rows count alerts, of which several events of one file make one: more is not wrong, unless none may match.
  return wanted === 0 ? (count === 0 ? null : `${count} events match, none may`) : count >= wanted ? null : `${count} events match, wanted ${wanted}`;
}

function positives(sigma, list, dir, print) {
  const misses = [];
  const refused = [];
  for (const row of list) {
    const file = [path.join(dir, 'rules', row.rule_path ?? ''), path.join(dir, row.rule_path ?? '')].find(
      (place) => row.rule_path && fs.existsSync(place),
    );
    const text = row.rule_yaml ?? (file === undefined ? undefined : fs.readFileSync(file, 'utf8'));
    if (text === undefined) {
      refused.push(`${row.id}: its rule ${row.rule_path} is not there`);
      continue;
    }
    const set = sigma.loadSigma([{ path: row.rule_path ?? row.id, text }]);
    const matcher = new sigma.SigmaMatcher(set.rules);
    const count = row.events.filter((event) => matcher.match(new sigma.SigmaEvent(event)).length > 0).length;
    const why =
      set.refused.length > 0 ? `refused: ${set.refused.map(({ line, reason }) => `line ${line}: ${reason}`).join('; ')}` : judged(row, count);
    if (why !== null) misses.push(`${row.id} ${row.rule_path}: ${why}`);
  }
  print(`${REGRESSION}: ${list.length - refused.length - misses.length} of ${list.length} judged right`);
  for (const miss of [...misses, ...refused]) print(`  ${miss}`);
  return misses.length + refused.length;
}

/** Every rule against the events of all others: a rule that matches an event of another rule is shown, for a person to look at. */
function strangers(sigma, list, print) {
  const set = sigma.loadSigma(list.flatMap((row) => (row.rule_yaml ? [{ path: row.rule_path ?? row.id, text: row.rule_yaml }] : [])));
  const matcher = new sigma.SigmaMatcher(set.rules);
  let asked = 0;
  const told = [];
  for (const row of list) {
    for (const event of row.events) {
      asked += set.rules.length - 1;
      const found = matcher.match(new sigma.SigmaEvent(event)).filter((rule) => rule.file !== (row.rule_path ?? row.id));
      for (const rule of found) told.push(`${row.title ?? row.id}: also “${rule.title}”`);
    }
  }
  print(`events held against the rules of others: ${told.length} of ${asked} pairs match`);
  for (const line of new Set(told)) print(`  ${line}`);
}

/** The folder's rules and events, or a rule tree alone. True when nothing was missed. */
export async function run(args, print = console.log) {
  const dir = option(args, '--dir') ?? process.env.TOCSIN_SIGMA;
  if (dir === undefined) {
    print('sigma: no folder given (--dir DIR or TOCSIN_SIGMA=DIR)');
    return false;
  }
  const sigma = await rooms();
  const { files, passed } = sigma.readRules(dir);
  const set = sigma.loadSigma(files);
  const report = sigma.sigmaReport(set);
  const failed = new Set(set.refused.map(({ file }) => file));
  print(`${dir}: ${files.length - failed.size} of ${files.length} files load; ${report.total - report.refused} of ${report.total} rules`);
  print(
    `  ${report.taken} taken over, ${report.partly} partly, ${report.notApplicable} not applicable, ${report.refused} refused; ${report.slow} without needles`,
  );
  for (const { path: file, because } of passed) print(`  ${file}: not read: ${because}`);
  const bad = report.lines.filter(({ taken }) => taken === 'refused' || (taken !== 'taken' && args.includes('--all')));
  for (const line of bad) print(`  ${line.file}:${line.line}: ${line.taken}: ${line.because.join('; ')}`);
  const regression = path.join(dir, REGRESSION);
  let misses = report.refused + passed.length;
  if (fs.existsSync(regression)) {
    const list = rows(regression);
    misses += positives(sigma, list, dir, print);
    strangers(sigma, list, print);
  } else print(`${REGRESSION}: not there, no events are held against the rules`);
  return misses === 0;
}
