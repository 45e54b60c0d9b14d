/**
 * Keys that let somebody in by SSH, each with its fingerprint. Cannot see: keys that AuthorizedKeysCommand or a certificate
 * authority grants, and AuthorizedKeysFile within files that sshd_config includes from elsewhere.
 */

import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { inside } from '../core/places.ts';
import type { AccountSeen } from '../core/words.ts';
import { present } from './homes.ts';
import { homesOf, homesThere } from './persist-homes.ts';
import type { Home, Look } from './persist-look.ts';

/** sshd_config(5), AuthorizedKeysFile when it is not set. */
const DEFAULT_FILES = ['.ssh/authorized_keys', '.ssh/authorized_keys2'];
const PATTERNS_AT_MOST = 10;
const CONFIG_BYTES = 1 << 20;
const CONFIGS_AT_MOST = 100;

const TYPE =
  /^(?:ssh-(?:rsa|dss|dsa|ed25519|ed448|xmss)|ecdsa-sha2-nistp\d{3}|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256))(?:-cert-v\d\d)?(?:@openssh\.com)?$/;
/** Options may hold a whole script, comments anything: both leave room for the fingerprint. */
const OPTIONS_CHARACTERS = 600;
const COMMENT_CHARACTERS = 200;

export function authorizedKeys(look: Look, accounts: readonly AccountSeen[]): void {
  const patterns = keyFiles(look);
  const read = new Set<string>();
  const once = (path: string, home: Home): void => {
    if (read.has(path)) return;
    read.add(path);
    keysIn(look, path, home);
  };
  for (const home of homesThere(look.disk, accounts)) {
    const own = patterns.map((pattern) => expanded(pattern, home)).filter((path) => inside(path, home.path));
    for (const path of [...DEFAULT_FILES.map((name) => posix.join(home.path, name)), ...own]) once(path, home);
  }
  // Others need no home: `/etc/ssh/keys/%u` lets in an account whose home was never made.
  const named = (patterns.length === 0 ? [] : homesOf(accounts)).flatMap((home) =>
    patterns.map((pattern) => ({ home, path: expanded(pattern, home) })).filter(({ home, path }) => !inside(path, home.path)),
  );
  const there = present(
    look.disk,
    named.map(({ path }) => path),
  );
  for (const { home, path } of named) if (there.paths.has(path)) once(path, home);
}

/** Other places that sshd_config names, by hand: `AuthorizedKeysFile /etc/ssh/keys/%u`. */
function keyFiles(look: Look): string[] {
  const below = look.disk.names('/etc/ssh/sshd_config.d');
  const extra = Array.isArray(below) ? below.filter((name) => name.endsWith('.conf')).slice(0, CONFIGS_AT_MOST) : [];
  const paths = ['/etc/ssh/sshd_config', ...extra.map((name) => `/etc/ssh/sshd_config.d/${name}`)];
  const named = paths.flatMap((path) =>
    (look.disk.text(path, CONFIG_BYTES) ?? '').split('\n').flatMap((line) => {
      const words = line.trim().split(/[\s=]+/);
      return words[0]?.toLowerCase() === 'authorizedkeysfile' ? words.slice(1).map((word) => word.replaceAll('"', '')) : [];
    }),
  );
  return [...new Set(named)].filter((name) => name !== '' && name !== 'none' && !DEFAULT_FILES.includes(name)).slice(0, PATTERNS_AT_MOST);
}

function expanded(pattern: string, home: Home): string {
  const path = pattern
    .replaceAll('%h', () => home.path)
    .replaceAll('%u', () => home.account)
    .replaceAll('%%', '%');
  return posix.resolve(home.path, path);
}

function keysIn(look: Look, path: string, home: Home): void {
  const file = look.file(path);
  for (const [index, raw] of (file?.lines ?? []).entries()) {
    const text = raw.trim();
    if (!file || text === '' || text.startsWith('#')) continue;
    const command = keyOf(text);
    if (command === null) look.strange();
    else look.add({ place: 'authorized-keys', path, line: index + 1, account: home.account, command, changedAt: file.changedAt });
  }
}

/** `options type SHA256:… comment`, with the fingerprint as `ssh-keygen -l` shows it; null when the line is no key. */
export function keyOf(text: string): string | null {
  let rest = text;
  let options = '';
  if (!TYPE.test(firstWord(rest))) {
    options = rest.slice(0, optionsEnd(rest));
    rest = rest.slice(options.length).trimStart();
  }
  const type = firstWord(rest);
  if (!TYPE.test(type)) return null;
  rest = rest.slice(type.length).trimStart();
  const key = firstWord(rest);
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(key)) return null;
  const fingerprint = `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
  const comment = rest.slice(key.length).trim().slice(0, COMMENT_CHARACTERS);
  return [options.slice(0, OPTIONS_CHARACTERS), type, fingerprint, comment].filter((part) => part !== '').join(' ');
}

function firstWord(text: string): string {
  return /^\S*/.exec(text)?.[0] ?? '';
}

/** Options end at the first blank outside quotes; `\"` is a quote within (sshd(8)). */
function optionsEnd(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\\' && text[at + 1] === '"') at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === ' ' || sign === '\t')) return at;
  }
  return text.length;
}
