/** What a file is packed with, told by its first bytes: names lie (`auth.log` that is gzip, `x.gz` that is text), and standard input has none. */

/** `text16` = text in UTF-16, as some Windows programs save it. */
export type Packing = 'none' | 'gz' | 'xz' | 'bz2' | 'zst' | 'text16le' | 'text16be';

/** The longest of the marks below. */
export const MARK_BYTES = 8;

/** RFC 1952, the xz file format 1.1.0, bzip2's own, RFC 8878, Unicode. */
const MARKS: readonly (readonly [Packing, readonly number[]])[] = [
  ['gz', [0x1f, 0x8b]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bz2', [0x42, 0x5a, 0x68]],
  ['zst', [0x28, 0xb5, 0x2f, 0xfd]],
  ['text16le', [0xff, 0xfe]],
  ['text16be', [0xfe, 0xff]],
];

/** What is no text and cannot be unpacked here, and what to do about it. */
const STRANGE: readonly (readonly [string, readonly number[]])[] = [
  ['it is a zip archive: unpack it by hand', [0x50, 0x4b, 0x03, 0x04]],
  ['it is packed with lz4: unpack it by hand (lz4 -dc FILE | tocsin investigate --log -)', [0x04, 0x22, 0x4d, 0x18]],
  [
    'it is a journal of systemd in its own format: journalctl --file FILE -o json | tocsin investigate --log -',
    [0x4c, 0x50, 0x4b, 0x53, 0x48, 0x48, 0x52, 0x48],
  ],
];

const LOGIN_RECORD =
  'it is a binary record of log-ins (wtmp, btmp): run tocsin investigate on its machine, or --root DIR with it as DIR/var/log/wtmp or btmp; last -f FILE shows it';

export function packingIn(first: Buffer): Packing {
  return MARKS.find(([, mark]) => begins(first, mark))?.[0] ?? unmarked16(first);
}

/** UTF-16 without its mark: plain ASCII of which every second byte is NUL. A hole of NULs is none. */
function unmarked16(first: Buffer): Packing {
  const pairs = [0, 2, 4].map((at): readonly [number, number] => [first[at] ?? 0, first[at + 1] ?? 0]);
  if (pairs.every(([one, two]) => one !== 0 && two === 0)) return 'text16le';
  return pairs.every(([one, two]) => one === 0 && two !== 0) ? 'text16be' : 'none';
}

/** A sentence about bytes that cannot be read as a log, or null. */
export function strangeIn(first: Buffer): string | null {
  return STRANGE.find(([, mark]) => begins(first, mark))?.[0] ?? (isLoginRecord(first) ? LOGIN_RECORD : null);
}

/** utmp(5): a kind of 1 to 9 in two bytes, two bytes of padding, then a pid of less than 2^22. */
function isLoginRecord(first: Buffer): boolean {
  if (first.length < 8) return false;
  const kind = first.readUInt16LE(0);
  return kind >= 1 && kind <= 9 && first.readUInt16LE(2) === 0 && first.readUInt32LE(4) < 2 ** 22;
}

function begins(bytes: Buffer, mark: readonly number[]): boolean {
  return bytes.length >= mark.length && mark.every((byte, index) => bytes[index] === byte);
}
