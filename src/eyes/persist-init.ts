/**
 * What starts at boot without systemd's own units, what every program loads first, and setuid programs where anybody could have
 * put them. Cannot see: what an init script itself calls, and setuid programs deeper than four directories.
 */

import { inside, installed } from '../core/places.ts';
import type { AccountSeen } from '../core/words.ts';
import type { FileSeen } from '../core/world.ts';
import { type Home, joined, type Look, targetOf } from './persist-look.ts';

const LOCAL = ['/etc/rc.local', '/etc/rc.d/rc.local', '/etc/init.d/rc.local'];
/** Lines that start nothing: frame and end of a script. */
const FRAME =
  /^(?:exit(?:\s+\d+)?|if\s.*|then|else|elif\s.*|fi|do|done|esac|\{|\}|set\s+[-+]\w+|(?:export\s+)?\w+=\S*|touch \/var\/lock\/subsys\/local)$/;
const OPEN_TO_ALL = ['/tmp', '/var/tmp', '/dev/shm', '/run/lock'];
/** Homes of system accounts that are parts of the system (`bin`, `sync`, `proxy` …): packages put setuid programs there. */
const SYSTEM_PARTS = ['/bin', '/sbin', '/dev', '/etc', '/proc', '/sys', '/run', '/boot'];
const DEPTH_AT_MOST = 4;
const NAMES_AT_MOST = 20_000;
/** No single place may use up the names of all. */
const NAMES_A_PLACE = 4000;
const SETUID = 0o4000;
const SETGID = 0o2000;

export function initScripts(look: Look): void {
  const local = LOCAL.filter((path) => look.disk.stat(path)?.kind !== 'symlink' || !LOCAL.includes(targetOf(look.disk, path) ?? ''));
  for (const path of local) localScript(look, path);
  for (const entry of look.entries('/etc/init.d')) {
    if (entry.kind !== 'file' || (entry.mode & 0o111) === 0 || LOCAL.includes(entry.path)) continue;
    look.counts();
    look.add({ place: 'init-script', path: entry.path, account: 'root', command: entry.path, schedule: 'boot', changedAt: entry.changedAt });
  }
}

/** Each command of rc.local runs at boot, so each is told. */
function localScript(look: Look, path: string): void {
  const file = look.file(path);
  for (const { line, text } of joined(file?.lines ?? [], /^#/)) {
    if (!file || FRAME.test(text)) continue;
    look.add({ place: 'init-script', path, line, account: 'root', command: text, schedule: 'boot', changedAt: file.changedAt });
  }
}

/** Libraries that ld.so(8) loads into every program; separated by blanks or colons. */
export function preloads(look: Look): void {
  const file = look.file('/etc/ld.so.preload');
  for (const [index, raw] of (file?.lines ?? []).entries()) {
    const cut = raw.indexOf('#');
    for (const library of (cut < 0 ? raw : raw.slice(0, cut)).split(/[\s:]+/)) {
      if (file && library !== '')
        look.add({ place: 'preload', path: file.path, line: index + 1, account: null, command: library, changedAt: file.changedAt });
    }
  }
}

export function setuidPrograms(look: Look, accounts: readonly AccountSeen[], homes: readonly Home[]): void {
  const personal = homes.map((home) => home.path).filter((path) => !installed(path) && !SYSTEM_PARTS.some((part) => inside(path, part)));
  const seen = new Set<string>();
  let left = NAMES_AT_MOST;
  for (const place of [...OPEN_TO_ALL, ...personal]) {
    if (look.disk.stat(place)?.kind !== 'directory') continue;
    const used = below(look, place, Math.min(left, NAMES_A_PLACE), seen, accounts);
    left -= used;
    if (left > 0) continue;
    look.cut();
    return;
  }
}

/** Breadth first, so that the shallow is seen before the bound is reached. */
function below(look: Look, place: string, limit: number, seen: Set<string>, accounts: readonly AccountSeen[]): number {
  const todo = [{ path: place, depth: 1 }];
  let used = 0;
  for (const { path, depth } of todo) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const entry of look.entries(path)) {
      used += 1;
      if (used > limit) {
        look.cut();
        return limit;
      }
      if (entry.kind === 'directory' && depth < DEPTH_AT_MOST) todo.push({ path: entry.path, depth: depth + 1 });
      else if (entry.kind === 'file') setuid(look, entry, accounts);
    }
  }
  return used;
}

function setuid(look: Look, file: FileSeen, accounts: readonly AccountSeen[]): void {
  const asRoot = (file.mode & SETUID) !== 0 && file.uid === 0;
  const asGroup = (file.mode & SETGID) !== 0 && file.gid === 0;
  if (!asRoot && !asGroup) return;
  look.counts();
  const account = accounts.find((one) => one.uid === file.uid)?.name ?? (file.uid === 0 ? 'root' : null);
  const mode = file.mode.toString(8).padStart(4, '0');
  look.add({
    place: 'setuid',
    path: file.path,
    account,
    command: `${file.path} (mode ${mode}, runs with root's ${asRoot ? 'rights' : 'group'})`,
    changedAt: file.changedAt,
  });
}
