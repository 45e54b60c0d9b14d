/** Logs that are copied and emptied in place: what is in the copy arrives, what is not is told, and together that is all that was written. */

import * as fs from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FollowFile } from '../../src/eyes/follow-file.ts';
import type { FileSettings } from '../../src/eyes/follow-items.ts';
import { Ground, upTo, WIDTH } from './follow-kit.ts';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.close());

const settings: FileSettings = { toUtc: (local) => local, now: Date.now, graceMs: 60_000, backlogBytes: 1 << 30, skip: new Set() };

async function follower(): Promise<FollowFile> {
  const file = new FollowFile(ground.at('x.log'), settings);
  await file.begin({ places: [] }, 'start');
  return file;
}

async function readAll(file: FollowFile): Promise<void> {
  for (let more = true; more; ) {
    const turn = await file.turn(1 << 20);
    ground.take(turn.items);
    file.took();
    more = turn.more;
  }
}

function copied(): void {
  for (let number = 40; number >= 1; number -= 1) {
    if (fs.existsSync(ground.at(`x.log.${number}`))) fs.renameSync(ground.at(`x.log.${number}`), ground.at(`x.log.${number + 1}`));
  }
  fs.copyFileSync(ground.at('x.log'), ground.at('x.log.1'));
}

const emptied = () => fs.truncateSync(ground.at('x.log'));

function ascending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}

describe('a log that is copied and emptied', () => {
  it('twenty times, with nothing written meanwhile: every line arrives once', async () => {
    const file = await follower();
    for (let round = 0; round < 20; round += 1) {
      ground.write('x.log', 2_500);
      if (round % 3 !== 0) await readAll(file);
      ground.write('x.log', 2_500);
      copied();
      emptied();
    }
    await readAll(file);
    expect(ground.seen).toEqual({ numbers: upTo(100_000), others: [], blinds: [] });
    file.close();
  });

  it('while it is written: what arrives and what is told as lost is what was written', async () => {
    const round = fc.record({
      before: fc.nat(60),
      // Whoever never gets to read falls behind by many copies, and then one line too many may be told as lost.
      read: fc.integer({ min: 500, max: 5_000 }),
      between: fc.nat(60),
      during: fc.nat(60),
      on: fc.nat(9_000),
      after: fc.nat(60),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 12 }), async (rounds) => {
        ground.close();
        ground = new Ground();
        const file = await follower();
        for (const { before, read, between, during, on, after } of rounds) {
          ground.write('x.log', before);
          ground.take((await file.turn(read)).items);
          ground.write('x.log', between);
          copied();
          ground.write('x.log', during);
          // A look, with much, little or no time to read.
          ground.take((await file.turn(on > 6_000 ? 0 : on)).items);
          emptied();
          ground.write('x.log', after);
          // A file that is emptied twice between two looks is another matter.
          ground.take((await file.turn(read)).items);
        }
        await readAll(file);
        const told = ground.seen.blinds.reduce((sum, { lines }) => sum + lines, 0);
        expect(ground.seen.numbers.length + told).toBe(ground.written);
        expect(ground.seen.blinds.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(told * WIDTH);
        expect(told).toBeLessThanOrEqual(rounds.reduce((sum, { during }) => sum + during, 0));
        expect(ascending(ground.seen.numbers)).toBe(true);
        expect(ground.seen.others).toEqual([]);
        file.close();
      }),
      { numRuns: 150 },
    );
  });

  it('and grew past the place where the reader was', async () => {
    const file = await follower();
    ground.write('x.log', 10);
    await readAll(file);
    ground.write('x.log', 3);
    copied();
    emptied();
    ground.write('x.log', 50);
    await readAll(file);
    expect(ground.seen).toEqual({ numbers: upTo(63), others: [], blinds: [] });
    expect(file.coverage()).toMatchObject({ state: 'partial', detail: expect.stringContaining('emptied in place 1 time (copytruncate)') });
    file.close();
  });

  it('by a writer that does not append, so that a hole is left', async () => {
    const fd = fs.openSync(ground.at('x.log'), 'w');
    const file = await follower();
    ground.write(fd, 3_000);
    await readAll(file);
    copied();
    emptied();
    ground.write(fd, 20);
    await readAll(file);
    expect(ground.seen).toEqual({ numbers: upTo(3_020), others: [], blinds: [] });
    fs.closeSync(fd);
    file.close();
  });

  it('without any copy: the unread end is told', async () => {
    const file = await follower();
    ground.write('x.log', 10);
    await readAll(file);
    ground.write('x.log', 7);
    await file.turn(0);
    emptied();
    ground.write('x.log', 2);
    await readAll(file);
    expect(ground.seen.numbers).toEqual([...upTo(10), 17, 18]);
    expect(ground.seen.blinds).toMatchObject([{ lines: 7, bytes: 7 * WIDTH, why: 'the file was emptied, and no copy has its end' }]);
    file.close();
  });

  it('or shortened by somebody who removes its last lines: nothing is read twice, and it is told', async () => {
    const file = await follower();
    ground.write('x.log', 100);
    await readAll(file);
    fs.truncateSync(ground.at('x.log'), 60 * WIDTH);
    await readAll(file);
    ground.write('x.log', 5);
    await readAll(file);
    expect(ground.seen.numbers).toEqual(upTo(105));
    expect(ground.seen.blinds).toMatchObject([{ lines: 0, why: expect.stringContaining('shortened in place') }]);
    file.close();
  });

  it('or rewritten without the lines of one address: what follows is read', async () => {
    const file = await follower();
    ground.write('x.log', 100);
    await readAll(file);
    const text = fs.readFileSync(ground.at('x.log'), 'latin1').split('\n');
    text.splice(50, 10);
    fs.writeFileSync(ground.at('x.log'), text.join('\n'));
    ground.write('x.log', 30);
    await readAll(file);
    const { numbers, blinds } = ground.seen;
    expect(blinds).toMatchObject([{ why: expect.stringContaining('written over') }]);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.at(-1)).toBe(129);
    file.close();
  });
});
