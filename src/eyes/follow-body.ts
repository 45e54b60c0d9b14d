/** The bytes of one file that is followed: a plain one that may grow or be cut at any time, or a packed one that is unpacked on the way. */

import * as fs from 'node:fs';
import type { Millis } from '../core/words.ts';
import { pieces } from './log-bytes.ts';

export interface Body {
  /** Bytes from there on; fewer only where it ends for now. A packed one goes forward only. */
  at(offset: number, length: number): Buffer | Promise<Buffer>;
  /** How many bytes it has now; infinite while that is not known. */
  size(): number;
  /** Why it could not be unpacked to its end. */
  readonly damage: string | null;
  /** Has it a name in any directory? */
  named(): boolean;
  /** When it was last changed, by the kernel's clock. */
  changedAt(): Millis;
  /** When it was last written to. */
  modifiedAt(): Millis;
  close(): void;
}

export class PlainBody implements Body {
  readonly fd: number;
  readonly damage = null;

  constructor(fd: number) {
    this.fd = fd;
  }

  at(offset: number, length: number): Buffer {
    // A fresh one each time: the lines of the last may still be in use.
    const buffer = Buffer.allocUnsafe(length);
    let got = 0;
    while (got < length) {
      const more = fs.readSync(this.fd, buffer, got, length - got, offset + got);
      if (more === 0) break;
      got += more;
    }
    return buffer.subarray(0, got);
  }

  size(): number {
    return fs.fstatSync(this.fd).size;
  }

  named(): boolean {
    return fs.fstatSync(this.fd).nlink > 0;
  }

  changedAt(): Millis {
    return fs.fstatSync(this.fd).ctimeMs;
  }

  modifiedAt(): Millis {
    return fs.fstatSync(this.fd).mtimeMs;
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

export class PackedBody implements Body {
  readonly #fd: number;
  readonly #pieces: AsyncGenerator<Buffer>;
  /** What was unpacked and may be asked for: from `#base` on. */
  #window: Buffer = Buffer.alloc(0);
  #base = 0;
  #ended = false;
  damage: string | null = null;

  constructor(fd: number) {
    this.#fd = fd;
    this.#pieces = pieces(fd);
  }

  async at(offset: number, length: number): Promise<Buffer> {
    if (offset < this.#base) throw new RangeError('a packed file is read forward only');
    while (!this.#ended && this.#base + this.#window.length < offset + length) await this.#pull(offset);
    const from = Math.min(offset - this.#base, this.#window.length);
    return Buffer.from(this.#window.subarray(from, from + length));
  }

  size(): number {
    return this.#ended ? this.#base + this.#window.length : Number.POSITIVE_INFINITY;
  }

  named(): boolean {
    return true;
  }

  changedAt(): Millis {
    return fs.fstatSync(this.#fd).ctimeMs;
  }

  modifiedAt(): Millis {
    return fs.fstatSync(this.#fd).mtimeMs;
  }

  close(): void {
    this.#ended = true;
    this.#pieces
      .return(undefined)
      .catch(() => {})
      .finally(() => fs.closeSync(this.#fd));
  }

  async #pull(offset: number): Promise<void> {
    const unused = Math.min(offset - this.#base, this.#window.length);
    try {
      const { value, done } = await this.#pieces.next();
      if (done) this.#ended = true;
      else this.#window = Buffer.concat([this.#window.subarray(unused), value]);
      if (!done) this.#base += unused;
    } catch (error) {
      this.#ended = true;
      this.damage = error instanceof Error && !('code' in error) ? error.message : 'the packed file is damaged or cut short';
    }
  }
}
