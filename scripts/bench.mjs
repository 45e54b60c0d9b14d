/**
 * Measures Tocsin in one run: the way from log bytes to cases beside `rg -c` on the same file, and the cost of a look at a crowded
 * machine. Ratios are what counts; absolute figures belong to the machine. Needs what `npm run build` made.
 * Settings by environment: BENCH_MB (size of each log), BENCH_ROUNDS (best of), BENCH_CROWD (processes and sockets), BENCH_CPUS (for
 * taskset, '' = all), BENCH_PEERS_MB (size of the logs for the comparison with other programs, 0 = leave it out), BENCH_BANS (how many are timed from line to kernel, 0 = leave it out), BENCH_MAIN (another build's bin/tocsin), BENCH_JSON (write the figures to this file).
 */

import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { corpus, YEAR } from './bench-corpus.mjs';
import { peers } from './bench-peers.mjs';
import { best, folder, main, peak, row, set, table, timed, where } from './bench-run.mjs';
import { watching } from './bench-watch.mjs';

const megabytes = Number(set('MB', '100'));
const rounds = Number(set('ROUNDS', '3'));
const crowd = Number(set('CROWD', '3000'));
/** What the product promises for 1 GB of logs or 3,000 processes and sockets, on two cores. */
const PROMISED_SECONDS = 15;
const PROMISED_RSS_MB = 300;

/** A fast answer that is wrong would be no result: every line must have been read, and no try counted that was not there. */
function checked(out, made) {
  const report = JSON.parse(out);
  const lines = report.coverage.reduce((sum, entry) => sum + (entry.lines ?? 0), 0);
  if (lines !== made.lines) throw new Error(`${lines} lines were read of ${made.lines}`);
  const seen = report.findings.filter((finding) => finding.detector === 'password-guessing').reduce((sum, finding) => sum + finding.seen, 0);
  if (seen === 0 || seen > made.failures) throw new Error(`${seen} tries were counted of ${made.failures}`);
  return seen;
}

async function logs(name, settings) {
  const file = path.join(folder, `${name[0]}.log`);
  const made = corpus(file, { bytes: megabytes * 1e6, ...settings });
  const ours = [];
  const theirs = [];
  const withRg = spawnSync('rg', ['--version']).status === 0;
  // In turns, so that a noisy neighbour disturbs both.
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timed([main, 'investigate', '--log', file, '--year', String(YEAR), '--json']));
    if (withRg) theirs.push(await timed(['rg', '-c', 'Failed password', file]));
  }
  const seen = checked(best(ours).out, made);
  const mb = made.bytes / 1e6;
  const { seconds, cpu } = best(ours);
  row(
    `${name}: tocsin`,
    { mbPerSecond: mb / seconds, seconds, rss: peak(ours) },
    `CPU ${cpu.toFixed(1)} s; ${made.lines} lines, ${seen} of ${made.failures} tries by loud addresses`,
  );
  if (withRg) {
    const rg = best(theirs).seconds;
    row(
      `${name}: rg -c 'Failed password'`,
      { mbPerSecond: mb / rg, seconds: rg, ratio: rg / seconds },
      `tocsin runs at ${(rg / seconds).toFixed(3)} of its speed`,
    );
  } else row(`${name}: rg -c`, {}, 'not run: ripgrep is not installed');
  fs.rmSync(file);
}

/** A perl that makes pairs of connected loopback sockets and gives each end to a child that sleeps; it ends them by pid when its input ends. */
const CROWD = `use Socket; $|=1;
socket(my $l,PF_INET,SOCK_STREAM,0) or die; bind($l,sockaddr_in(0,INADDR_LOOPBACK)) or die; listen($l,64) or die;
my ($port)=sockaddr_in(getsockname($l)); my @pids;
for (1..$ARGV[0]/2) {
  socket(my $c,PF_INET,SOCK_STREAM,0) or die; connect($c,sockaddr_in($port,INADDR_LOOPBACK)) or die; accept(my $a,$l) or die;
  for my $end (0,1) { my $f=fork; die unless defined $f; if (!$f) { close $l; close($end ? $c : $a); close STDIN; close STDOUT; sleep 600; exit } push @pids,$f }
}
close $l; print "ready\\n"; <STDIN>; kill 9,@pids; waitpid $_,0 for @pids;`;

async function looks(what) {
  const runs = [];
  for (let round = 0; round < rounds; round += 1) runs.push(await timed([main, 'investigate', '--json']));
  const idle = await timed([main, 'investigate', '--watch', '0', '--json']);
  const { seconds, cpu, out } = best(runs);
  const seen = JSON.parse(out)
    .coverage.filter((entry) => ['processes', 'sockets'].includes(entry.source))
    .map((entry) => entry.detail);
  row(what, { seconds, rss: peak(runs), cpu }, `CPU ${cpu.toFixed(2)} s; ${idle.seconds.toFixed(2)} s with --watch 0; ${seen.join(', ')}`);
  return seconds;
}

async function sweep() {
  const alone = await looks('state: this machine as it is');
  const child = spawn('perl', ['-e', CROWD, String(crowd)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const gone = new Promise((resolve) => child.once('close', resolve));
  const ready = await Promise.race([new Promise((resolve) => child.stdout.once('data', () => resolve(true))), gone.then(() => false)]);
  if (!ready) return row(`state: with ${crowd} processes more`, {}, 'not run: the crowd could not be started');
  try {
    const full = await looks(`state: with ${crowd} processes and sockets more`);
    row('state: cost of the crowd', { seconds: full - alone }, `${(((full - alone) * 1e6) / crowd).toFixed(0)} µs for a process with its socket`);
  } finally {
    child.stdin.end();
    await gone;
  }
}

console.log(`${os.cpus()[0]?.model.trim()}, CPUs ${where}, Node ${process.version}, ${megabytes} MB a log, best of ${rounds}`);
await logs('A, one line in twenty is of sshd', { share: 0.05, stamp: 'old', seed: 1 });
await logs('B, guessed at from 20,000 addresses', { share: 0.97, stamp: 'iso', seed: 2 });
await sweep();
const peersMb = Number(set('PEERS_MB', '100'));
if (peersMb > 0) await peers(peersMb, rounds);
const bans = Number(set('BANS', '500'));
if (bans > 0) await watching(bans);
console.log(
  `promised: 1 GB of logs, ${crowd} processes and ${crowd} sockets in less than ${PROMISED_SECONDS} s and ${PROMISED_RSS_MB} MB on two cores`,
);
if (set('JSON', '') !== '') fs.writeFileSync(set('JSON', ''), `${JSON.stringify(table, null, 2)}\n`);
