/**
 * Tocsin beside other programs on the same logs in the same run: from bytes to cases, where the others only match or parse. One core each.
 * A: 58 % refused passwords from 50,000 addresses; B: one line in twenty of sshd; C: a query log of BIND; D: an access log with 2 % attacks.
 */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { access, corpus, queries, refused, YEAR } from './bench-corpus.mjs';
import { best, folder, main, peak, row, timed } from './bench-run.mjs';

const SSHGUARD = '/usr/libexec/sshguard/sshg-parser';
/** fail2ban-regex reads 2 MB a second: it gets a piece, and what it needs to start is taken off. */
const PIECE_BYTES = 3e6;
const RSS_AT_MOST_MB = 150;
const ONE_CORE = '0';

/** What is asked for, as factors of the speed of others. */
const LOGS = [
  { name: 'A', make: (file, bytes) => refused(file, bytes, 11), needle: 'Failed password', asked: { sshguard: 5, fail2ban: 100 } },
  {
    name: 'B',
    make: (file, bytes) => corpus(file, { bytes, share: 0.05, stamp: 'old', seed: 12 }),
    needle: 'Failed password',
    asked: { sshguard: 12, fail2ban: 100, rg: 0.25 },
  },
  { name: 'C', make: (file, bytes) => queries(file, bytes, 13), needle: 'IN ANY', asked: { rg: 0.15 } },
  { name: 'D', make: (file, bytes) => access(file, bytes, 14), needle: 'UNION', asked: { rg: 0.15 } },
];

const isThere = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Bytes a second of each program that is there, by its name. */
async function speeds({ needle, asked }, file, bytes, rounds) {
  const runs = { tocsin: [], rg: [], sshguard: [], fail2ban: [] };
  const { piece, empty } = pieces(file);
  for (let round = 0; round < rounds; round += 1) {
    runs.tocsin.push(await timed([main, 'investigate', '--log', file, '--year', String(YEAR), '--json'], { on: ONE_CORE }));
    if (isThere('rg')) runs.rg.push(await timed(['rg', '-c', needle, file], { on: ONE_CORE }));
    if ('sshguard' in asked && fs.existsSync(SSHGUARD)) {
      const input = fs.openSync(file, 'r');
      runs.sshguard.push(await timed([SSHGUARD], { input, on: ONE_CORE }));
      fs.closeSync(input);
    }
    if ('fail2ban' in asked && isThere('fail2ban-regex')) {
      const whole = await timed(['fail2ban-regex', piece, 'sshd'], { on: ONE_CORE });
      const start = await timed(['fail2ban-regex', empty, 'sshd'], { on: ONE_CORE });
      runs.fail2ban.push({ ...whole, seconds: whole.seconds - start.seconds });
    }
  }
  const speed = (name) => (name === 'fail2ban' ? fs.statSync(piece).size : bytes) / best(runs[name]).seconds;
  const told = Object.fromEntries(Object.keys(runs).flatMap((name) => (runs[name].length > 0 ? [[name, speed(name)]] : [])));
  return { told, rss: peak(runs.tocsin), seconds: best(runs.tocsin).seconds };
}

function pieces(file) {
  const piece = path.join(folder, 'piece.log');
  const empty = path.join(folder, 'empty.log');
  const head = Buffer.alloc(PIECE_BYTES);
  const input = fs.openSync(file, 'r');
  const got = fs.readSync(input, head);
  fs.closeSync(input);
  fs.writeFileSync(piece, head.subarray(0, head.subarray(0, got).lastIndexOf(10) + 1));
  fs.writeFileSync(empty, '\n');
  return { piece, empty };
}

export async function peers(megabytes, rounds) {
  for (const log of LOGS) {
    const file = path.join(folder, `peers-${log.name}.log`);
    const { bytes } = log.make(file, megabytes * 1e6);
    const measured = await speeds(log, file, bytes, rounds).catch((error) => error);
    if (measured instanceof Error) {
      const reason = /tocsin: (.*)/.exec(measured.message)?.[1] ?? measured.message;
      row(`${log.name}: tocsin`, {}, `MISSED, it could not do it: ${reason.slice(0, 120)}`);
      fs.rmSync(file);
      continue;
    }
    const { told, rss, seconds } = measured;
    row(
      `${log.name}: tocsin`,
      { mbPerSecond: told.tocsin / 1e6, seconds, rss },
      rss < RSS_AT_MOST_MB ? 'memory kept' : `memory missed: ${RSS_AT_MOST_MB} MB were asked for`,
    );
    for (const [name, factor] of Object.entries(log.asked)) {
      if (told[name] === undefined) {
        row(`${log.name}: ${name}`, {}, 'not run: it is not installed');
        continue;
      }
      const ratio = told.tocsin / told[name];
      row(
        `${log.name}: ${name}`,
        { mbPerSecond: told[name] / 1e6, ratio },
        `tocsin runs at ${ratio.toFixed(3)} of its speed: ${ratio >= factor ? 'kept' : 'MISSED'} (asked for ${factor})`,
      );
    }
    fs.rmSync(file);
  }
}
