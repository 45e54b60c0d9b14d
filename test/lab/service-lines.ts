/** Lines of several services as they write them when somebody guesses at them or when nothing is wrong, drawn by a seed; no two are the same. */

import type { Draw } from './draw.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const two = (number: number) => String(number).padStart(2, '0');

export interface ServiceLine {
  readonly file: string;
  readonly text: string;
}

/** `n` is another one for each line. */
type Make = (who: { readonly at: Date; readonly n: number; readonly ip: string; readonly name: string }) => ServiceLine;

const clock = (at: Date) => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
const syslog = (at: Date) => `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${clock(at)}`;
const iso = (at: Date, n: number) => `${at.toISOString().slice(0, 19)}.${String(n).padStart(6, '0')}+00:00`;
const auth: (says: Make extends (who: infer W) => unknown ? (who: W) => string : never) => Make = (says) => (who) => ({
  file: 'auth.log',
  text: `${iso(who.at, who.n)} web1 ${says(who)}`,
});
const mail: typeof auth = (says) => (who) => ({ file: 'mail.log', text: `${syslog(who.at)} web1 ${says(who)}` });

const NGINX: Make = ({ at, n, ip, name }) => ({
  file: 'nginx-error.log',
  text: `${at.getUTCFullYear()}/${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())} ${clock(at)} [error] 700#700: *${n} user "${name}": password mismatch, client: ${ip}, server: web1, request: "GET /${n} HTTP/1.1", host: "web1"`,
});
const APACHE: Make = ({ at, n, ip, name }) => ({
  file: 'apache-error.log',
  text: `[${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${two(at.getUTCDate())} ${clock(at)}.${String(n).padStart(6, '0')} ${at.getUTCFullYear()}] [auth_basic:error] [pid 70:tid 7] [client ${ip}:${2_000 + n}] AH01617: user ${name}: authentication failure for "/": Password Mismatch`,
});

/** Each is a failure for the stock filter of the service. */
export const REFUSALS: readonly Make[] = [
  auth(({ n, ip, name }) => `sshd[${20_000 + n}]: Failed password for ${name} from ${ip} port ${2_000 + n} ssh2`),
  auth(({ n, ip, name }) => `sshd[${20_000 + n}]: Invalid user ${name} from ${ip} port ${2_000 + n}`),
  auth(({ n, ip, name }) => `sshd[${20_000 + n}]: Failed password for invalid user ${name} from 192.0.2.200 from ${ip} port ${2_000 + n} ssh2`),
  auth(
    ({ n, ip, name }) =>
      `login[${20_000 + n}]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=${ip}  user=${name}`,
  ),
  mail(
    ({ n, ip }) =>
      `postfix/smtpd[${20_000 + n}]: NOQUEUE: reject: RCPT from unknown[${ip}]: 554 5.7.1 <a@example.org>: Relay access denied; from=<b@example.net> to=<a@example.org> proto=ESMTP helo=<x${n}>`,
  ),
  mail(
    ({ n, ip, name }) =>
      `dovecot: imap-login: Disconnected (auth failed, 3 attempts in 12 secs): user=<${name}>, method=PLAIN, rip=${ip}, lip=192.0.2.7, TLS, session=<s${n}>`,
  ),
  NGINX,
  APACHE,
  ({ at, n, ip, name }) => ({
    file: 'vsftpd.log',
    text: `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${clock(at)} ${at.getUTCFullYear()} [pid ${20_000 + n}] [${name}] FAIL LOGIN: Client "${ip}"`,
  }),
];

/** None is. */
export const CALM: readonly Make[] = [
  auth(({ n, ip, name }) => `sshd[${20_000 + n}]: Accepted publickey for ${name} from ${ip} port ${2_000 + n} ssh2: ED25519 SHA256:abc`),
  auth(({ n }) => `CRON[${20_000 + n}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`),
  mail(({ n, ip }) => `postfix/smtpd[${20_000 + n}]: disconnect from unknown[${ip}] ehlo=1 quit=1 commands=2`),
  mail(({ n, ip, name }) => `dovecot: imap-login: Login: user=<${name}>, method=PLAIN, rip=${ip}, lip=192.0.2.7, mpid=${n}, TLS`),
  ({ at, n, ip }) => ({
    file: 'vsftpd.log',
    text: `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${clock(at)} ${at.getUTCFullYear()} [pid ${20_000 + n}] CONNECT: Client "${ip}"`,
  }),
];

const NAMES = ['root', 'admin', 'bob', 'postgres', 'www-data'];

/** Lines that wait for their moment; each of the strangers has his favourite service. */
export function drawnLines(draw: Draw, count: number, strangers: readonly string[]): ((at: Date) => ServiceLine)[] {
  const favourites = new Map(strangers.map((ip) => [ip, draw.pick(REFUSALS)]));
  return Array.from({ length: count }, (_, n) => {
    const ip = draw.pick(strangers);
    const drawn = draw.chance() < 0.25 ? draw.pick(CALM) : draw.chance() < 0.6 ? (favourites.get(ip) ?? draw.pick(REFUSALS)) : draw.pick(REFUSALS);
    // Apache writes the port behind a bare IPv6 address: fail2ban takes it for a part of the address, so that no two are alike.
    const make = drawn === APACHE && ip.includes(':') ? NGINX : drawn;
    const name = draw.pick(NAMES);
    return (at: Date) => make({ at, n, ip, name });
  });
}
