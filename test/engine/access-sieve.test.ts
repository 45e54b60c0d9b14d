import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/core/words.ts';
import { AccessSieve } from '../../src/engine/access-sieve.ts';
import { plainAccessScanner } from '../../src/eyes/access-scanner.ts';
import { chunkOf } from '../fake-eyes.ts';
import { type Asked, lineOf, START } from '../web-visitors.ts';

function sifted(text: string, sieve = new AccessSieve(plainAccessScanner())) {
  const lines: Line[] = [];
  const counts = sieve.sift(chunkOf('/access.log', text, START + 86_400_000), { line: (line) => void lines.push(line) });
  return { counts, lines };
}

const text = (asked: readonly Asked[]) => `${asked.map(lineOf).join('\n')}\n`;

describe('the sieve of access logs', () => {
  it('counts all lines and lets through those that matter', () => {
    const { counts, lines } = sifted(
      text([
        { second: 0 },
        { second: 1, status: 404 },
        { second: 2, ask: 'GET /a?b=%27' },
        { second: 3, ask: 'POST /login' },
        { second: 4, ask: 'GET /x.png', agent: 'sqlmap/1' },
        { second: 5 },
      ]),
    );
    expect(counts).toMatchObject({ lines: 6, candidates: 6, headless: 0, from: START, to: START + 5_000 });
    expect(lines.map(({ line, at, program }) => [line, at, program])).toEqual(
      [2, 3, 4, 5].map((line) => [line, START + (line - 1) * 1_000, 'web-access']),
    );
  });

  it('lets through whoever has a name after one was refused there', () => {
    const named: Asked = { second: 2, user: 'jane' };
    expect(sifted(text([{ second: 0 }, named, { second: 3 }])).lines).toEqual([]);
    expect(sifted(text([{ second: 0, status: 401 }, named, { second: 3 }])).lines).toHaveLength(2);
  });

  it('says what is no line of an access log, and cuts what is too long', () => {
    expect(sifted(`nonsense\n${text([{ second: 1 }])}`).counts).toMatchObject({ lines: 2, candidates: 1, headless: 1 });
    expect(sifted(text([{ second: 1, ask: `GET /${'a'.repeat(9_000)}` }])).counts).toMatchObject({ lines: 1, cut: 1 });
  });

  it('reads JSON, and no stamp from the future', () => {
    const json = (at: string, status: number) => JSON.stringify({ time: at, remote_addr: '203.0.113.9', request: 'GET / HTTP/1.1', status });
    const { counts, lines } = sifted(
      `${json('2026-03-02T10:00:00Z', 200)}\n${json('2026-03-02T10:00:01Z', 404)}\n${json('2036-03-02T10:00:01Z', 404)}\n`,
    );
    expect(counts).toMatchObject({ lines: 3, candidates: 3 });
    expect(counts.aheadMs).toBeGreaterThan(0);
    expect(lines.map(({ at }) => at)).toEqual([START + 1_000, START + 86_460_000]);
  });
});
