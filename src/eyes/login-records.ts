/**
 * Who was logged in when, and who failed to, from the binary records wtmp, btmp and lastlog (utmp(5)); also after syslog was wiped.
 * Cannot see: logins that made no record (sftp, `ssh host command`, sshd without PAM or tty), and records that were cut out cleanly.
 */

import * as fs from 'node:fs';
import { counted, shown } from '../core/text.ts';
import type { Coverage, Millis } from '../core/words.ts';
import type { LoginRecord } from '../core/world.ts';
import { uidsOf } from './accounts.ts';
import { codeOf, type Disk, textOf } from './disk.ts';
import { type Generation, generations } from './log-generations.ts';
import { networks } from './networks.ts';
import { openRegular } from './open-file.ts';

type Note = (coverage: Coverage) => void;
/** When, and from which address, host or terminal. */
type Login = { at: Millis; from: string };

const canonical = networks([]).canonical;

/** Of each file, from its end: 174,000 records, more than a year of a busy server. */
const READ_AT_MOST = 64 << 20;

/** A month of a flood of wrong passwords makes a btmp of gigabytes; older generations than this add nothing new. */
const GENERATIONS_AT_MOST = 5;

/** ut_type (utmp(5)); `as const` for exact numbers. */
const [RUN_LEVEL, BOOT, LOGIN, USER, DEAD, HIGHEST_TYPE] = [1, 2, 6, 7, 8, 9] as const;

/** No record is older than this (1990-01-01): smaller numbers are not times. */
const OLDEST_SECONDS = 631_152_000;

/** Where the fields are: 384 bytes on x86, ppc64, s390x …; 400 where time_t has 64 bits in the file, as on arm64 and riscv64 (bits/utmp.h of glibc). */
const SHORT = { bytes: 384, time: 340, wide: false, address: 348 };
type Layout = typeof SHORT;
const LONG: Layout = { bytes: 400, time: 344, wide: true, address: 360 };

interface Raw {
  readonly type: number;
  readonly host: string;
  readonly record: LoginRecord;
}

/** Records since a time, sessions that were still open then included; and for each uid of /etc/passwd its newest login. */
export function loginRecords(disk: Disk, note: Note, since: number | null): { records: LoginRecord[]; last: ReadonlyMap<number, Login> } {
  const sessions = new Sessions();
  for (const file of filesOf(disk, '/var/log/wtmp', note)) for (const raw of recordsIn(disk, file, note)) sessions.take(raw);
  const failures = filesOf(disk, '/var/log/btmp', note).flatMap((file) => recordsIn(disk, file, note));
  const failed = failures.filter((raw) => raw.type >= LOGIN && raw.type <= DEAD).map((raw) => ({ ...raw.record, failed: true }));
  const last = lastLogins(disk, sessions.newest, note);
  const until = (record: LoginRecord) => (record.failed ? record.at : (record.endedAt ?? Number.POSITIVE_INFINITY));
  return { records: [...sessions.records, ...failed].filter((record) => since === null || until(record) >= since), last };
}

/** Oldest first; what is not there or packed in a way that is not read is noted. */
function filesOf(disk: Disk, base: string, note: Note): Generation[] {
  const found = generations(disk, base);
  if (!found.some((file) => file.path === base)) note({ source: base, state: 'absent', detail: 'there is no such file' });
  const read = found.filter((file) => !file.packed).slice(-GENERATIONS_AT_MOST);
  const unread = found.filter((file) => !read.includes(file));
  for (const { path } of unread) note({ source: path, state: 'unreadable', detail: 'packed or old: it was not read' });
  return read;
}

/** Puts beginnings and ends together: a session ends with DEAD_PROCESS on its line, the next login there, a shutdown or a boot. */
class Sessions {
  readonly records: LoginRecord[] = [];
  /** Newest login by account name. */
  readonly newest = new Map<string, Login>();
  /** Line → place in `records`. */
  readonly #open = new Map<string, number>();

  take({ type, host, record }: Raw): void {
    const { account, at } = record;
    if (type === BOOT || (type === RUN_LEVEL && account === 'shutdown')) for (const line of [...this.#open.keys()]) this.#end(line, at);
    const line = record.line || `pid ${record.pid}`;
    if (type === DEAD) this.#end(line, at);
    if (type !== USER || account === '') return;
    this.#end(line, at);
    this.#open.set(line, this.records.length);
    this.records.push(record);
    if (at >= (this.newest.get(account)?.at ?? 0)) this.newest.set(account, { at, from: record.ip ?? (host || record.line) });
  }

  #end(line: string, at: Millis): void {
    const place = this.#open.get(line);
    const record = place === undefined ? undefined : this.records[place];
    this.#open.delete(line);
    if (place !== undefined && record) this.records[place] = { ...record, endedAt: Math.max(at, record.at) };
  }
}

/** The records of one file in the order of the file; says what of it could be read. */
function recordsIn(disk: Disk, file: Generation, note: Note): Raw[] {
  const got = opened(disk, file.path, (bytesAt, size) => {
    const skipped = Math.max(0, size - READ_AT_MOST);
    return { bytes: bytesAt(skipped, size - skipped), skipped };
  });
  if ('error' in got) {
    note({ source: file.path, state: 'unreadable', detail: `could not be read (${got.error})` });
    return [];
  }
  const layout = layoutOf(got.bytes, got.skipped);
  // The tail begins anywhere; records begin at multiples of their length.
  const first = Math.ceil(got.skipped / layout.bytes);
  const records: Raw[] = [];
  let blank = 0;
  let damaged = 0;
  for (let number = first; (number + 1) * layout.bytes <= got.skipped + got.bytes.length; number += 1) {
    const at = number * layout.bytes - got.skipped;
    const bytes = got.bytes.subarray(at, at + layout.bytes);
    if (plausible(bytes, layout)) records.push(rawOf(bytes, layout, file.path, number + 1));
    else if (bytes.every((byte) => byte === 0)) blank += 1;
    else damaged += 1;
  }
  note(coverageOf(file.path, records, [...troubles(got, layout, blank, damaged)]));
  return records;
}

function* troubles(got: { bytes: Buffer; skipped: number }, layout: Layout, blank: number, damaged: number): Generator<string> {
  const odd = (got.skipped + got.bytes.length) % layout.bytes;
  if (got.skipped > 0) yield `only the last ${READ_AT_MOST >> 20} MiB were read`;
  if (odd > 0) yield `its size is no multiple of ${layout.bytes}: ${counted(odd, 'byte')} at the end are no record`;
  if (blank > 0) yield `${counted(blank, 'record')} overwritten with zeros, as tools that wipe logins leave them`;
  if (damaged > 0) yield `${counted(damaged, 'damaged record')}`;
}

function coverageOf(source: string, records: readonly Raw[], trouble: readonly string[]): Coverage {
  const times = records.map(({ record }) => record.at);
  const span = times.length === 0 ? {} : { from: times.reduce((a, b) => Math.min(a, b)), to: times.reduce((a, b) => Math.max(a, b)) };
  const detail = [counted(records.length, 'record'), ...trouble].join('; ');
  return { source, state: trouble.length > 0 ? 'partial' : 'read', detail, lines: records.length, ...span };
}

type BytesAt = (position: number, length: number) => Buffer;

/** Opens a regular file for reading in places; large and sparse ones are why `Disk.read` will not do. */
function opened<T>(disk: Disk, path: string, look: (bytesAt: BytesAt, size: number) => T): T | { error: string } {
  const real = disk.real(path);
  let fd = -1;
  try {
    if (real === null) return { error: 'ELOOP' };
    fd = openRegular(real, { follow: disk.live });
    return look((position, length) => bytesAt(fd, position, length), fs.fstatSync(fd).size);
  } catch (error) {
    return { error: codeOf(error) };
  } finally {
    if (fd >= 0) fs.closeSync(fd);
  }
}

function bytesAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let total = 0;
  for (let got = -1; total < length && got !== 0; total += got) got = fs.readSync(fd, buffer, total, length - total, position + total);
  return buffer.subarray(0, total);
}

/** The layout in which more of the records (evenly spread, at most 256) make sense; then the one whose length divides the file's. */
function layoutOf(bytes: Buffer, skipped: number): Layout {
  return score(bytes, skipped, LONG) > score(bytes, skipped, SHORT) ? LONG : SHORT;
}

function score(bytes: Buffer, skipped: number, layout: Layout): number {
  const first = Math.ceil(skipped / layout.bytes) * layout.bytes - skipped;
  const count = Math.floor((bytes.length - first) / layout.bytes);
  const tried = Math.min(256, count);
  let good = 0;
  for (let turn = 0; turn < tried; turn += 1) {
    const at = first + Math.floor((turn * count) / tried) * layout.bytes;
    if (plausible(bytes.subarray(at, at + layout.bytes), layout)) good += 1;
  }
  return (2 * good) / Math.max(1, tried) + ((skipped + bytes.length) % layout.bytes === 0 ? 1 : 0);
}

/** A known type, and a time that is one. */
function plausible(bytes: Buffer, layout: Layout): boolean {
  const type = bytes.readUInt16LE(0);
  const seconds = secondsOf(bytes, layout);
  return type >= 1 && type <= HIGHEST_TYPE && seconds >= OLDEST_SECONDS && seconds < 2 ** 32 && microsOf(bytes, layout) < 1_000_000;
}

function microsOf(bytes: Buffer, layout: Layout): number {
  return bytes.readUInt32LE(layout.time + (layout.wide ? 8 : 4));
}

/** The 32-bit field is read without sign, so that it lasts until 2106. */
function secondsOf(bytes: Buffer, layout: Layout): number {
  return layout.wide ? Number(bytes.readBigInt64LE(layout.time)) : bytes.readUInt32LE(layout.time);
}

function rawOf(bytes: Buffer, layout: Layout, source: string, number: number): Raw {
  const host = field(bytes, 76, 256);
  const ip = addressIn(bytes.subarray(layout.address, layout.address + 16)) ?? canonical(host);
  const at = secondsOf(bytes, layout) * 1000 + Math.floor(microsOf(bytes, layout) / 1000);
  const line = field(bytes, 8, 32);
  const record = { source, record: number, account: field(bytes, 44, 32), ip, line, pid: bytes.readInt32LE(4), at, endedAt: null, failed: false };
  return { type: bytes.readUInt16LE(0), host, record };
}

function field(bytes: Buffer, start: number, length: number): string {
  const zero = bytes.indexOf(0, start);
  return textOf(bytes.subarray(start, zero < 0 || zero > start + length ? start + length : zero));
}

/** ut_addr_v6 in network order; IPv4 is in its first word with the rest zero (utmp(5)). All zero means none. */
function addressIn(bytes: Buffer): string | null {
  if (bytes.every((byte) => byte === 0)) return null;
  if (bytes.subarray(4).every((byte) => byte === 0)) return bytes.subarray(0, 4).join('.');
  return canonical(bytes.toString('hex').match(/.{4}/g)?.join(':') ?? '');
}

/** The newest login by uid, from wtmp's and from lastlog. */
function lastLogins(disk: Disk, byName: ReadonlyMap<string, Login>, note: Note): ReadonlyMap<number, Login> {
  const last = new Map<number, Login>();
  const uids = uidsOf(disk);
  for (const [name, uid] of uids) {
    const login = byName.get(name);
    if (login && login.at > (last.get(uid)?.at ?? 0)) last.set(uid, login);
  }
  const source = '/var/log/lastlog';
  const got = opened(disk, source, (bytesAt, size) => {
    const length = size % 292 !== 0 && size % 296 === 0 ? 296 : 292;
    for (const uid of new Set(uids.values())) {
      const login = (uid + 1) * length <= size ? lastlogEntry(bytesAt(uid * length, length)) : null;
      if (login && login.at > (last.get(uid)?.at ?? 0)) last.set(uid, login);
    }
    return size % length === 0;
  });
  const why = disk.exists('/var/lib/lastlog/lastlog2.db') ? 'kept in lastlog2.db, which is not read' : 'could not be read';
  if (typeof got === 'boolean') note({ source, state: got ? 'read' : 'partial', detail: got ? 'newest login by account' : 'its last record is cut' });
  else note({ source, state: got.error === 'ENOENT' ? 'absent' : 'unreadable', detail: `${why} (${got.error})` });
  return last;
}

/** struct lastlog: time, line of 32, host of 256; at uid times its length, in a sparse file that can seem to be terabytes long. */
function lastlogEntry(bytes: Buffer): Login | null {
  const wide = bytes.length === 296;
  if (bytes.length < 292) return null;
  const seconds = wide ? Number(bytes.readBigInt64LE(0)) : bytes.readUInt32LE(0);
  if (seconds < OLDEST_SECONDS || seconds >= 2 ** 32) return null;
  const start = wide ? 8 : 4;
  const host = field(bytes, start + 32, 256);
  return { at: seconds * 1000, from: canonical(host) ?? shown(host || field(bytes, start, 32), 256) };
}
