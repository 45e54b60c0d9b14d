/** What both benches use: how a program is run and measured, and the table that it goes into. Settings by environment: see bench.mjs. */

import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export const top = path.dirname(path.dirname(new URL(import.meta.url).pathname));
export const set = (name, otherwise) => process.env[`BENCH_${name}`] ?? otherwise;
export const main = set('MAIN', path.join(top, 'bin/tocsin'));
const cpus = set('CPUS', '0,1');

export const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-bench-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const pinned = cpus !== '' && spawnSync('taskset', ['-c', cpus, 'true']).status === 0;
export const where = pinned ? cpus : 'all';
/** taskset becomes the program that it starts: the pid stays the same. `on` = other CPUs than usual. */
const start = (words, stdio, on = cpus) => spawn(...(pinned ? ['taskset', ['-c', on, ...words]] : [words[0], words.slice(1)]), { stdio });

/** VmHWM is the peak that the kernel kept, so that a late look loses nothing but the last 10 ms; CPU in seconds. Throws once it has ended. */
function usedBy(pid) {
  const peak = /VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!peak) throw new Error('ended');
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop().split(' ');
  return { rss: Number(peak[1]) / 1024, cpu: (Number(fields[11]) + Number(fields[12])) / 100 };
}

/** Runs a program to its end (`input` = a file descriptor for its standard input): wall seconds, CPU seconds, the largest resident size, what it printed. */
export function timed(words, { input = 'ignore', on = cpus } = {}) {
  return new Promise((resolve, reject) => {
    const begun = process.hrtime.bigint();
    const child = start(words, [input, 'pipe', 'pipe'], on);
    let used = { rss: 0, cpu: 0 };
    const out = [];
    const complaints = [];
    const look = setInterval(() => {
      try {
        used = usedBy(child.pid);
      } catch {
        // It has ended: the last reading stands.
      }
    }, 10);
    child.stdout.on('data', (part) => out.push(part));
    child.stderr.on('data', (part) => complaints.push(part));
    child.once('error', reject);
    child.once('close', (status) => {
      clearInterval(look);
      const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
      if (status !== 0 && status !== 1) return reject(new Error(`${words.join(' ')} ended with ${status}: ${Buffer.concat(complaints)}`));
      resolve({ seconds, ...used, out: Buffer.concat(out).toString('utf8') });
    });
  });
}

export const table = [];
export function row(what, figures, remark) {
  table.push({ what, ...figures, remark });
  const said = [
    figures.mbPerSecond === undefined ? '' : `${figures.mbPerSecond.toFixed(0)} MB/s`,
    figures.seconds === undefined ? '' : `${figures.seconds.toFixed(2)} s`,
    figures.rss === undefined ? '' : `${figures.rss.toFixed(0)} MB`,
  ];
  console.log(`${what.padEnd(48)}${said.map((text) => text.padStart(11)).join('')}  ${remark}`);
}

export const best = (runs) => runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
export const peak = (runs) => Math.max(...runs.map((run) => run.rss));
