/**
 * One file of a followed log, from where it was read to its end: gives whole lines, waits for the end of a line that is being written,
 * cuts over-long ones, passes over what is to be skipped and counts it. Notices when the file was emptied behind our back.
 */

import type { Body } from './follow-body.ts';
import { LINE_BYTES, lineEnd, nulsBefore, safeCut } from './follow-lines.ts';
import { HEAD_BYTES, type Place, printOf, TAIL_BYTES } from './follow-place.ts';
import type { Mark, Skip, Step, StrandFacts } from './follow-step.ts';
import { newlines } from './log-chunk.ts';

/** Bytes looked at in one step of a skip. */
const SKIP_BYTES = 1 << 22;
/** Of a line, where none was seen yet. */
const USUAL_BYTES = 100;

const END: Step = { kind: 'end' };

export class Strand {
  readonly body: Body;
  readonly dev: number;
  readonly inode: number;
  readonly still: boolean;
  /** Whether all of it was given and it was closed. */
  done = false;
  #offset = 0;
  #lines = 0;
  #inLine = false;
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #seen = 0;
  #changedAt = 0;
  #skip: Skip | null = null;
  #overlong = 0;

  constructor({ body, dev, inode, still }: StrandFacts) {
    this.body = body;
    this.dev = dev;
    this.inode = inode;
    this.still = still;
  }

  /** The same file as a new one, from its beginning. */
  again(): Strand {
    return new Strand(this);
  }

  get offset(): number {
    return this.#offset;
  }

  get lines(): number {
    return this.#lines;
  }

  /** The largest size that was seen. */
  get seen(): number {
    return this.#seen;
  }

  get head(): Buffer {
    return this.#head;
  }

  get tail(): Buffer {
    return this.#tail;
  }

  /** Its size now. */
  measure(): number {
    const size = this.body.size();
    if (Number.isFinite(size)) this.#seen = Math.max(this.#seen, size);
    return size;
  }

  /** Goes on where an earlier reader was. `head` and `tail` were compared with what it left. */
  goOn(place: Place, head: Buffer, tail: Buffer): void {
    this.#offset = place.offset;
    this.#lines = place.lines;
    this.#inLine = place.inLine === true;
    this.#head = head;
    this.#tail = tail;
    this.#seen = head.length > 0 ? place.size : place.offset;
  }

  /** Goes on to the first line that begins there or behind it; `why` is told, null = nothing is. */
  skipTo(to: number, why: string | null): void {
    if (to <= this.#offset || this.#skip !== null) return;
    // The line that it stands in was counted when its beginning was given; its end will be counted again.
    const begun = this.#inLine ? 1 : 0;
    this.#lines -= begun;
    this.#skip = { to, why, lines: -begun, bytes: 0, inside: this.#inLine };
  }

  /** What stood before was written over: unless a line begins here, what is left of one is passed over. */
  async skipLine(): Promise<void> {
    const before = await this.body.at(this.#offset - 1, 1);
    this.#tail = Buffer.alloc(0);
    this.#inLine ||= before[0] !== 10;
  }

  /** How long a line of it is as a rule. */
  get usualBytes(): number {
    if (this.#lines > 0) return this.#offset / this.#lines;
    const end = lineEnd(this.#head);
    return end > 0 ? end / newlines(this.#head) : USUAL_BYTES;
  }

  /** Bytes of a line that has no end yet. */
  get unfinished(): number {
    return this.#inLine ? 0 : Math.max(0, this.#seen - this.#offset);
  }

  /** Something is passed over without a word: nothing of it was given yet. */
  get quiet(): boolean {
    return this.#skip !== null && this.#skip.why === null;
  }

  /** How its content stands to what was seen of it. Plain files only. */
  compare(): 'same' | 'filled' | 'shrunk' | 'shortened' | 'emptied' {
    const size = this.body.size();
    const now = this.body.at(0, HEAD_BYTES);
    // Only plain files are cut, and they answer at once.
    if (!Buffer.isBuffer(now)) return 'same';
    if (this.#head.length === 0 && this.#touched()) {
      this.#head = now;
      return 'filled';
    }
    const most = Math.min(this.#head.length, now.length);
    if (!now.subarray(0, most).equals(this.#head.subarray(0, most))) return 'emptied';
    if (size === 0) return this.#seen > 0 ? 'emptied' : 'same';
    if (size < this.#offset) return 'shortened';
    if (size < this.#seen) return 'shrunk';
    if (now.length > this.#head.length) this.#head = now;
    return 'same';
  }

  /** Was it written to since this was asked last? A second change within one tick of the kernel's clock cannot be told from the first. */
  #touched(): boolean {
    const before = this.#changedAt;
    this.#changedAt = this.body.changedAt();
    return this.#changedAt !== before;
  }

  /** What is unread became less. Returns by how much. */
  shrink(): number {
    const before = this.#seen;
    this.#seen = this.body.size();
    this.#head = this.#head.subarray(0, this.#seen);
    return Math.max(0, before - this.#seen);
  }

  /** Keeps the first bytes for later comparison. */
  async takeHead(): Promise<void> {
    if (this.#head.length === 0) this.#touched();
    if (this.#head.length < HEAD_BYTES && this.#head.length < this.body.size()) this.#head = await this.body.at(0, HEAD_BYTES);
  }

  /** At most so many bytes, none from `limit` on. */
  async step(most: number, limit = Number.POSITIVE_INFINITY): Promise<Step> {
    const until = Math.min(limit, this.measure());
    const want = Math.min(this.#skip === null ? Math.max(most, LINE_BYTES + 1) : SKIP_BYTES, until - this.#offset);
    if (want <= 0) return this.#skipEnd() ?? END;
    if (this.#offset < HEAD_BYTES) await this.takeHead();
    const got = await this.body.at(this.#offset - this.#tail.length, this.#tail.length + want);
    if (!got.subarray(0, this.#tail.length).equals(this.#tail)) return { kind: 'changed' };
    const fresh = got.subarray(this.#tail.length);
    if (fresh.length === 0) return this.#skipEnd() ?? END;
    if (this.#skip !== null) return this.#pass(fresh, this.#skip);
    return this.#inLine ? this.#passLine(fresh) : this.#lineStep(fresh);
  }

  #lineStep(fresh: Buffer): Step {
    const nuls = nulsBefore(fresh);
    // A hole that a crash left, or a writer that does not append: no line begins in it.
    if (nuls > 0) return this.#moved(fresh, nuls, 0);
    const end = lineEnd(fresh);
    const firstLine = this.#lines + 1;
    if (end > 0) {
      const bytes = fresh.subarray(0, end);
      this.#moved(fresh, end, newlines(bytes));
      return { kind: 'lines', bytes, firstLine };
    }
    if (fresh.length <= LINE_BYTES) return END;
    const cut = safeCut(fresh);
    this.#moved(fresh, cut, 1);
    this.#inLine = true;
    return { kind: 'lines', bytes: fresh.subarray(0, cut), firstLine };
  }

  /** The rest of an over-long line, whose beginning was given and counted. */
  #passLine(fresh: Buffer): Step {
    const end = fresh.indexOf(10);
    const bytes = end < 0 ? fresh.length : end + 1;
    this.#overlong += bytes;
    this.#moved(fresh, bytes, 0);
    if (end < 0) return { kind: 'moved', bytes };
    this.#inLine = false;
    const skipped = { lines: 0, bytes: this.#overlong, why: 'a line longer than 64 KiB was cut: its end was passed over' };
    this.#overlong = 0;
    return { kind: 'skipped', skipped };
  }

  #pass(fresh: Buffer, skip: Skip): Step {
    // The first line end at the last byte before the goal or behind it.
    const goal = fresh.indexOf(10, Math.max(0, skip.to - this.#offset - 1));
    const end = (goal < 0 ? fresh.lastIndexOf(10) : goal) + 1;
    // Less than was asked for and no line end: a line that is being written. It is given when it is whole.
    if (end === 0 && fresh.length < SKIP_BYTES) return this.#skipEnd() ?? END;
    const bytes = end === 0 ? fresh.length : end;
    const lines = newlines(fresh.subarray(0, bytes));
    skip.lines += lines;
    skip.bytes += bytes;
    skip.inside = end === 0;
    this.#moved(fresh, bytes, lines);
    return goal < 0 ? { kind: 'moved', bytes } : (this.#skipEnd() ?? END);
  }

  #skipEnd(): Step | null {
    const skip = this.#skip;
    if (skip === null) return null;
    this.#skip = null;
    this.#inLine = skip.inside;
    if (skip.inside) {
      skip.lines += 1;
      this.#lines += 1;
    }
    if (skip.why === null || skip.bytes === 0) return { kind: 'moved', bytes: 0 };
    return { kind: 'skipped', skipped: { lines: skip.lines, bytes: skip.bytes, why: skip.why } };
  }

  #moved(fresh: Buffer, bytes: number, lines: number): Step {
    const before = Buffer.concat([this.#tail, fresh.subarray(Math.max(0, bytes - TAIL_BYTES), bytes)]);
    this.#tail = Buffer.from(before.subarray(Math.max(0, before.length - TAIL_BYTES)));
    this.#offset += bytes;
    this.#lines += lines;
    return { kind: 'moved', bytes };
  }

  /** Where it is now. */
  mark(): Mark {
    return { offset: this.#offset, lines: this.#lines, inLine: this.#inLine, tail: this.#tail };
  }

  /** The same as data. */
  placeOf({ offset, lines, inLine, tail }: Mark, at: number): Place {
    const { dev, inode } = this;
    return { dev, inode, offset, lines, head: printOf(this.#head), tail: printOf(tail), size: this.#seen, ...(inLine ? { inLine: true } : {}), at };
  }
}
