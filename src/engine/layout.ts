/**
 * Teaches the innermost loop (src/scan/lines.ts) what the header of the line before looked like, and reads its records: which event each
 * line is, when it was, whose. Says nothing of lines whose stamps carry no zone and no such form; those are read in full.
 */

import { PAM_TOLD } from '../core/tries.ts';
import type { LoginMethod, Millis } from '../core/words.ts';
import type { Chunk, Scanner } from '../core/world.ts';
import { INPUT, LAYOUT, RECORDS } from '../scan/places.ts';
import * as record from '../scan/record.ts';
import type { Header } from './header.ts';
import { writeTables } from './scan-tables.ts';
import type { SeenLine } from './seen-line.ts';
import type { Stamps } from './stamp.ts';
import type { Wanted } from './wanted.ts';

/** The programs whose lines the scanner reads itself. */
const SSHD = ['sshd', 'sshd-session', 'sshd-auth'];
const CRON = ['CRON', 'cron', 'crond'];
const BLANK = 32;
const LETTER_T = 84;
/** `Mar  3 ` and `2026-03-03T`, and the clock behind them. */
const OLD_DATE = 7;
const ISO_DATE = 11;
const CLOCK = 8;
/** As much as LAYOUT has room for: a host's name has at most 255 characters. */
const TAIL_AT_MOST = 400;

const HOW: Readonly<Record<number, string>> = {
  [record.METHODS]: 'asked-methods',
  [record.INVALID_USER]: 'invalid-user',
  [record.PAM_REFUSED]: PAM_TOLD,
  [record.GAVE_UP]: 'gave-up',
  [record.CLOSED]: 'closed',
  [record.RESET]: 'reset',
  [record.DISCONNECTED]: 'disconnected',
  [record.NO_IDENTIFICATION]: 'no-identification',
};

/** One chunk under the eyes of the scanner. */
export class Layout {
  readonly #scanner: Scanner;
  readonly #chunk: Chunk;
  readonly #stamps: Stamps;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  /** Is there a layout to scan by? */
  learned = false;
  /** May the scanner read their lines itself? */
  readonly #sshd: boolean;
  readonly #cron: boolean;

  constructor(scanner: Scanner, chunk: Chunk, stamps: Stamps, wanted: Wanted) {
    this.#scanner = scanner;
    this.#chunk = chunk;
    this.#stamps = stamps;
    const areWanted = (program: string) => wanted.programs.has(program) && !chunk.skip.has(program.toLowerCase());
    this.#sshd = SSHD.every(areWanted);
    this.#cron = CRON.every(areWanted);
    scanner.room(chunk.bytes.length);
    this.#bytes = scanner.all();
    this.#words = new Int32Array(this.#bytes.buffer, RECORDS, (record.RECORDS_AT_MOST * record.RECORD_BYTES) >> 2);
    this.#bytes.set(chunk.bytes, INPUT);
    writeTables(scanner, wanted, chunk.skip);
  }

  /** Takes over the layout of a header that was read in full: `text` is its line, which begins at `base`. `isWanted` = is it of a host that was asked for? */
  learn(text: string, base: number, header: Header, isWanted: boolean): void {
    const bytes = this.#chunk.bytes.subarray(base, base + text.length);
    const start = 0;
    this.learned = false;
    const iso = bytes[start + 10] === LETTER_T;
    const date = iso ? ISO_DATE : OLD_DATE;
    const decimals = decimalsAt(bytes, start + date + CLOCK);
    const tail = start + date + CLOCK + (decimals > 0 ? decimals + 1 : 0);
    const end = header.hostEnd + 1;
    if (header.stampStart !== start || header.tagStart !== end || header.hostStart >= header.hostEnd) return;
    if (tail > header.hostStart - 1 || end - tail > TAIL_AT_MOST || (!iso && tail !== header.hostStart - 1)) return;
    if (bytes.subarray(tail, header.hostStart - 1).includes(BLANK) || this.#stamps.read(text, start) === null) return;
    this.#bytes.set(bytes.subarray(start, start + date), LAYOUT);
    this.#bytes.set(bytes.subarray(tail, end), LAYOUT + date);
    this.#scanner.learn(date, decimals, end - tail, isWanted && this.#sshd, isWanted && this.#cron);
    this.learned = true;
  }

  /** Goes on from `from`; says how many records there are now. */
  scan(from: number, to: number, line: number): number {
    return this.#scanner.scan(from, to, line);
  }

  get stopped(): number {
    return this.#scanner.stopped();
  }

  get seen(): number {
    return this.#scanner.seen();
  }

  word(index: number, field: number): number {
    return this.#words[(index * record.RECORD_BYTES + field) >> 2] ?? 0;
  }

  /** When the line of a record was written. */
  at(index: number): Millis {
    return this.#stamps.inDay(this.word(index, record.TIME));
  }

  /** Puts down what the line of a record tells; false where it tells nothing. */
  tell(index: number, seen: SeenLine): boolean {
    const kind = this.word(index, record.KIND);
    if (kind === record.NOTHING) return false;
    seen.by(this.word(index, record.ADDRESS) >>> 0, this.word(index, record.NAME));
    const account = this.#name(index);
    const pid = this.word(index, record.PID);
    const whose = pid < 0 ? null : pid;
    if (kind === record.CRON_OPENED || kind === record.CRON_CLOSED) {
      seen.session(account ?? '', whose, this.word(index, record.PORT) === 1 ? 'crond' : 'cron', kind === record.CRON_OPENED);
      return true;
    }
    const method = METHODS[kind];
    if (method === undefined || account === null) seen.probed(account, whose, HOW[kind] ?? '');
    else {
      const known = kind === record.FAILED_KNOWN || kind === record.ASKED_KNOWN;
      seen.failed(account, whose, this.word(index, record.PORT), method, known);
    }
    return true;
  }

  #name(index: number): string | null {
    const place = this.word(index, record.NAME);
    if (place < 0) return null;
    const { names } = this.#scanner;
    const old = names[place];
    if (old !== undefined && this.word(index, record.NAME_IS_NEW) === 0) return old;
    // Not a part of the chunk's text, which would keep all of it in memory.
    const name = String.fromCharCode(...this.#chunk.bytes.subarray(this.word(index, record.NAME_START), this.word(index, record.NAME_END)));
    names[place] = name;
    return name;
  }
}

const METHODS: Readonly<Record<number, LoginMethod>> = {
  [record.FAILED_KNOWN]: 'password',
  [record.FAILED_UNKNOWN]: 'password',
  [record.ASKED_KNOWN]: 'keyboard-interactive',
  [record.ASKED_UNKNOWN]: 'keyboard-interactive',
};

/** Digits behind a point, 0 to 9 of them. */
function decimalsAt(bytes: Uint8Array, point: number): number {
  if (bytes[point] !== 46) return 0;
  let at = point + 1;
  while (at - point <= 9 && (bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57) at += 1;
  return at - point - 1;
}
