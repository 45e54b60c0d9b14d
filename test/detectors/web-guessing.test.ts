import { describe, expect, it } from 'vitest';
import { webGuessing } from '../../src/detectors/web-guessing.ts';
import { type Asked, requested } from '../web-visitors.ts';
import { hear } from './hearing.ts';

const found = (asked: readonly Asked[]) => hear(webGuessing, asked.map(requested));
const tries = (count: number, every: number, asked: Partial<Asked>): Asked[] =>
  Array.from({ length: count }, (_, at) => ({ second: at * every, ask: 'POST /login', status: 401, bytes: 90, ...asked }));

describe('web-guessing', () => {
  it('finds ten refused log-ins within ten minutes', () => {
    expect(found(tries(10, 60, {}))).toMatchObject([{ severity: 'low', figures: { failures: 10 } }]);
    expect(found(tries(9, 60, {}))).toEqual([]);
  });

  it('finds what is too fast for a person', () => expect(found(tries(6, 1, { ask: 'POST /wp-login.php', status: 200 }))).toHaveLength(1));

  it('tells who got in, and after how many tries', () => {
    const [one] = found([...tries(40, 5, { ask: 'POST /wp-login.php', status: 200 }), { second: 300, ask: 'POST /wp-login.php', status: 302 }]);
    expect(one).toMatchObject({ severity: 'high', tells: 'compromise', seen: 40 });
    expect(one?.says).toContain('got in after 40 tries');
  });

  it('reads HTTP authentication with its names', () => {
    const names = tries(30, 2, {}).map((one, at): Asked => ({ ...one, ask: 'GET /private/', user: `user${at}` }));
    const [one] = found([...names, { second: 90, ask: 'GET /private/', user: 'user7', status: 200 }]);
    expect(one).toMatchObject({ severity: 'high', tells: 'compromise', figures: { names: 30 } });
    expect(one?.says).toContain('as user7');
  });

  it('does not take redirections that always come for a success', () => {
    const [one] = found(tries(40, 5, { status: 302 }));
    expect(one?.tells ?? 'attack').toBe('attack');
  });

  it.each([
    ['somebody who mistypes', [...tries(4, 15, {}), { second: 80, ask: 'POST /login', status: 302 }]],
    ['a browser that is asked for a name at each of forty pages', tries(40, 1, { ask: 'GET /private/x', user: '-' })],
    ['a program with an old password, once a minute', tries(200, 120, { user: 'backup', ask: 'GET /private/x' })],
    ['a busy form that is no log-in', tries(100, 1, { ask: 'POST /cart', status: 200 })],
  ])('is silent about %s', (_, asked) => expect(found(asked)).toEqual([]));
});
