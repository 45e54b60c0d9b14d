/**
 * Notices when somebody else takes something out of our table: one `nft monitor` that the kernel tells of every removal, and a cheap
 * question now and then for what the monitor may have missed. Changes of our own are known by the turns around them.
 * Cannot see: rules that somebody adds to our chains, or tables of others that accept before ours drops (accepting does not end ours).
 */

import { type ChildProcess, spawn } from 'node:child_process';
import type { Nft } from './nft.ts';
import { TABLE } from './table.ts';

const ASK_EVERY_MS = 10_000;
/** Removals come in crowds: this long is waited for the rest. */
const SETTLE_MS = 30;
const AGAIN_AFTER_MS = 500;
const LINE_AT_MOST = 4096;
/** `delete element inet tocsin turn { 0x0000002a }` */
const TURN = /^delete element inet tocsin turn \{ 0x([\da-f]{8})/;

export class Watch {
  readonly #nft: Nft;
  readonly #lost: (why: 'asked' | 'removed') => void;
  #child: ChildProcess | null = null;
  #rest = '';
  /** The turn of ours that is being told of, or null. */
  #inside: number | null = null;
  #settling: NodeJS.Timeout | null = null;
  #asking: NodeJS.Timeout | null = null;
  #stopped = false;

  /** `lost` is called when something may be missing; whoever is called looks and puts it back. */
  constructor(nft: Nft, lost: (why: 'asked' | 'removed') => void) {
    this.#nft = nft;
    this.#lost = lost;
  }

  start(): void {
    this.#asking ??= setInterval(() => this.#lost('asked'), ASK_EVERY_MS);
    const { program } = this.#nft;
    if (this.#stopped || program === null) {
      this.#later();
      return;
    }
    const child = spawn(program, ['monitor', 'destroy'], { stdio: ['ignore', 'pipe', 'ignore'], env: { LC_ALL: 'C' }, cwd: '/' });
    this.#child = child;
    this.#rest = '';
    this.#inside = null;
    child.stdout.on('data', (part: Buffer) => this.#hear(part.toString('latin1')));
    child.on('error', () => {});
    child.on('close', () => {
      this.#child = null;
      this.#later();
    });
    // What happened before it listened is asked for.
    setTimeout(() => this.#lost('asked'), AGAIN_AFTER_MS).unref();
  }

  #later(): void {
    if (!this.#stopped) setTimeout(() => this.#child ?? this.start(), AGAIN_AFTER_MS).unref();
  }

  #hear(part: string): void {
    const lines = (this.#rest + part).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, LINE_AT_MOST);
    let foreign = false;
    for (const line of lines) {
      const turn = TURN.exec(line)?.[1];
      if (turn !== undefined) foreign = this.#turned(Number.parseInt(turn, 16)) || foreign;
      else if (this.#inside === null && (line.includes(` ${TABLE} `) || line.endsWith(` ${TABLE}`))) foreign = true;
    }
    if (foreign) this.#settling ??= setTimeout(() => this.#settled(), SETTLE_MS);
  }

  /** True when the turn was not given out here: another hand is at work. */
  #turned(turn: number): boolean {
    if (this.#inside === turn - 1) {
      this.#nft.ours.delete(turn - 1);
      this.#inside = null;
      return false;
    }
    if (!this.#nft.ours.has(turn)) return true;
    this.#inside = turn;
    return false;
  }

  #settled(): void {
    this.#settling = null;
    this.#lost('removed');
  }

  stop(): void {
    this.#stopped = true;
    if (this.#asking) clearInterval(this.#asking);
    if (this.#settling) clearTimeout(this.#settling);
    this.#child?.kill('SIGKILL');
  }
}
