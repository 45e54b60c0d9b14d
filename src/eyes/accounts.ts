/**
 * The accounts of this machine: who can log in, by what, and who is as good as root, from passwd, group, shadow, sudoers and key files.
 * Cannot see: accounts of LDAP, SSSD or NIS, and keys that AuthorizedKeysFile or AuthorizedKeysCommand takes from other places.
 */

import { DAY_MS } from '../core/spans.ts';
import { counted } from '../core/text.ts';
import type { AccountSeen, Coverage, Millis } from '../core/words.ts';
import { type Disk, textOf } from './disk.ts';
import { homePath, present } from './homes.ts';
import { Keys } from './key-counts.ts';
import { type SudoRights, sudoRights } from './sudoers.ts';

type Note = (coverage: Coverage) => void;

const LINES_AT_MOST = 200_000;
const FILE_BYTES = 64 << 20;
const KEYS_BYTES = 1 << 20;
/** shadow(5) counts days since 1970-01-01. */
/** UID_MIN of login.defs(5) where it is not set. */
const FIRST_PERSON = 1000;

/** Groups whose members are as good as root on Debian, Red Hat, Arch and SUSE, with the reason. */
const ROOT_GROUPS: Readonly<Record<string, string>> = {
  root: 'writes what root lets its group write',
  sudo: 'may run everything as root',
  wheel: 'may run everything as root',
  admin: 'may run everything as root',
  docker: 'can start containers as root with every file in them',
  lxd: 'can start containers as root with every file in them',
  disk: 'can write to every disk beneath the file permissions',
  shadow: 'can read the password hashes',
};

/** Shells that end at once. */
const NO_SHELLS = new Set(['nologin', 'false', 'true', 'sync', 'shutdown', 'halt', 'git-shell']);

interface Line {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  /** The second field: `x` means that the hash is in shadow. */
  readonly hash: string;
}

interface Groups {
  readonly names: ReadonlyMap<number, string>;
  /** Account → groups that name it. */
  readonly of: ReadonlyMap<string, readonly string[]>;
}

/** All accounts in the order of /etc/passwd; `last` maps uid → newest login. */
export function accounts(disk: Disk, note: Note, last: ReadonlyMap<number, { at: Millis; from: string }>): AccountSeen[] {
  const passwd = passwdOf(disk, note);
  const groups = groupsOf(disk, note);
  const shadow = shadowOf(disk, note);
  const rights = sudoRights(disk, note);
  const firstPerson = uidMin(disk);
  const homes = present(
    disk,
    passwd.flatMap((line) => homePath(line.home) ?? []),
  );
  const keys = new Keys(disk, homes);
  const seen = passwd.map((line) => {
    const member = [...new Set([groups.names.get(line.gid) ?? String(line.gid), ...(groups.of.get(line.name) ?? [])])];
    const kept = shadow?.get(line.name);
    return {
      name: line.name,
      uid: line.uid,
      gid: line.gid,
      home: line.home,
      shell: line.shell,
      groups: member,
      admin: adminOf(line, member, rights),
      password: passwordOf(line.hash, kept?.hash, shadow !== null),
      passwordChangedAt: kept?.changedAt ?? null,
      expiresAt: kept?.expiresAt ?? null,
      canLogIn: !NO_SHELLS.has(line.shell.slice(line.shell.lastIndexOf('/') + 1)),
      system: line.uid < firstPerson || isNobody(line.uid),
      keys: keys.in(line.home),
      lastLogin: last.get(line.uid) ?? null,
    };
  });
  if (keys.unread > 0) note({ source: 'key files', state: 'partial', detail: `${counted(keys.unread, 'authorized_keys file')} could not be read` });
  if (homes.unlooked > 0)
    note({ source: 'homes', state: 'partial', detail: `${counted(homes.unlooked, 'home')} not looked into: there were too many` });
  return seen;
}

/** Names and uids of /etc/passwd; the first of a name counts, as in getpwnam(3). */
export function uidsOf(disk: Disk): Map<string, number> {
  const uids = new Map<string, number>();
  for (const { name, uid } of passwdOf(disk, () => {})) if (!uids.has(name)) uids.set(name, uid);
  return uids;
}

/** nobody of Linux, of 16-bit uids and of NFS: a placeholder, and no person. */
function isNobody(uid: number): boolean {
  return uid === 65_534 || uid === 65_535 || uid === 4_294_967_294;
}

function passwdOf(disk: Disk, note: Note): Line[] {
  const rows = rowsOf(disk, '/etc/passwd', 'accounts', 7, note, (fields) => {
    const [name = '', hash = '', uid = '', gid = '', , home = '', shell = ''] = fields;
    return name !== '' && isId(uid) && isId(gid) ? { name, hash, uid: Number(uid), gid: Number(gid), home, shell } : null;
  });
  return rows ?? [];
}

function groupsOf(disk: Disk, note: Note): Groups {
  const names = new Map<number, string>();
  const of = new Map<string, string[]>();
  rowsOf(disk, '/etc/group', 'groups', 4, note, ([name = '', , gid = '', members = '']) => {
    if (name === '' || !isId(gid)) return null;
    if (!names.has(Number(gid))) names.set(Number(gid), name);
    for (const member of members.split(',').filter(Boolean)) {
      const own = of.get(member);
      if (own) own.push(name);
      else of.set(member, [name]);
    }
    return name;
  });
  return { names, of };
}

interface Kept {
  readonly name: string;
  readonly hash: string;
  readonly changedAt: Millis | null;
  readonly expiresAt: Millis | null;
}

/** Null when it cannot be read. A change on day 0 means "must be changed at the next login" and is no time. */
function shadowOf(disk: Disk, note: Note): ReadonlyMap<string, Kept> | null {
  const days = (text: string) => (/^\d{1,6}$/.test(text) && Number(text) > 0 ? Number(text) * DAY_MS : null);
  const rows = rowsOf(disk, '/etc/shadow', 'shadow', 2, note, (fields) => {
    const [name = '', hash = '', changed = ''] = fields;
    return name === '' ? null : { name, hash, changedAt: days(changed), expiresAt: days(fields[7] ?? '') };
  });
  if (!rows) return null;
  // The first of a name counts, so it is set last.
  return new Map(rows.reverse().map((row) => [row.name, row]));
}

/** Lines with at least `fields` fields between colons, taken apart; what is none is counted in the coverage. */
function rowsOf<T>(disk: Disk, path: string, source: string, fields: number, note: Note, take: (fields: readonly string[]) => T | null): T[] | null {
  const got = disk.read(path, FILE_BYTES);
  if ('error' in got) {
    note({
      source,
      state: got.error === 'ENOENT' && source !== 'shadow' ? 'absent' : 'unreadable',
      detail: `${path} could not be read (${got.error})`,
    });
    return null;
  }
  const lines = textOf(got.bytes).split('\n', LINES_AT_MOST);
  const rows: T[] = [];
  let malformed = 0;
  let network = 0;
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    // `+` and `-` lines bring accounts in from NIS (nsswitch.conf(5), "compat").
    if (line.startsWith('+') || line.startsWith('-')) {
      network += 1;
      continue;
    }
    const parts = line.split(':', 16);
    const row = parts.length >= fields ? take(parts) : null;
    if (row === null) malformed += 1;
    else rows.push(row);
  }
  const more = got.more || lines.length === LINES_AT_MOST;
  const trouble = [
    malformed > 0 ? `${counted(malformed, 'malformed line')} passed over` : '',
    network > 0 ? `${counted(network, 'line')} for accounts of NIS, which are not looked up` : '',
    more ? 'there is more than is read' : '',
  ].filter(Boolean);
  note({
    source,
    state: trouble.length > 0 ? 'partial' : 'read',
    detail: [`${path}: ${counted(rows.length, 'entry', 'entries')}`, ...trouble].join('; '),
    lines: rows.length + malformed + network,
  });
  return rows;
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32;
}

/** Why somebody is as good as root, or null. The account root itself needs no reason. */
function adminOf(line: Line, groups: readonly string[], rights: SudoRights): string | null {
  if (line.uid === 0) return line.name === 'root' ? null : 'uid 0: the same rights as root, by another name';
  const named = rights.users.get(line.name) ?? rights.users.get(`#${line.uid}`) ?? rights.users.get('ALL');
  const byGroup = groups.find((group) => rights.groups.has(group) && !Object.hasOwn(ROOT_GROUPS, group));
  const rooted = groups.find((group) => Object.hasOwn(ROOT_GROUPS, group));
  const reasons = [
    named ?? '',
    rooted === undefined ? '' : `member of group ${rooted}, which ${ROOT_GROUPS[rooted]}`,
    byGroup === undefined ? '' : `member of group ${byGroup}, ${rights.groups.get(byGroup)}`,
  ].filter(Boolean);
  return reasons.length > 0 ? reasons.join('; ') : null;
}

/**
 * `!` in front of a hash is what passwd -l and usermod -L write: there is a password, it is locked. `*`, `!`, `!!`, `!*` and `*LK*`
 * stand where there never was one (shadow(5)).
 */
function passwordOf(own: string, shadowed: string | undefined, readable: boolean): AccountSeen['password'] {
  if (own === '') return 'empty';
  const hash = own === 'x' || own === '##' ? shadowed : own;
  if (hash === undefined) return readable ? 'none' : 'unknown';
  if (hash === '') return 'empty';
  const marks = /^[!*]{0,3}/.exec(hash)?.[0].length ?? 0;
  if (marks === 0) return 'set';
  return /^(?:[$_]|[\w./]{13}$)/.test(hash.slice(marks)) ? 'locked' : 'none';
}

/** UID_MIN of login.defs(5). */
function uidMin(disk: Disk): number {
  const found = /^[ \t]*UID_MIN[ \t]+(\d{1,10})/m.exec(disk.text('/etc/login.defs', KEYS_BYTES) ?? '')?.[1];
  return found === undefined ? FIRST_PERSON : Number(found);
}
