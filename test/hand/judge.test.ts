/** What orders come to: acts with their undo, receipts with words, and ends of bans that no setting of the clock can move. */

import { describe, expect, it } from 'vitest';
import type { HandOrder } from '../../src/core/orders.ts';
import { Book } from '../../src/hand/book.ts';
import { Guard } from '../../src/hand/guard.ts';
import { Judge } from '../../src/hand/judge.ts';
import type { Act } from '../../src/hand/words.ts';

/** A clock that is moved by hand: `wall` may jump, `steady` only goes on. */
class SetClock {
  now = 1_800_000_000_000;
  ran = 500;
  wall = () => this.now;
  steady = () => this.ran;
  pass(ms: number) {
    this.now += ms;
    this.ran += ms;
  }
}

const HOUR = 3_600_000;

function scene() {
  const clock = new SetClock();
  const book = new Book(clock);
  const give = (...orders: HandOrder[]) => {
    const judge = new Judge(book, clock, { guard: new Guard([]), lingers: (ip) => ip === '203.0.113.250' });
    const judged = orders.map((order) => judge.judge(order));
    const acts = judged.flatMap(({ act }): Act[] => (act ? [act] : []));
    book.apply(acts);
    return { receipts: judged.map(({ receipt }) => receipt), acts };
  };
  const ban = (net: string, lastsMs: number | null = HOUR): HandOrder => {
    return { verb: 'ban', net, untilMs: lastsMs === null ? null : clock.now + lastsMs, because: 'x', decision: 'd' };
  };
  const living = () => [...book.all('ban')].filter((held) => book.lives(held)).map((held) => held.text);
  return { clock, book, give, ban, living };
}

describe('orders', () => {
  it('become acts that say what they take back', () => {
    const { give, ban } = scene();
    const first = give(ban('203.0.113.9')).acts[0];
    expect(first).toMatchObject({ kind: 'ban', net: '203.0.113.9', was: null, now: { decision: 'd' } });
    const longer = give(ban('203.0.113.9', null)).acts[0];
    expect(longer?.was).toEqual(first?.now);
    expect(longer?.now?.untilMs).toBeNull();
  });

  it('are not done twice, and do not shorten a ban', () => {
    const { give, ban } = scene();
    give(ban('203.0.113.9'));
    expect(give(ban('203.0.113.9', HOUR / 2)).receipts[0]).toMatchObject({ state: 'already' });
    expect(give({ verb: 'unban', net: '203.0.113.1', because: 'x' }).receipts[0]).toMatchObject({ state: 'already' });
    expect(give({ verb: 'disallow', net: '203.0.113.1' }).receipts[0]).toMatchObject({ state: 'already' });
  });

  it('see one another within a line', () => {
    const { give, ban, living } = scene();
    const { receipts } = give(
      ban('203.0.113.9'),
      ban('203.0.113.9'),
      { verb: 'unban', net: '203.0.113.9', because: 'x' },
      { verb: 'allow', net: '203.0.113.8', untilMs: null, because: 'x' },
      ban('203.0.113.8'),
    );
    expect(receipts.map(({ state }) => state)).toEqual(['done', 'already', 'done', 'done', 'refused']);
    expect(living()).toEqual([]);
  });

  it('are refused when their time is over or they free the world', () => {
    const { give, ban } = scene();
    expect(give(ban('203.0.113.9', 0)).receipts[0]?.says).toContain('has passed already');
    expect(give({ verb: 'allow', net: '0.0.0.0/0', untilMs: null, because: 'x' }).receipts[0]).toMatchObject({ state: 'refused' });
    expect(give({ verb: 'allow', net: '10.0.0.0/8', untilMs: null, because: 'x' }).receipts[0]).toMatchObject({ state: 'done' });
  });

  it('tell of the wider ban that stays, and of who lingers', () => {
    const { give, ban } = scene();
    give(ban('203.0.113.0/24'), ban('203.0.113.9'));
    expect(give({ verb: 'unban', net: '203.0.113.9', because: 'x' }).receipts[0]?.says).toContain('still lies inside 203.0.113.0/24');
    expect(give({ verb: 'unban', net: '203.0.113.9', because: 'x' }).receipts[0]).toMatchObject({ state: 'refused' });
    give({ verb: 'unban', net: '203.0.113.0/24', because: 'x' });
    expect(give({ verb: 'unban', net: '203.0.113.250', because: 'x' }).receipts[0]).toMatchObject({ state: 'done' });
  });
});

describe('the end of a ban', () => {
  it('comes in its time, whatever the clock is set to meanwhile', () => {
    for (const jump of [365 * 24 * HOUR, -24 * HOUR]) {
      const { clock, give, ban, living } = scene();
      give(ban('203.0.113.9'));
      clock.now += jump;
      clock.pass(HOUR - 1);
      expect(living()).toEqual(['203.0.113.9']);
      clock.pass(1);
      expect(living()).toEqual([]);
    }
  });

  it('is never later than was ordered when the clock was set back before a restart', () => {
    const { clock, give, ban } = scene();
    const { acts } = give(ban('203.0.113.9'));
    clock.now -= 24 * HOUR;
    const again = new Book(clock);
    again.apply(acts);
    expect(again.get('ban', '203.0.113.9')?.endsAt).toBe(clock.ran + HOUR);
  });

  it('is forgotten a little later than the kernel lets go', () => {
    const { clock, book, give, ban } = scene();
    give(ban('203.0.113.9'), ban('203.0.113.8', 2 * HOUR));
    clock.pass(HOUR);
    expect(book.expire()).toEqual([]);
    clock.pass(1000);
    expect(book.expire().map((held) => held.text)).toEqual(['203.0.113.9']);
    expect(book.count('ban')).toBe(1);
  });

  it('is undone to what was there before', () => {
    const { book, give, ban } = scene();
    give(ban('203.0.113.9'));
    const { acts } = give(ban('203.0.113.9', null), ban('203.0.113.0/24'), { verb: 'unban', net: '203.0.113.9', because: 'x' });
    book.undo(acts);
    expect([...book.all()].map((held) => [held.text, held.untilMs !== null])).toEqual([['203.0.113.9', true]]);
  });
});
