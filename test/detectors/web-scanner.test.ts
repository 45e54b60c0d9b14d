import { describe, expect, it } from 'vitest';
import { webScanner } from '../../src/detectors/web-scanner.ts';
import { type Asked, requested } from '../web-visitors.ts';
import { hear } from './hearing.ts';

const found = (asked: readonly Asked[]) => hear(webScanner, asked.map(requested));
const missing = (count: number, every: number, asked: Partial<Asked> = {}): Asked[] =>
  Array.from({ length: count }, (_, at) => ({ second: at * every, ask: `GET /name${at}`, status: 404, bytes: 300, ...asked }));

describe('web-scanner', () => {
  it('finds five different weak places', () => {
    const places = ['/.env', '/.git/HEAD', '/phpmyadmin/', '/wp-login.php', '/backup.zip'].map(
      (path, second): Asked => ({ second: second * 3_600, ask: `GET ${path}`, status: 404 }),
    );
    expect(found(places)).toMatchObject([{ severity: 'low', figures: { weakPlaces: 5 } }]);
    expect(found(places.slice(1))).toEqual([]);
  });

  it('finds sixty names that are not there within ten minutes', () => {
    expect(found(missing(60, 5))).toHaveLength(1);
    expect(found(missing(60, 60))).toEqual([]);
    expect(found(missing(300, 1))).toMatchObject([{ severity: 'medium' }]);
  });

  it('knows scanners by name', () => expect(found([{ second: 1, agent: 'sqlmap/1.7.2#stable (https://sqlmap.org)' }])).toHaveLength(1));

  it.each([
    [
      'a robot that comes again to what is gone',
      missing(300, 1, { agent: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)' }),
    ],
    ['one broken link, asked for again and again', missing(500, 1, { ask: 'GET /gone.pdf' })],
    ['a visitor who looks for two things that are not there', missing(2, 5)],
    ['a program that is told to wait', missing(200, 1, { status: 429 })],
  ])('is silent about %s', (_, asked) => expect(found(asked)).toEqual([]));
});
