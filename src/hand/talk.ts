/**
 * One nft that stays, for small changes: half a millisecond each instead of a program's start. It says nothing when all went well, so
 * after each change it is asked for something that it answers from its own head; what it complained of stands before that.
 */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Ran } from './programs.ts';

/** Answered without the kernel, on standard output. */
const QUESTION = 'describe meta mark';
const ANSWER = 'datatype mark';
const TIME_MS = 10_000;
/** A line editor reads the lines: long ones are for a program of their own. */
export const TALK_AT_MOST = 16_384;
const SAID_AT_MOST = 65_536;

export class Talk {
  readonly #program: () => string | null;
  #child: ChildProcessWithoutNullStreams | null = null;
  #out = '';
  #fault = '';
  #heard: (whole: boolean) => void = () => {};

  constructor(program: () => string | null) {
    this.#program = program;
  }

  /** Null when it could not be talked to before anything was said: then nothing was done. */
  async say(script: string): Promise<Ran | null> {
    const child = this.#child ?? this.#start();
    if (!child?.stdin.writable) return null;
    this.#out = '';
    this.#fault = '';
    const whole = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), TIME_MS);
      this.#heard = (heard) => {
        clearTimeout(timer);
        resolve(heard);
      };
      child.stdin.write(`${script.trim().replaceAll('\n', '; ')}\n${QUESTION}\n`);
    });
    this.#heard = () => {};
    // What it complained of was written before its answer, so it is heard in this round of the loop at the latest.
    await new Promise((resolve) => setImmediate(resolve));
    if (!whole) this.end();
    const fault = whole ? (this.#fault.trim().split('\n', 1)[0] ?? '') : `nft ended or fell silent ${this.#fault}`;
    return { ok: whole && fault === '', out: '', fault: fault.slice(0, 300) };
  }

  #start(): ChildProcessWithoutNullStreams | null {
    const program = this.#program();
    if (program === null) return null;
    const child = spawn(program, ['-i'], { stdio: ['pipe', 'pipe', 'pipe'], env: { LC_ALL: 'C', TERM: 'dumb', HOME: '/nonexistent' }, cwd: '/' });
    this.#child = child;
    child.stdin.on('error', () => {});
    child.stdout.on('data', (part: Buffer) => {
      this.#out = (this.#out + part.toString('latin1')).slice(-SAID_AT_MOST);
      if (this.#out.includes(ANSWER)) this.#heard(true);
    });
    child.stderr.on('data', (part: Buffer) => {
      if (this.#fault.length < SAID_AT_MOST) this.#fault += part.toString('latin1');
    });
    const gone = () => {
      if (this.#child === child) this.#child = null;
      this.#heard(false);
    };
    child.on('error', gone);
    child.on('close', gone);
    return child;
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }
}
