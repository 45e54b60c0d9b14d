/**
 * The whole test suite: builds, runs the unit tests, and as root brings the Debian packages that the lab needs and runs the
 * live replays in throw-away hosts. Without root the live tests are listed by name as not run. Ends with one plain line of counts.
 * What tests draw is drawn by TOCSIN_SEED, by default a number made of the committed tree: one commit, one result.
 */

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const top = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const onlyLab = process.argv.includes('--only-lab');
const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const tree = spawnSync('git', ['rev-parse', 'HEAD^{tree}'], { cwd: top, encoding: 'utf8' }).stdout ?? '';
const seed = process.env.TOCSIN_SEED ?? `${/^[0-9a-f]{40}/.test(tree) ? parseInt(tree.slice(0, 7), 16) : randomInt(1, 1_000_000)}`;
const counts = { passed: 0, failed: 0, skipped: 0 };

function run(program, words) {
  return spawnSync(program, words, { cwd: top, stdio: 'inherit', env: { ...process.env, TOCSIN_SEED: seed } }).status ?? 1;
}

function vitest(words) {
  const out = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-test-')), 'result.json');
  const status = run(process.execPath, [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...words,
    ...names,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${out}`,
  ]);
  const result = fs.existsSync(out) ? JSON.parse(fs.readFileSync(out, 'utf8')) : null;
  fs.rmSync(path.dirname(out), { recursive: true, force: true });
  counts.passed += result?.numPassedTests ?? 0;
  counts.failed += result?.numFailedTests ?? 0;
  counts.skipped += (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
  for (const file of result?.testResults ?? []) {
    for (const test of file.assertionResults) if (test.status === 'pending' || test.status === 'skipped') console.log(`not run: ${test.fullName}`);
  }
  // A file that fails to load has no failed test in the counts, but it is a failure all the same.
  if (status !== 0 && !(result?.numFailedTests > 0)) counts.failed += 1;
}

function notRun(why) {
  const folder = path.join(top, 'test/lab/stories');
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.lab.test.ts')) : [];
  for (const file of files) {
    for (const match of fs.readFileSync(path.join(folder, file), 'utf8').matchAll(/\b(?:it|test)(?:\.each\([^)]*\))?\(\s*(['"`])(.*?)\1/g)) {
      console.log(`not run (${why}): ${file}: ${match[2]}`);
      counts.skipped += 1;
    }
  }
}

console.log(`seed ${seed}`);
if (run('npm', ['run', '--silent', 'build']) !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
if (!onlyLab) vitest([]);
if (process.getuid?.() !== 0) notRun('needs root');
else if (run('bash', ['scripts/debian-packages.sh']) !== 0) {
  notRun('the Debian packages of scripts/debian-packages.sh could not be installed');
  counts.failed += 1;
} else vitest(['--config', 'vitest.lab.config.ts']);

console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
