/**
 * How sshd lets people in: asked of sshd itself (`sshd -T`) on the running machine, else read from sshd_config(5) as sshd would.
 * Cannot see: what Match blocks on Host, LocalAddress or LocalPort change for one connection (they are named), other ssh servers, and options on sshd's command line but `-f`.
 */

import { execFileSync } from 'node:child_process';
import { fitsPattern } from '../core/address-bits.ts';
import { directoryOf } from '../core/entity.ts';
import { counted, listed, shown } from '../core/text.ts';
import type { Coverage, SshdMatch, SshdSeen } from '../core/words.ts';
import type { Disk } from './disk.ts';

type Note = (coverage: Coverage) => void;

const SSHD = '/usr/sbin/sshd';
/** The second is where SUSE ships the distribution's own. */
const CONFIGS = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config'];
/** It answers in milliseconds; a host key on a dead network disk must not hold up the look. */
const ANSWER_WITHIN_MS = 5000;
const ANSWER_BYTES = 1 << 20;
const FILE_BYTES = 1 << 20;
const FILES_AT_MOST = 500;
/** SERVCONF_MAX_DEPTH of OpenSSH. */
const DEPTH_AT_MOST = 16;
const VALUES_AT_MOST = 10_000;
const MATCH_TEXT_AT_MOST = 300;

/** Options whose lines add up; of all others the first line counts. */
const ADDING = new Set(['port', 'listenaddress', 'allowusers', 'allowgroups', 'denyusers', 'denygroups']);

/** Older names (sshd_config(5)). */
const ALIASES: Readonly<Record<string, string>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
};

/** What was said, by lower-case option. */
interface Said {
  readonly values: Map<string, string[]>;
  readonly matches: string[];
  readonly blocks: { criteria: string; settings: Record<string, string> }[];
  readonly unread: string[];
  files: number;
}

/** `configs`: what running sshds were given by `-f`; the first is looked at. Null when there is no sshd here. */
export function sshdSettings(disk: Disk, note: Note, configs: readonly string[] = []): SshdSeen | null {
  const path = configs[0] ?? CONFIGS.find((config) => disk.exists(config)) ?? '/etc/ssh/sshd_config';
  const said: Said = { values: new Map(), matches: [], blocks: [], unread: [], files: 0 };
  readConfig(disk, path, said, 0);
  const answer = asked(disk, path, configs.length > 0);
  if (answer === null && said.files === 0) {
    note(nothing(disk, path));
    return null;
  }
  const effective: Said = { values: new Map(), matches: [], blocks: [], unread: [], files: 0 };
  if (answer !== null) for (const line of answer.split('\n')) option(line, effective.values);
  const by = answer === null ? 'sshd_config' : 'sshd -T';
  note(coverageOf(by, path, said, configs));
  return seen(by, path, answer === null ? said.values : effective.values, said.matches, said.blocks);
}

function nothing(disk: Disk, path: string): Coverage {
  const there = disk.exists(path);
  if (!there && !disk.exists(SSHD)) return { source: 'sshd', state: 'absent', detail: 'there is no sshd and no sshd_config' };
  return { source: 'sshd', state: 'unreadable', detail: `${shown(path, 200)} ${there ? 'could not be read' : 'is not there'}` };
}

function coverageOf(by: SshdSeen['by'], path: string, said: Said, configs: readonly string[]): Coverage {
  const parts = [
    by === 'sshd -T' ? `sshd -T answered for ${shown(path, 200)}` : `${shown(path, 200)} was read, with what OpenSSH 9.2 does by default`,
  ];
  if (said.matches.length > 0)
    parts.push(
      `${counted(said.matches.length, 'Match block was', 'Match blocks were')} read; Host, LocalAddress and LocalPort in them are not evaluated`,
    );
  if (said.unread.length > 0) parts.push(`could not be read: ${listed(said.unread)}`);
  if (configs.length > 1) parts.push(`another sshd runs with ${listed(configs.slice(1))}, which was not looked at`);
  return { source: 'sshd', state: said.unread.length > 0 || configs.length > 1 ? 'partial' : 'read', detail: parts.join('; ') };
}

/** What `sshd -T` says, or null. Only root's own program and file are run and given: others could be a trap. */
function asked(disk: Disk, path: string, named: boolean): string | null {
  if (!disk.live || process.getuid?.() !== 0 || ![SSHD, path].every((file) => rootOnly(disk, file))) return null;
  try {
    const answer = execFileSync(SSHD, named ? ['-T', '-f', path] : ['-T'], {
      env: {},
      timeout: ANSWER_WITHIN_MS,
      maxBuffer: ANSWER_BYTES,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.includes('passwordauthentication ') ? answer : null;
  } catch {
    return null;
  }
}

function rootOnly(disk: Disk, path: string): boolean {
  const facts = path.startsWith('/') ? disk.stat(path) : null;
  return facts !== null && facts.kind === 'file' && facts.uid === 0 && (facts.mode & 0o022) === 0;
}

/** One file, with those that it includes in place. A Match block ends with its file. */
function readConfig(disk: Disk, path: string, said: Said, depth: number): void {
  const text = depth < DEPTH_AT_MOST && said.files < FILES_AT_MOST ? disk.text(path, FILE_BYTES) : null;
  if (text === null) {
    said.unread.push(path);
    return;
  }
  said.files += 1;
  let match = -1;
  for (const line of text.split('\n')) {
    const [word, rest] = keyword(line);
    if (word === 'match') {
      match = said.matches.push(shown(`Match ${rest}`, MATCH_TEXT_AT_MOST)) - 1;
      said.blocks.push({ criteria: argumentsIn(rest).join(' '), settings: {} });
    } else if (word !== '' && match >= 0) {
      said.matches[match] = extended(said.matches[match] ?? '', line.trim());
      const settings = said.blocks[match]?.settings;
      if (settings && !Object.hasOwn(settings, word)) settings[word] = argumentsIn(rest).join(' ');
    } else if (word === 'include')
      for (const file of argumentsIn(rest).flatMap((glob) => matching(disk, glob))) readConfig(disk, file, said, depth + 1);
    else option(line, said.values);
  }
}

/** "Match User ann: PasswordAuthentication yes; X11Forwarding no". */
function extended(block: string, line: string): string {
  if (block.length >= MATCH_TEXT_AT_MOST) return block;
  return shown(`${block}${block.includes(': ') ? ';' : ':'} ${line}`, MATCH_TEXT_AT_MOST);
}

/** The first word in lower case, and the rest: `Port 22`, `port=22`, `  Port = "22"`. */
function keyword(line: string): readonly [string, string] {
  const found = /^([A-Za-z]\w{0,63})(?:\s+=?|=)/.exec(line.trimStart());
  const word = (found?.[1] ?? '').toLowerCase();
  return found ? [ALIASES[word] ?? word, line.trimStart().slice(found[0].length).trim()] : ['', ''];
}

function option(line: string, values: Map<string, string[]>): void {
  const [word, rest] = keyword(line);
  const own = values.get(word);
  const given = argumentsIn(rest);
  if (word === '' || given.length === 0) return;
  if (!own) values.set(word, given);
  else if (ADDING.has(word) && own.length < VALUES_AT_MOST) own.push(...given);
}

/** Words, with or without quotation marks, up to a comment. */
function argumentsIn(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/"([^"]*)"|([^\s"]+)/g)) {
    if (match[2]?.startsWith('#') || words.length >= 1000) break;
    words.push(match[1] ?? match[2] ?? '');
  }
  return words;
}

/** Files that a glob of Include names, in the order of their bytes; what is not absolute is below /etc/ssh. */
function matching(disk: Disk, glob: string): string[] {
  const path = glob.startsWith('/') ? glob : `/etc/ssh/${glob}`;
  if (!/[*?]/.test(path)) return disk.exists(path) ? [path] : [];
  const directory = directoryOf(path);
  if (/[*?]/.test(directory)) return [];
  const names = disk.names(directory);
  const wanted = path.slice(path.lastIndexOf('/') + 1);
  const fits = (name: string) => fitsPattern(name, wanted) && (wanted.startsWith('.') || !name.startsWith('.'));
  return Array.isArray(names)
    ? names
        .filter(fits)
        .sort()
        .map((name) => `${directory}/${name}`)
    : [];
}

/** With the defaults of OpenSSH 9.2 for what nobody said. */
function seen(
  by: SshdSeen['by'],
  path: string,
  values: ReadonlyMap<string, readonly string[]>,
  matches: readonly string[],
  blocks: readonly SshdMatch[],
): SshdSeen {
  const all = (word: string) => values.get(word) ?? [];
  const one = (word: string, fallback: string) => (values.get(word)?.[0] ?? fallback).toLowerCase();
  const root = one('permitrootlogin', 'prohibit-password');
  const tries = Number(one('maxauthtries', '6'));
  return {
    by,
    path,
    ports: portsOf(all('port'), all('listenaddress')),
    passwordAuthentication: one('passwordauthentication', 'yes') === 'yes',
    keyboardInteractive: one('kbdinteractiveauthentication', 'yes') === 'yes',
    permitRootLogin: root === 'without-password' ? 'prohibit-password' : root,
    permitEmptyPasswords: one('permitemptypasswords', 'no') === 'yes',
    maxAuthTries: Number.isInteger(tries) ? tries : 6,
    usePam: one('usepam', 'no') === 'yes',
    logLevel: one('loglevel', 'INFO').toUpperCase(),
    allowUsers: all('allowusers'),
    allowGroups: all('allowgroups'),
    denyUsers: all('denyusers'),
    denyGroups: all('denygroups'),
    matches,
    matchBlocks: blocks,
  };
}

/** A ListenAddress with a port listens there only; without one it takes every Port; without any ListenAddress all Ports count. */
function portsOf(said: readonly string[], listening: readonly string[]): number[] {
  const valid = (text: string | undefined) =>
    text !== undefined && /^\d{1,5}$/.test(text) ? [Number(text)].filter((port) => port > 0 && port < 65_536) : [];
  const given = said.flatMap(valid);
  const ports = given.length > 0 ? given : [22];
  const own = listening
    .filter((address) => address !== 'rdomain')
    .flatMap((address) => {
      const port = /^(?:\[[^\]]{0,64}\]|[^:]{0,255}):(\d{1,5})$/.exec(address)?.[1];
      return port === undefined ? ports : valid(port);
    });
  return [...new Set(own.length > 0 ? own : ports)];
}
