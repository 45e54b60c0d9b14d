/** One day of a busy web server: who must be told of, and who must not. */

import { describe, expect, it } from 'vitest';
import { type Asked, judged } from './web-visitors.ts';

/** Fifty thousand ordinary requests: readers, a search engine's robot, a monitor, feed readers. */
function ordinary(): Asked[] {
  const pages = [
    '/',
    '/news',
    '/shop?item=12&colour=red',
    '/search?q=blue+chairs',
    '/img/logo.png',
    '/style.css',
    '/blog/2026/02/how-to-select-a-chair',
    '/wp-content/uploads/2026/02/chair.jpg',
  ];
  return Array.from({ length: 50_000 }, (_, at): Asked => {
    const ip = `198.51.${at % 200}.${(at * 7) % 250}`;
    return {
      second: Math.floor(at * 1.7),
      ip,
      ask: `GET ${pages[at % pages.length]}`,
      status: at % 11 === 0 ? 304 : 200,
      bytes: 1_000 + ((at * 37) % 9_000),
      referrer: 'https://www.example.org/',
    };
  });
}

const CRAWLER = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** What looks bad and is not. */
function innocents(): Asked[] {
  return [
    // A link that broke on a popular site, followed by thousands.
    ...Array.from(
      { length: 4_000 },
      (_, at): Asked => ({ second: at * 20, ip: `192.0.${at % 250}.${at % 240}`, ask: 'GET /brochure-2024.pdf', status: 404, bytes: 300 }),
    ),
    // A robot that comes again to pages of the old site.
    ...Array.from(
      { length: 300 },
      (_, at): Asked => ({ second: at * 200, ip: '66.249.66.1', ask: `GET /archive/page-${at}`, status: 404, bytes: 300, agent: CRAWLER }),
    ),
    // A monitor that asks for a page that is closed to it.
    ...Array.from(
      { length: 1_000 },
      (_, at): Asked => ({ second: at * 60, ip: '192.0.2.77', ask: 'GET /health', status: 403, bytes: 10, agent: 'check_http/v2.3' }),
    ),
    // Somebody mistypes a password three times, then gets in.
    ...[0, 12, 31].map((second): Asked => ({ second: 4_000 + second, ip: '192.0.2.50', ask: 'POST /wp-login.php', status: 200, bytes: 7_000 })),
    { second: 4_050, ip: '192.0.2.50', ask: 'POST /wp-login.php', status: 302, bytes: 0 },
    // A search for the words of SQL.
    { second: 5_000, ip: '192.0.2.51', ask: 'GET /search?q=union+square+select+hotel', bytes: 9_000 },
  ];
}

const SCANNER = '203.0.113.1';
const GUESSER = '203.0.113.2';
const INTRUDER = '203.0.113.3';

function attacks(): Asked[] {
  const holes = [
    '/.env',
    '/.git/config',
    '/phpinfo.php',
    '/wp-config.php.bak',
    '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
    '/actuator/env',
    '/server-status',
    '/backup.sql',
  ];
  return [
    ...Array.from(
      { length: 120 },
      (_, at): Asked => ({
        second: 10_000 + at,
        ip: SCANNER,
        ask: `GET ${holes[at] ?? `/dir${at}/`}`,
        status: 404,
        bytes: 300,
        agent: 'Nuclei - Open-source project (github.com/projectdiscovery/nuclei)',
      }),
    ),
    ...Array.from({ length: 60 }, (_, at): Asked => ({ second: 20_000 + at * 2, ip: GUESSER, ask: 'POST /wp-login.php', status: 200, bytes: 7_000 })),
    { second: 20_200, ip: GUESSER, ask: 'POST /wp-login.php', status: 302, bytes: 0 },
    { second: 30_000, ip: INTRUDER, ask: 'GET /download.php?file=../../../etc/nothing', status: 200, bytes: 312 },
    { second: 30_005, ip: INTRUDER, ask: 'GET /download.php?file=..%2f..%2f..%2fetc%2fpasswd', status: 200, bytes: 1_843 },
    { second: 30_100, ip: INTRUDER, ask: 'POST /upload.php', status: 200, bytes: 40 },
    { second: 30_120, ip: INTRUDER, ask: 'GET /uploads/2026/pic.php?cmd=id', status: 200, bytes: 54 },
  ];
}

describe('a day of a web server', () => {
  it('has the three who attacked, each for what it did, and nobody else', { timeout: 60_000 }, async () => {
    const report = await judged([...ordinary(), ...innocents(), ...attacks()]);
    const told = report.findings.map(({ detector, culprit, tells, severity }) => ({
      detector,
      who: culprit.map((one) => (one.is === 'address' ? one.ip : one.is)),
      tells,
      severity,
    }));
    expect(new Set(told.flatMap(({ who }) => who))).toEqual(new Set([SCANNER, GUESSER, INTRUDER]));
    expect(told).toContainEqual({ detector: 'web-scanner', who: [SCANNER], tells: 'attack', severity: 'low' });
    expect(told).toContainEqual({ detector: 'web-guessing', who: [GUESSER], tells: 'compromise', severity: 'high' });
    expect(told).toContainEqual({ detector: 'web-exploit', who: [INTRUDER], tells: 'compromise', severity: 'high' });
    expect(report.verdict).toBe('compromised');
  });

  it('is clean without them', { timeout: 60_000 }, async () => {
    const report = await judged([...ordinary(), ...innocents()]);
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('clean');
    const log = report.coverage.find(({ source }) => source.endsWith('access.log'));
    expect(log).toMatchObject({ state: 'read', lines: ordinary().length + innocents().length });
  });
});
