/** Every kind of rotation while a writer writes: each line arrives, once, in its order. */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ground, upTo } from './follow-kit.ts';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.close());

const LINES = 100_000;
const ROTATIONS = 20;
const LATE = 50;
const breath = () => new Promise((resolve) => setImmediate(resolve));

/** Writes in pieces of several sizes and rotates in between; `rotate` gives the descriptor to go on with. */
async function writer(rotate: (fd: number, round: number) => number | Promise<number>): Promise<void> {
  let fd = fs.openSync(ground.at('x.log'), 'a');
  const each = LINES / ROTATIONS;
  for (let round = 0; round < ROTATIONS; round += 1) {
    for (let left = (round + 1) * each - ground.written; left > 0; ) {
      const count = Math.min(left, 1 + ((round * 37 + left) % 400));
      ground.write(fd, count);
      left -= count;
      if (left % 3 === 0) await breath();
    }
    fd = await rotate(fd, round);
  }
  fs.closeSync(fd);
}

function shift(keep: number): void {
  for (let number = keep; number >= 1; number -= 1) {
    const from = ground.at(`x.log.${number}`);
    if (fs.existsSync(from)) fs.renameSync(from, ground.at(`x.log.${number + 1}`));
  }
  fs.rmSync(ground.at(`x.log.${keep + 1}`), { force: true });
}

function reopened(fd: number): number {
  fs.closeSync(fd);
  return fs.openSync(ground.at('x.log'), 'a');
}

async function all(rotate: Parameters<typeof writer>[0]): Promise<void> {
  const follow = ground.follow();
  const writing = writer(rotate);
  await Promise.all([writing, ground.until(follow, () => ground.seen.numbers.length >= LINES)]);
  expect(ground.seen.numbers).toEqual(upTo(LINES));
  expect(ground.seen.others).toEqual([]);
  expect(ground.seen.blinds).toEqual([]);
}

describe('a log that is rotated twenty times while it is written', () => {
  it('by renaming, with a daemon that goes on in the old file for a while', () =>
    all(async (fd) => {
      shift(40);
      fs.renameSync(ground.at('x.log'), ground.at('x.log.1'));
      await breath();
      // A daemon goes on in the old file until it is told.
      if (ground.written < LINES) ground.write(fd, LATE);
      return reopened(fd);
    }));

  it('by renaming twice before anybody looks', () =>
    all((fd, round) => {
      shift(40);
      fs.renameSync(ground.at('x.log'), ground.at('x.log.1'));
      if (round % 2 === 0) return reopened(fd);
      fs.writeFileSync(ground.at('x.log'), '');
      shift(40);
      fs.renameSync(ground.at('x.log'), ground.at('x.log.1'));
      return reopened(fd);
    }));

  it('by deleting, once it was read', () =>
    all(async (fd) => {
      fs.rmSync(ground.at('x.log'));
      await breath();
      return reopened(fd);
    }));

  it('by renaming and packing at once', () =>
    all((fd) => {
      for (let number = 40; number >= 1; number -= 1) {
        if (fs.existsSync(ground.at(`x.log.${number}.gz`))) fs.renameSync(ground.at(`x.log.${number}.gz`), ground.at(`x.log.${number + 1}.gz`));
      }
      fs.renameSync(ground.at('x.log'), ground.at('x.log.1'));
      const next = reopened(fd);
      execFileSync('/usr/bin/gzip', [ground.at('x.log.1')]);
      return next;
    }));

  it('by turning a link to another file', async () => {
    fs.writeFileSync(ground.at('day-0'), '');
    fs.symlinkSync('day-0', ground.at('x.log'));
    await all((fd, round) => {
      fs.writeFileSync(ground.at(`day-${round + 1}`), '');
      fs.symlinkSync(`day-${round + 1}`, ground.at('new'));
      fs.renameSync(ground.at('new'), ground.at('x.log'));
      return reopened(fd);
    });
  });
});
