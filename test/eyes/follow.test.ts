/** Many logs at once: patterns, fairness, links, files that are none, long lines, NULs, and a reader that cannot keep up. */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blindSays, type Followed, isFollowState } from '../../src/eyes/follow.ts';
import { FollowClock } from '../../src/eyes/follow-clock.ts';
import { matches } from '../../src/eyes/follow-names.ts';
import { Ground, lineOf, upTo, WIDTH } from './follow-kit.ts';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.close());

const textOf = (items: readonly Followed[]) =>
  items.map((item) => ('blind' in item ? `blind: ${item.blind.why}` : item.bytes.toString('latin1'))).join('');

describe('logs', () => {
  it('that a pattern names are followed, new ones from their beginning, rotated parts not', async () => {
    fs.mkdirSync(ground.at('site'));
    for (const name of ['a-access.log', 'b-access.log', 'b-access.log.1', 'error.log', '.c-access.log'])
      fs.writeFileSync(ground.at(`site/${name}`), `${name}\n`);
    const follow = ground.follow({ paths: [ground.at('*/*access.log*')] });
    await ground.until(follow, () => ground.seen.others.length >= 2);
    expect([...ground.seen.others].sort()).toEqual(['a-access.log', 'b-access.log']);
    fs.mkdirSync(ground.at('new'));
    fs.writeFileSync(ground.at('new/z-access.log'), 'z\n');
    await ground.until(follow, () => ground.seen.others.length >= 3);
    expect(ground.seen.others[2]).toBe('z');
    expect(Object.keys(follow.state().paths)).toHaveLength(3);
  });

  it('begin at their end on the first day, and where the reader was on the second', async () => {
    ground.write('x.log', 1_000);
    fs.appendFileSync(ground.at('x.log'), lineOf(1_000).slice(0, 30));
    const first = ground.follow({ from: 'end' });
    const next = first.next();
    while (!first.state().paths[ground.at('x.log')]) await new Promise((resolve) => setTimeout(resolve, 2));
    fs.appendFileSync(ground.at('x.log'), lineOf(1_000).slice(30));
    const [item] = await next;
    // The line that was being written is given when it is whole, under its number.
    expect(item).toMatchObject({ firstLine: 1_001, fresh: true, bytes: Buffer.from(lineOf(1_000)) });
    first.took();
    const state = JSON.parse(JSON.stringify(first.state()));
    expect(isFollowState(state)).toBe(true);
    first.close();
    fs.appendFileSync(ground.at('x.log'), lineOf(1_001));
    const second = ground.follow({ from: 'end' }, state);
    expect(await second.next()).toMatchObject([{ firstLine: 1_002, bytes: Buffer.from(lineOf(1_001)) }]);
  });

  it('have their turns, however much one of them has', async () => {
    fs.writeFileSync(ground.at('flood'), lineOf(1).repeat(100_000));
    fs.writeFileSync(ground.at('quiet'), 'one\n');
    const follow = ground.follow({ paths: [ground.at('flood'), ground.at('quiet')] });
    const items = await follow.next();
    expect(textOf(items)).toContain('one\n');
  });

  it('give bytes and clock in the form that the sieve takes', async () => {
    fs.writeFileSync(ground.at('x.log'), 'Dec 31 23:59:59 host sshd[1]: a\nJan  1 00:00:01 host sshd[1]: b\n');
    const now = Date.UTC(2027, 0, 1, 0, 0, 5);
    const [item] = await ground.follow({ now: () => now, skip: () => new Set(['cron']) }).next();
    if (!item || 'blind' in item) throw new Error('no lines');
    expect(item.chunk).toMatchObject({ source: ground.at('x.log'), firstLine: 1, ascii: true, skip: new Set(['cron']) });
    expect(item.chunk.clock).toMatchObject({ firstYear: 2026, latest: now + 60_000 });
    expect(item.chunk.bytes).toBe(item.bytes);
  });

  it('whose stamps are of another zone are told', () => {
    const clock = new FollowClock();
    for (let at = 0; at < 10; at += 1) {
      clock.hear({ path: '/x', fresh: true, receivedAt: 7_200_000 + at }, at);
      clock.hear({ path: '/y', fresh: false, receivedAt: 7_200_000 + at }, at);
    }
    expect(clock.told('/x')).toMatchObject({ kind: 'zone', correctionMs: 7_200_000 });
    expect(clock.told('/y').kind).toBe('unknown');
    expect(clock.coverage()).toMatchObject([{ source: '/x', detail: expect.stringContaining('/x: its stamps are 2 h behind') }]);
  });
});

describe('a reader that cannot keep up', () => {
  it('misses the oldest lines, and is told exactly how many', async () => {
    ground.write('x.log', 50_000);
    const follow = ground.follow({ backlogBytes: 100_000 });
    await ground.until(follow, () => ground.seen.numbers.at(-1) === 49_999);
    const { numbers, blinds } = ground.seen;
    const told = blinds.reduce((sum, { lines }) => sum + lines, 0);
    expect(told + numbers.length).toBe(50_000);
    expect(numbers).toEqual(upTo(50_000).slice(told));
    expect(numbers.length * WIDTH).toBeLessThanOrEqual(100_000);
    expect(blinds).toMatchObject([{ path: ground.at('x.log'), bytes: told * WIDTH, why: expect.stringContaining('waited to be read') }]);
    expect(blindSays({ blind: { path: '/x', lines: 1_234, bytes: 98_720, why: 'skipped' } })).toBe('1,234 lines (98,720 bytes) not seen: skipped');
  });
});

describe('a hostile file', () => {
  it('is no log when it is a pipe, a directory or a device: nothing waits, and it is told once', async () => {
    execFileSync('/usr/bin/mkfifo', [ground.at('pipe')]);
    fs.mkdirSync(ground.at('directory'));
    const follow = ground.follow({ paths: [ground.at('pipe'), ground.at('directory'), '/dev/zero', ground.at('x.log')] });
    ground.write('x.log', 1);
    await ground.until(follow, () => ground.seen.numbers.length === 1);
    expect(ground.seen.blinds.map(({ why }) => why)).toEqual(Array(3).fill('it is no regular file'));
    expect(follow.coverage().map(({ state }) => state)).toEqual(['unreadable', 'unreadable', 'unreadable', 'read']);
    // And takes the place of a log: what was in the log is read, and the log that comes back too.
    ground.write('x.log', 5);
    fs.renameSync(ground.at('x.log'), ground.at('x.log.1'));
    execFileSync('/usr/bin/mkfifo', [ground.at('x.log')]);
    await ground.until(follow, () => ground.seen.numbers.length === 6 && ground.seen.blinds.length === 4);
    fs.rmSync(ground.at('x.log'));
    ground.write('x.log', 2);
    await ground.until(follow, () => ground.seen.numbers.length === 8);
    expect(ground.seen.numbers).toEqual(upTo(8));
  });

  it('has a line of ten megabytes: its beginning is given without half an address, the rest is told, the next line is read', async () => {
    const address = '192.0.2.123';
    const before = 'x'.repeat(65_536 - 5 - 1);
    fs.writeFileSync(ground.at('x.log'), `${before} ${address} ${'y'.repeat(10_000_000)}\nnext\n`);
    const follow = ground.follow();
    await ground.until(follow, () => ground.seen.others.at(-1) === 'next');
    expect(ground.seen.others).toEqual([`${before} `, 'next']);
    expect(ground.seen.blinds).toMatchObject([{ lines: 0, bytes: address.length + 1 + 10_000_000 + 1 }]);
  });

  it('has holes of NULs: no line begins in them', async () => {
    const fd = fs.openSync(ground.at('x.log'), 'w');
    fs.writeSync(fd, 'one\n', 1_000_000);
    fs.writeSync(fd, 'two\0three\n', 3_000_000);
    fs.closeSync(fd);
    const follow = ground.follow();
    await ground.until(follow, () => ground.seen.others.length === 2);
    expect(ground.seen.others.map((line) => line.replace(/^\0+/, ''))).toEqual(['one', 'two\0three']);
    expect(ground.seen.others[0]).toBe('one');
  });

  it('ends in half a line: it waits for the other half', async () => {
    fs.writeFileSync(ground.at('x.log'), 'a\nhalf');
    const follow = ground.follow();
    await ground.until(follow, () => ground.seen.others.length === 1);
    fs.appendFileSync(ground.at('x.log'), ' and half\n');
    await ground.until(follow, () => ground.seen.others.length === 2);
    expect(ground.seen.others).toEqual(['a', 'half and half']);
  });

  it('is a link that somebody made to a file that is not his: refused; to his own: followed', async () => {
    fs.chmodSync(ground.root, 0o777);
    for (const name of ['secret', 'own']) fs.writeFileSync(ground.at(name), `${name}\n`);
    fs.chownSync(ground.at('own'), 1234, 1234);
    for (const [name, target] of [
      ['bad.log', 'secret'],
      ['good.log', 'own'],
    ] as const) {
      fs.symlinkSync(target, ground.at(name));
      fs.lchownSync(ground.at(name), 1234, 1234);
    }
    // A second hard name in a directory where everybody may make one.
    fs.linkSync(ground.at('secret'), ground.at('hard.log'));
    const follow = ground.follow({ paths: ['bad.log', 'good.log', 'hard.log'].map((name) => ground.at(name)) });
    await ground.until(follow, () => ground.seen.others.length >= 1);
    expect(ground.seen.others).toEqual(['own']);
    expect(ground.seen.blinds.map(({ path }) => path)).toEqual([ground.at('bad.log'), ground.at('hard.log')]);
  });

  it('loses its directory, and that is told; it is read when it is back', async () => {
    fs.mkdirSync(ground.at('d'));
    ground.write('d/x.log', 3);
    const follow = ground.follow({ paths: [ground.at('d/x.log')] });
    await ground.until(follow, () => ground.seen.numbers.length === 3);
    fs.rmSync(ground.at('d'), { recursive: true });
    await ground.until(follow, () => ground.seen.blinds.length === 1);
    expect(ground.seen.blinds).toMatchObject([{ why: 'its directory is gone' }]);
    fs.mkdirSync(ground.at('d'));
    ground.write('d/x.log', 3);
    await ground.until(follow, () => ground.seen.numbers.length === 6);
    expect(ground.seen.numbers).toEqual(upTo(6));
  });

  it('is renamed and renamed back: no line comes twice', async () => {
    ground.write('x.log', 3);
    const follow = ground.follow();
    await ground.until(follow, () => ground.seen.numbers.length === 3);
    fs.renameSync(ground.at('x.log'), ground.at('away'));
    ground.write('away', 2);
    await ground.until(follow, () => ground.seen.numbers.length === 5);
    fs.renameSync(ground.at('away'), ground.at('x.log'));
    ground.write('x.log', 2);
    await ground.until(follow, () => ground.seen.numbers.length === 7);
    expect(ground.seen.numbers).toEqual(upTo(7));
  });
});

describe('closing', () => {
  it('leaves the state as it is, and what was given can still be acknowledged', async () => {
    ground.write('x.log', 10);
    const first = ground.follow();
    ground.take(await first.next());
    first.close();
    expect(first.state().paths[ground.at('x.log')]).toMatchObject({ places: [{ offset: 0 }] });
    first.took();
    const state = first.state();
    expect(state.paths[ground.at('x.log')]).toMatchObject({ places: [{ offset: 10 * WIDTH, lines: 10 }] });
    ground.write('x.log', 3);
    const second = ground.follow({}, state);
    await ground.until(second, () => ground.seen.numbers.length >= 13);
    expect(ground.seen.numbers).toEqual(upTo(13));
  });

  it('ends a wait', async () => {
    const follow = ground.follow();
    const next = follow.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    follow.close();
    expect(await next).toEqual([]);
  });
});

describe('a pattern', () => {
  it.each([
    ['access.log', '*access.log', true],
    ['a-access.log', '*access.log', true],
    ['access.log', 'access.log*', true],
    ['.access.log', '*access.log', false],
    ['aXb', 'a?b', true],
    ['ab', 'a?b', false],
    ['site7.log', 'site[0-9].log', true],
    ['sitex.log', 'site[!0-9].log', true],
    ['site-.log', 'site[a-].log', true],
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', '*a*a*a*a*a*a*a*a*c', false],
  ])('%s against %s: %s', (name, pattern, fits) => expect(matches(name, pattern)).toBe(fits));
});
