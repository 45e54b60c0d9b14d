/**
 * Measures Tocsin beside its peers in one run: the way from log bytes to cases beside `rg -c` on the same file, and the cost of a
 * look at a crowded machine. Ratios are what counts; absolute figures belong to the machine. Options: --mb N, --processes N, --json FILE.
 */

import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const top = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const megabytes = Number(option('mb', '300'));
const crowd = Number(option('processes', '3000'));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-bench-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

/** mulberry32: the same seed gives the same corpus. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NAMES = ['root', 'admin', 'oracle', 'test', 'git', 'ubuntu', 'deploy', 'ftp', 'mysql', 'guest'];
const BENIGN = [
  (n) => `CRON[${n}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`,
  (n) => `CRON[${n}]: pam_unix(cron:session): session closed for user root`,
  (n) => `sshd[${n}]: Server listening on 0.0.0.0 port 22.`,
  (n) => `systemd-logind[612]: Session ${n} logged out. Waiting for processes to exit.`,
  (n) => `polkitd[711]: Registered Authentication Agent for unix-process:${n}:1 (system bus name :1.${n})`,
  (n) => `dbus-daemon[520]: [system] Successfully activated service 'org.freedesktop.hostname1' request ${n}`,
];

/** Share of failures, over 50,000 addresses whose frequencies fall off as 1/rank. */
function corpus(file, share, seed) {
  const chance = random(seed);
  const out = fs.openSync(file, 'w');
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct'];
  const bytes = megabytes * 1e6;
  let lines = 0;
  let failures = 0;
  for (let written = 0; written < bytes; ) {
    const part = [];
    for (let line = 0; line < 5_000; line += 1) {
      const done = (written + line * 110) / bytes;
      const day = Math.min(299, Math.floor(done * 300));
      const second = Math.floor((done * 300 - day) * 86_400);
      const two = (n) => String(n).padStart(2, '0');
      const stamp = `${months[Math.floor(day / 30)]} ${String(1 + (day % 28)).padStart(2, ' ')} ${two(Math.floor(second / 3600) % 24)}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
      const n = 1_000 + Math.floor(chance() * 30_000);
      if (chance() < share) {
        const rank = Math.floor(50_000 ** chance());
        part.push(
          `${stamp} web1 sshd[${n}]: Failed password for ${chance() < 0.5 ? 'invalid user ' : ''}${NAMES[Math.floor(chance() * NAMES.length)]} from 198.${18 + (rank >> 16)}.${(rank >> 8) & 255}.${rank & 255} port ${1_024 + n} ssh2`,
        );
        failures += 1;
      } else part.push(`${stamp} web1 ${BENIGN[Math.floor(chance() * BENIGN.length)](n)}`);
      lines += 1;
    }
    written += fs.writeSync(out, `${part.join('\n')}\n`);
  }
  fs.closeSync(out);
  return { lines, failures, bytes: fs.statSync(file).size };
}

/** Runs a program to its end: wall seconds, CPU seconds and the largest resident size that was seen. */
function timed(program, words) {
  return new Promise((resolve) => {
    const startedAt = process.hrtime.bigint();
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    let rss = 0;
    let cpu = 0;
    let out = '';
    const look = setInterval(() => {
      try {
        rss = Math.max(rss, Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
        const fields = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
        cpu = (Number(fields[11]) + Number(fields[12])) / 100;
      } catch {
        // It has ended: the last reading stands.
      }
    }, 20);
    child.stdout.on('data', (part) => {
      out += part;
    });
    child.on('close', (status) => {
      clearInterval(look);
      resolve({ seconds: Number(process.hrtime.bigint() - startedAt) / 1e9, cpu, rss, out, status });
    });
  });
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const table = [];
const row = (what, figure, remark = '') => {
  table.push({ what, figure, remark });
  console.log(`${what.padEnd(58)} ${figure.padStart(14)}  ${remark}`);
};

async function logs(name, share, seed) {
  const file = path.join(folder, `${name}.log`);
  const made = corpus(file, share, seed);
  const mb = made.bytes / 1e6;
  const peers = spawnSync('rg', ['--version']).status === 0;
  const ours = [];
  for (let round = 0; round < 3; round += 1)
    ours.push(await timed(path.join(top, 'bin/tocsin'), ['investigate', '--log', file, '--json', '--year', '2026']));
  const seconds = median(ours.map((run) => run.seconds));
  row(
    `${name}: tocsin investigate --log`,
    `${(mb / seconds).toFixed(0)} MB/s`,
    `${seconds.toFixed(2)} s, RSS ${Math.max(...ours.map((run) => run.rss)).toFixed(0)} MB, ${made.lines} lines, ${made.failures} failures`,
  );
  if (peers) {
    const theirs = [];
    for (let round = 0; round < 3; round += 1) theirs.push((await timed('rg', ['-c', 'Failed password', file])).seconds);
    row(
      `${name}: rg -c 'Failed password'`,
      `${(mb / median(theirs)).toFixed(0)} MB/s`,
      `tocsin is ${(median(theirs) / seconds).toFixed(3)} x as fast`,
    );
  } else row(`${name}: rg -c`, 'not run', 'ripgrep is not installed');
  fs.rmSync(file);
}

/** Children of one perl that hold a loopback connection each. */
const CROWD = `use Socket; socket(S,PF_INET,SOCK_STREAM,0); bind(S,sockaddr_in(0,INADDR_LOOPBACK)); listen(S,4096); my ($p)=sockaddr_in(getsockname(S));
for(1..$ARGV[0]){ my $f=fork; if($f==0){ close S; socket(C,PF_INET,SOCK_STREAM,0); connect(C,sockaddr_in($p,INADDR_LOOPBACK)); sleep 600; exit } accept(my $a,S); push @a,$a; push @p,$f } $|=1; print "ready\\n"; <STDIN>; kill 9,@p;`;

async function sweep() {
  const alone = await timed(path.join(top, 'bin/tocsin'), ['investigate', '--json']);
  row('a look at this machine as it is', `${alone.seconds.toFixed(2)} s`, `CPU ${alone.cpu.toFixed(2)} s, RSS ${alone.rss.toFixed(0)} MB`);
  const child = spawn('perl', ['-e', CROWD, String(crowd)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ready = await new Promise((resolve) => {
    child.stdout.once('data', () => resolve(true));
    child.once('close', () => resolve(false));
  });
  if (!ready) return row(`a look at ${crowd} more processes with a socket each`, 'not run', 'the crowd could not be started');
  const full = await timed(path.join(top, 'bin/tocsin'), ['investigate', '--json']);
  row(
    `a look at ${crowd} more processes with a socket each`,
    `${full.seconds.toFixed(2)} s`,
    `CPU ${full.cpu.toFixed(2)} s, RSS ${full.rss.toFixed(0)} MB`,
  );
  child.stdin.end('\n');
  await new Promise((resolve) => child.once('close', resolve));
}

console.log(`${os.cpus().length} x ${os.cpus()[0]?.model.trim()}, Node ${process.version}, ${megabytes} MB a corpus`);
await logs('A, 58 % failures', 0.58, 1);
await logs('B, 95 % benign', 0.05, 2);
await sweep();
if (option('json', null)) fs.writeFileSync(option('json'), `${JSON.stringify(table, null, 2)}\n`);
