/** The follower is stopped at any moment, with the state of its last acknowledgement, while the log is written and rotated: nothing is lost, nothing comes twice. */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FollowFile } from '../../src/eyes/follow-file.ts';
import type { FileSettings, Followed } from '../../src/eyes/follow-items.ts';
import type { PathState } from '../../src/eyes/follow-place.ts';
import { Ground, upTo } from './follow-kit.ts';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.close());

const settings: FileSettings = { toUtc: (local) => local, now: Date.now, graceMs: 60_000, backlogBytes: 1 << 30, skip: new Set() };
const PACKERS: readonly (readonly [string, string])[] = [
  ['/usr/bin/gzip', 'gz'],
  ['/usr/bin/xz', 'xz'],
  ['/usr/bin/bzip2', 'bz2'],
];

/** A daemon, logrotate and a reader that may fall at any time. */
class Play {
  #file: FollowFile | null = null;
  #saved: PathState = { places: [] };
  #pending: Followed[] = [];
  #fd = -1;

  async read(most: number): Promise<boolean> {
    const file = await this.#reader();
    const turn = await file.turn(most);
    this.#pending.push(...turn.items);
    return turn.more;
  }

  async took(): Promise<void> {
    const file = await this.#reader();
    file.took();
    ground.take(this.#pending);
    this.#pending = [];
    const state = file.state();
    if (state) this.#saved = JSON.parse(JSON.stringify(state));
  }

  /** What was given and not acknowledged is forgotten by the reader too. */
  crash(): void {
    this.#file?.close();
    this.#file = null;
    this.#pending = [];
  }

  write(count: number): void {
    if (this.#fd < 0) this.#fd = fs.openSync(ground.at('x.log'), 'a');
    ground.write(this.#fd, count);
  }

  reopen(): void {
    if (this.#fd >= 0) fs.closeSync(this.#fd);
    this.#fd = fs.openSync(ground.at('x.log'), 'a');
  }

  rename(packer: number): void {
    if (!fs.existsSync(ground.at('x.log'))) return;
    this.shift();
    fs.renameSync(ground.at('x.log'), ground.at('x.log.1'));
    const [program, ending] = PACKERS[packer] ?? [];
    // logrotate packs what no daemon writes to any more.
    if (!program || !ending || !fs.existsSync(ground.at('x.log.2'))) return;
    execFileSync(program, [ground.at('x.log.2')]);
  }

  shift(): void {
    for (let number = 60; number >= 1; number -= 1) {
      for (const ending of ['', ...PACKERS.map(([, one]) => `.${one}`)]) {
        const from = ground.at(`x.log.${number}${ending}`);
        if (fs.existsSync(from)) fs.renameSync(from, ground.at(`x.log.${number + 1}${ending}`));
      }
    }
  }

  copyAndEmpty(): void {
    if (!fs.existsSync(ground.at('x.log'))) return;
    this.shift();
    fs.copyFileSync(ground.at('x.log'), ground.at('x.log.1'));
    fs.truncateSync(ground.at('x.log'));
  }

  async end(): Promise<void> {
    while (await this.read(1 << 20));
    await this.took();
    this.crash();
    if (this.#fd >= 0) fs.closeSync(this.#fd);
  }

  async #reader(): Promise<FollowFile> {
    if (this.#file) return this.#file;
    this.#file = new FollowFile(ground.at('x.log'), settings);
    await this.#file.begin(this.#saved, 'start');
    return this.#file;
  }
}

type Move = { readonly kind: 'write' | 'read' | 'took' | 'crash' | 'rename' | 'copy'; readonly count: number };

async function play(moves: readonly Move[]): Promise<void> {
  ground.close();
  ground = new Ground();
  const play = new Play();
  await play.read(0);
  await play.took();
  for (const { kind, count } of moves) {
    if (kind === 'write') play.write(count);
    else if (kind === 'read') await play.read(count * 40);
    else if (kind === 'took') await play.took();
    else if (kind === 'crash') play.crash();
    else if (kind === 'copy') play.copyAndEmpty();
    else {
      play.rename(count % 8);
      // Some daemons write on for a while.
      if (count % 3 === 0) play.write(count % 5);
      play.reopen();
    }
  }
  await play.end();
  expect(ground.seen).toEqual({ numbers: upTo(ground.written), others: [], blinds: [] });
}

const move = (kinds: readonly Move['kind'][]) => fc.record({ kind: fc.constantFrom(...kinds), count: fc.nat(200) });

describe('a reader that is stopped at any moment', () => {
  it('goes on where it was, whatever was renamed and packed meanwhile', async () => {
    const moves = fc.array(move(['write', 'write', 'read', 'took', 'crash', 'rename']), { minLength: 5, maxLength: 30 });
    await fc.assert(fc.asyncProperty(moves, play), { numRuns: 120 });
  });

  it('goes on where it was, whatever was copied and emptied meanwhile', async () => {
    const moves = fc.array(move(['write', 'write', 'read', 'took', 'crash', 'copy']), { minLength: 5, maxLength: 30 });
    await fc.assert(fc.asyncProperty(moves, play), { numRuns: 150 });
  });
});
