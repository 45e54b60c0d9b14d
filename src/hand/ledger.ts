/**
 * What the hand means to do, what takes it back, and what came of it: lines of JSON, on the disk before anything is done. After a
 * restart the kernel is made to agree with it. A line that was torn by a power cut or by kill -9 was never acted upon.
 */

import * as path from 'node:path';
import { UserError } from '../core/errors.ts';
import { counted } from '../core/text.ts';
import { type Files, faultOf, realFiles } from './files.ts';
import { type Replay, replayed } from './replay.ts';
import type { Act } from './words.ts';

const PRIVATE = 0o600;
/** The ledger is written anew when this many lines more than twice those that count have come together. */
const SLACK_LINES = 2000;

export class LedgerFault extends Error {
  readonly says: string;

  constructor(says: string) {
    super(says);
    this.name = 'LedgerFault';
    this.says = says;
  }
}

export class Ledger {
  readonly file: string;
  readonly #files: Files;
  readonly #directory: string;
  /** Null while the disk does not take it: it is opened again before the next line. */
  #fd: number | null;
  /** Bytes of whole lines: what stands behind them is cut off before the next line is written. */
  #bytes: number;
  #lines: number;
  #turn: number;
  /** An outcome that could not be written when it was due: it goes before the next plan. */
  #owed = '';

  private constructor(files: Files, directory: string, fd: number | null, replay: Replay) {
    this.#files = files;
    this.#directory = directory;
    this.file = path.join(directory, 'ledger');
    this.#fd = fd;
    this.#bytes = replay.goodBytes;
    this.#lines = replay.lines;
    this.#turn = replay.lastTurn;
  }

  /** `said` = what a person should know of how it was found. */
  static open(
    directory: string,
    files: Files = realFiles,
  ): { readonly ledger: Ledger; readonly acts: readonly Act[]; readonly said: readonly string[] } {
    const file = path.join(directory, 'ledger');
    const { fd, trouble } = opened(files, directory, file);
    const replay = replayed(bytesOf(files, file), file);
    const said = [...replay.said];
    if (trouble !== null) said.push(`${file} cannot be written (${trouble}): no order will be carried out until it can.`);
    return { ledger: new Ledger(files, directory, fd, replay), acts: replay.acts, said };
  }

  /** Writes the plan with its undo and waits for the disk; the number of the turn. Throws when it is not surely written: then nothing may be done. */
  plan(acts: readonly Act[]): number {
    const turn = this.#turn + 1;
    const lines = acts.map((act) => JSON.stringify({ turn, ...act }));
    this.#append(`${this.#owed}${lines.join('\n')}\n${JSON.stringify({ turn, sealed: acts.length })}\n`, lines.length + 1);
    this.#owed = '';
    this.#turn = turn;
    return turn;
  }

  outcome(turn: number, outcome: 'done' | 'failed', says = ''): void {
    const line = `${JSON.stringify({ turn, outcome, ...(says === '' ? {} : { says }) })}\n`;
    try {
      this.#append(line, 1);
    } catch {
      // A plan without an outcome counts as done after a restart: only what failed has to be told later.
      if (outcome === 'failed') this.#owed += line;
    }
  }

  #append(text: string, lines: number): void {
    const bytes = Buffer.from(text);
    try {
      this.#fd ??= this.#files.openSync(this.file, 'a+', PRIVATE);
      // What an earlier failed write left, or a power cut tore, must not stand before this.
      if (this.#files.fstatSync(this.#fd).size !== this.#bytes) this.#files.ftruncateSync(this.#fd, this.#bytes);
      for (let at = 0; at < bytes.length; ) at += this.#files.writeSync(this.#fd, bytes, at, bytes.length - at);
      this.#files.fsyncSync(this.#fd);
    } catch (error) {
      this.#cut();
      throw new LedgerFault(`the ledger ${this.file} could not be written (${faultOf(error)})`);
    }
    this.#bytes += bytes.length;
    this.#lines += lines;
  }

  #cut(): void {
    try {
      if (this.#fd !== null) this.#files.ftruncateSync(this.#fd, this.#bytes);
    } catch {
      // It is tried again before the next write, which fails if this still does.
    }
  }

  isLong(living: number): boolean {
    return this.#lines > 2 * living + SLACK_LINES;
  }

  /** Writes only what still counts into a new file and puts it in the place of the old: either the old or the new is there at any instant. */
  compact(acts: readonly Act[]): string | null {
    const next = `${this.file}.new`;
    const turn = this.#turn + 1;
    const lines = acts.map((act) => JSON.stringify({ turn, ...act }));
    const text = [...lines, JSON.stringify({ turn, sealed: acts.length }), JSON.stringify({ turn, outcome: 'done' }), ''].join('\n');
    const bytes = Buffer.from(text);
    let fd = -1;
    try {
      fd = this.#files.openSync(next, 'w+', PRIVATE);
      for (let at = 0; at < bytes.length; ) at += this.#files.writeSync(fd, bytes, at, bytes.length - at);
      this.#files.fsyncSync(fd);
      this.#files.renameSync(next, this.file);
    } catch (error) {
      this.#giveUp(fd, next);
      return `The ledger could not be made shorter (${faultOf(error)}); it goes on as it is, with ${counted(this.#lines, 'line')}.`;
    }
    this.close();
    this.#fd = fd;
    this.#bytes = bytes.length;
    this.#lines = lines.length + 2;
    this.#turn = turn;
    this.#owed = '';
    syncDirectory(this.#files, this.#directory);
    return null;
  }

  #giveUp(fd: number, next: string): void {
    try {
      if (fd >= 0) this.#files.closeSync(fd);
      this.#files.unlinkSync(next);
    } catch {
      // The next try opens the same name anew.
    }
  }

  close(): void {
    if (this.#fd !== null) this.#files.closeSync(this.#fd);
    this.#fd = null;
  }
}

/** The ledger ready for writing, its name safe on the disk; or why it cannot be written. */
function opened(files: Files, directory: string, file: string): { readonly fd: number | null; readonly trouble: string | null } {
  try {
    files.mkdirSync(directory, { recursive: true, mode: 0o700 });
    const fd = files.openSync(file, 'a+', PRIVATE);
    syncDirectory(files, directory);
    return { fd, trouble: null };
  } catch (error) {
    return { fd: null, trouble: faultOf(error) };
  }
}

/** Empty where there is none. What is there and cannot be read must stop the start: the kernel would be made to agree with nothing. */
function bytesOf(files: Files, file: string): Uint8Array {
  try {
    return files.readFileSync(file);
  } catch (error) {
    // Node's errors of system calls carry their name.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array();
    throw new UserError(
      `The ledger ${file} could not be read (${faultOf(error)})`,
      'Mend the disk, or move that file away; bans in the kernel stand meanwhile.',
    );
  }
}

function syncDirectory(files: Files, directory: string): void {
  const fd = files.openSync(directory, 'r');
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}
