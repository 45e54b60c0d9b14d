/** Single lines of attack kits' lists: what is a target, what ties a host to an account and its password, what is a guessable password. */

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;

/** `203.0.113.7`, `…/24`, `…:22`, `… 22`, `…-9`, `…-203.0.113.9`, `203.0.113.*`. */
const V4_TARGET = new RegExp(
  `^(?:${IPV4}(?:/\\d{1,2}|:\\d{1,5}|\\s*-\\s*(?:${IPV4}|\\d{1,3})|[ \\t,]\\d{1,5})?|${OCTET}\\.${OCTET}\\.(?:${OCTET}|\\*)\\.\\*)$`,
);
const V6_TARGET = /^(?:\[[0-9a-f:.]{2,45}\](?::\d{1,5})?|(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:.]{2,45}(?:\/\d{1,3})?)$/i;
const HOST_PORT = /^(?=.{4,260}$)[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z][a-z0-9-]{0,62}:\d{1,5}$/i;
/** masscan -oL: `open tcp 22 203.0.113.7 1390380064`. */
const MASSCAN = new RegExp(`^open (?:tcp|udp) \\d{1,5} ${IPV4} \\d{1,12}$`);

export function targetIn(line: string): boolean {
  return V4_TARGET.test(line) || V6_TARGET.test(line) || HOST_PORT.test(line) || MASSCAN.test(line);
}

/** The numbers of an address that only begins: `203.0`, `198.51.100.`; null when it is none. */
export function prefixOf(line: string): readonly number[] | null {
  const found = /^([1-9]\d{0,2})\.(0|[1-9]\d{0,2})(?:\.(0|[1-9]\d{0,2}))?\.?$/.exec(line);
  if (!found) return null;
  const parts = found.slice(1).flatMap((part) => (part === undefined ? [] : Number(part)));
  return (parts[0] ?? 0) <= 223 && parts.every((part) => part <= 255) ? parts : null;
}

/** Accounts that guessing tools try first, whatever the machine: system, service, vendor and placeholder names. */
export const GUESSED_ACCOUNTS: ReadonlySet<string> = new Set(
  (
    'root admin administrator test tester testuser user user1 guest oracle postgres mysql ubuntu debian centos fedora ec2-user pi ftp ftpuser ' +
    'www www-data webmaster web apache nginx tomcat tomcat7 nagios zabbix support service services operator backup bin daemon sys adm nobody ' +
    'mail info postmaster public demo student teacher guest1 git svn jenkins hadoop spark elastic redis mongodb docker deploy deployer ansible ' +
    'vagrant dev developer sales office staff manager master toor supervisor cisco ubnt default minecraft teamspeak ts3 steam asterisk squid ' +
    'proxy vpn vnc temp tmp monitor helpdesk library security server cyrus games news uucp'
  ).split(' '),
);

/** Passwords that every published list of the most used ones has. */
const GUESSED_SECRETS: ReadonlySet<string> = new Set(
  (
    '123456 12345 1234 123 12345678 123456789 1234567890 1234567 123123 111111 000000 654321 666666 888888 121212 112233 1q2w3e 1q2w3e4r ' +
    '1qaz2wsx 1qazxsw2 qwerty qwerty123 qwertyuiop asdfgh asdf zxcvbn abc123 password password1 password123 passw0rd p@ssw0rd p@ssword pass ' +
    'pass123 passwd admin admin123 root root123 toor letmein welcome welcome1 iloveyou monkey dragon sunshine princess football baseball ' +
    'superman batman trustno1 changeme test123 qazwsx secret master123 shadow michael jesus ninja raspberry default1 user123 guest123 ubnt'
  ).split(' '),
);

export function looksGuessed(secret: string): boolean {
  return GUESSED_SECRETS.has(secret.toLowerCase());
}

/** Could be a password as people choose them: no path, address, version, setting, digest or long number. */
export function isSecretWord(word: string): boolean {
  if (word.length > 40 || !/^[\p{L}\p{N}\udc80-\udcff_@!#$%^&*()+~.?,'|[\]-]{1,40}$/u.test(word)) return false;
  return !/^\d+(?:\.\d+)+|^[0-9a-f]{16,}$|^[\w.-]+@[\w-]+\.\w|^\w+\(|^-|^[A-Za-z][\w-]+(?:\.[A-Za-z][\w-]+){1,4}$|[,(]$/i.test(word);
}

/** `203.0.113.7` or `203.0.113.7:22`. */
const HOST = `${IPV4}(?::\\d{1,5})?`;
const ACCOUNT = '[A-Za-z_][\\w.$-]{0,31}';
const SECRET = '[^\\s]{1,64}';
/** Joined by signs that no table uses between such things; the account is there beside its host. */
const STRONG: readonly RegExp[] = [
  new RegExp(`^${HOST}[ \\t]+${ACCOUNT}:${SECRET}$`),
  new RegExp(`^${ACCOUNT}[:|]${SECRET}[ \\t:|@]+${HOST}$`),
  new RegExp(`^${IPV4}[:|]\\d{1,5}[:|]${ACCOUNT}[:|]${SECRET}$`),
  new RegExp(`^${IPV4}[:|]${ACCOUNT}[:|]${SECRET}$`),
  new RegExp(`^${ACCOUNT}@${IPV4}(?::\\d{1,5})?[ \\t:|]+[^\\s/]{1,64}$`),
  new RegExp(`^ssh[ \\t]+(?:-p ?\\d{1,5} )?${ACCOUNT}@[\\w.-]{1,253}[ \\t]+(?:-p ?\\d{1,5} )?${SECRET}$`),
  /^(?:.{0,120}\s)?(?:login|user|username):\s{0,8}\S{1,64}\s{1,8}pass(?:word|wd)?:\s{0,8}\S{1,64}/i,
  new RegExp(`^(?:.{0,40}\\s)?${IPV4}[ \\t]+\\d{1,5}/tcp ssh: '[^']{1,32}' '[^']{0,64}'$`),
];
/** Joined by blanks only, as in /etc/hosts: believed when the accounts are those of guessing tools. */
const BY_BLANKS: readonly RegExp[] = [
  new RegExp(`^${HOST}(?:[ \\t]+\\d{1,5})?[ \\t]+(${ACCOUNT})[ \\t]+(${SECRET})$`),
  new RegExp(`^(${ACCOUNT})[ \\t]+(${SECRET})[ \\t]+${HOST}(?:[ \\t]+\\d{1,5})?$`),
];
/** What stands there in hosts, known_hosts and zone files instead of a password. */
const NO_SECRET = /^(?:ssh-|ecdsa-|sk-|IN$|A$|AAAA$|CNAME$|PTR$|localhost|ip6-)|[;{]$/i;

/** Lines that tie a host to an account and its password. */
export function lootIn(lines: readonly string[]): number {
  const strong = lines.filter((line) => STRONG.some((form) => form.test(line)) && !NO_SECRET.test(line.slice(line.lastIndexOf(' ') + 1))).length;
  const accounts = lines.flatMap((line) => {
    const found = BY_BLANKS.map((form) => form.exec(line)).find((match) => match !== null);
    const [, account = '', secret = ''] = found ?? [];
    return account === '' || NO_SECRET.test(secret) || NO_SECRET.test(account) || sameHost(account, secret) ? [] : account.toLowerCase();
  });
  const guessed = accounts.filter((account) => GUESSED_ACCOUNTS.has(account)).length;
  return strong + (guessed >= accounts.length * 0.3 ? accounts.length : 0);
}

/** `db1 db1.example.net` and `db1.example.net db1` are names of one host. */
function sameHost(one: string, other: string): boolean {
  return one.startsWith(`${other}.`) || other.startsWith(`${one}.`) || (one.includes('.') && other.includes('.'));
}
