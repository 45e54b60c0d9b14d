/**
 * How long it takes from the write of the line that is one too many to the ban: Tocsin until the element is in the kernel's set, as
 * the kernel itself tells, fail2ban until it starts its action, both on the same kind of line in a network namespace of their own. Needs root, ip and nft.
 */

import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { folder, main, row } from './bench-run.mjs';
import { random } from './random.mjs';

const TRIES = 5;
/** What the goal is: 99 of 100 within so many milliseconds, and so many times sooner than fail2ban's median. */
const GOAL_MS = 100;
const GOAL_TIMES = 10;
/** Of one address; a ban that does not come is counted, and not waited for longer. */
const PATIENCE_MS = 20_000;
/** fail2ban takes seconds for each. */
const FEWER = 25;

const chance = random(7);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const failed = (ip, pid) =>
  `${new Date().toISOString().slice(0, 23)}000+00:00 web1 sshd[${pid}]: Failed password for root from ${ip} port 4000 ssh2\n`;

/** Each address writes all its tries but one, and a while later the last: from there it is timed. */
async function times(log, many, base, bannedAt) {
  const took = [];
  let missed = 0;
  for (let index = 0; index < many; index += 1) {
    const ip = `198.${base + (index >> 8)}.${index & 255}.${1 + Math.floor(chance() * 250)}`;
    for (let first = 1; first < TRIES; first += 1) fs.appendFileSync(log, failed(ip, 1_000 + index));
    await pause(50 + chance() * 100);
    const ban = bannedAt(ip);
    const from = performance.now();
    fs.appendFileSync(log, failed(ip, 1_000 + index));
    const at = await Promise.race([ban, pause(PATIENCE_MS).then(() => null)]);
    if (at === null) missed += 1;
    else took.push(at - from);
  }
  took.sort((a, b) => a - b);
  return { took, missed };
}

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

function lines(stream, hear) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (part) => {
    const all = (rest + part).split('\n');
    rest = all.pop();
    for (const line of all) hear(line);
  });
}

async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
}

async function tocsin(space, many) {
  const log = path.join(folder, 'watched.log');
  fs.writeFileSync(log, '');
  const words = ['netns', 'exec', space, main, 'watch', '--mode', 'act', '--json', '--log', log, '--state', path.join(folder, 'state')];
  const child = spawn('ip', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const waiting = new Map();
  let begun = () => {};
  const ready = new Promise((resolve) => {
    begun = resolve;
  });
  lines(child.stdout, (line) => {
    if (!line.startsWith('{')) return;
    const said = JSON.parse(line);
    if (said.event === 'told' && said.says.startsWith('watching')) begun();
  });
  await ready;
  const kernel = spawn('ip', ['netns', 'exec', space, 'nft', 'monitor', 'elements'], { stdio: ['ignore', 'pipe', 'ignore'] });
  lines(kernel.stdout, (line) => {
    const ip = /^add element inet tocsin ban4 \{ (\S+) /.exec(line)?.[1];
    if (ip !== undefined) waiting.get(ip)?.(performance.now());
  });
  await pause(1_500);
  const told = await times(log, many, 18, (ip) => new Promise((resolve) => waiting.set(ip, resolve)));
  const used = processesOf(log);
  for (const one of [kernel, child]) one.kill('SIGTERM');
  await ended(child);
  return { ...told, used };
}

/** What the two sides hold in memory that nobody else does too: the sum of their proportional shares, in MB. */
function processesOf(log) {
  const all = fs.readdirSync('/proc').flatMap((pid) => {
    try {
      const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const own = words.includes('tocsin-hand') || (words.includes(log) && words.includes('--hand'));
      const share = /^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
      return own && share ? [Number(share[1]) / 1_024] : [];
    } catch {
      return [];
    }
  });
  return all.reduce((sum, one) => sum + one, 0);
}

function jail(directory, log, told) {
  for (const one of ['filter.d', 'action.d', 'jail.d', 'fail2ban.d']) fs.mkdirSync(path.join(directory, one), { recursive: true });
  fs.cpSync('/etc/fail2ban/filter.d', path.join(directory, 'filter.d'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'action.d/tell.conf'), `[Definition]\nactionban = echo <ip> >> ${told}\nactionunban =\n`);
  fs.writeFileSync(path.join(directory, 'paths-debian.conf'), '');
  fs.writeFileSync(
    path.join(directory, 'fail2ban.conf'),
    `[Definition]\nloglevel = ERROR\nlogtarget = ${directory}/log\nsyslogsocket = auto\nsocket = ${directory}/socket\npidfile = ${directory}/pid\ndbfile = None\ndbmaxmatches = 10\ndbpurgeage = 1d\n[DEFAULT]\n`,
  );
  const own = `[bench]\nenabled = true\nfilter = sshd\nlogpath = ${log}\nbackend = auto\nmaxretry = ${TRIES}\nfindtime = 600\nbantime = 3600\naction = tell\nignoreself = false\nusedns = no\n`;
  fs.writeFileSync(path.join(directory, 'jail.conf'), `[DEFAULT]\n${own}`);
}

async function fail2ban(many) {
  const directory = path.join(folder, 'fail2ban');
  const [log, told] = [path.join(folder, 'jailed.log'), path.join(folder, 'told')];
  for (const file of [log, told]) fs.writeFileSync(file, '');
  jail(directory, log, told);
  const child = spawn('fail2ban-server', ['-c', directory, '-s', `${directory}/socket`, '-p', `${directory}/pid`, '-f', 'start'], {
    stdio: 'ignore',
  });
  for (let waits = 0; waits < 100 && spawnSync('fail2ban-client', ['-s', `${directory}/socket`, 'status', 'bench']).status !== 0; waits += 1)
    await pause(100);
  const bannedAt = async (ip) => {
    for (;;) {
      if (fs.readFileSync(told, 'utf8').includes(`${ip}\n`)) return performance.now();
      await pause(1);
    }
  };
  const result = await times(log, many, 51, bannedAt);
  child.kill('SIGTERM');
  await ended(child);
  return result;
}

function said(name, { took, missed }, more) {
  const [half, most] = [quantile(took, 0.5), quantile(took, 0.99)];
  row(
    name,
    { seconds: half / 1_000, p50Ms: half, p99Ms: most },
    `p50 ${half.toFixed(0)} ms, p99 ${most.toFixed(0)} ms of ${took.length} bans${missed > 0 ? `, ${missed} never came` : ''}${more}`,
  );
  return { half, most };
}

export async function watching(many) {
  const absent = ['ip', 'nft'].filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  if (process.getuid() !== 0 || absent.length > 0)
    return row('watch: from line to ban', {}, `not run: ${absent.length > 0 ? `${absent.join(', ')} is missing` : 'needs root'}`);
  const space = `bench${process.pid}`;
  spawnSync('ip', ['netns', 'add', space]);
  try {
    const own = await tocsin(space, many);
    const { half, most } = said(
      'watch: from line to ban in the kernel',
      own,
      `; both processes ${own.used.toFixed(0)} MB (shared pages counted by share)`,
    );
    if (spawnSync('sh', ['-c', 'command -v fail2ban-server']).status !== 0) return row('watch: fail2ban', {}, 'not run: fail2ban is not installed');
    const theirs = said('watch: fail2ban from line to action', await fail2ban(Math.min(many, FEWER)), '');
    const kept = most < GOAL_MS && theirs.half / half >= GOAL_TIMES;
    row(
      'watch: beside fail2ban',
      { ratio: theirs.half / half },
      `${(theirs.half / half).toFixed(1)} times sooner; goal p99 < ${GOAL_MS} ms and ${GOAL_TIMES} times: ${kept ? 'kept' : 'missed'}`,
    );
  } finally {
    spawnSync('ip', ['netns', 'del', space]);
  }
}
