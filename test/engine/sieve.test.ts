import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parser } from '../../src/core/contracts.ts';
import type { Line } from '../../src/core/words.ts';
import { LINE_BYTES_AT_MOST, type sift } from '../../src/engine/sieve.ts';
import { wantedBy } from '../../src/engine/wanted.ts';
import { chunkOf, siftLines } from '../fake-eyes.ts';

const now = Date.UTC(2026, 5, 1);
const parser: Parser = { name: 'p', about: '', cannotSee: '', programs: ['sshd', 'sudo'], needles: [], parse: () => null };
const wanted = wantedBy([parser]);

function lines(text: string): { lines: Line[]; counts: ReturnType<typeof sift> } {
  const taken: Line[] = [];
  const counts = siftLines(chunkOf('/var/log/auth.log', text, now), wanted, (line) => taken.push(line));
  return { lines: taken, counts };
}

const ENTRY = JSON.stringify({
  MESSAGE: 'hello',
  __REALTIME_TIMESTAMP: String(Date.UTC(2026, 2, 3, 9, 40) * 1000),
  SYSLOG_IDENTIFIER: 'sshd',
  _PID: '7',
  _HOSTNAME: 'ns1',
});

describe('sift', () => {
  it('takes the lines of wanted programs with number, pid and message', () => {
    const { lines: taken, counts } = lines('Mar  3 09:40:00 ns1 sshd[7]: one\nMar  3 09:40:01 ns1 cron[8]: two\nMar  3 09:40:02 ns1 sudo: three\n');
    expect(taken.map(({ line, program, pid, message }) => [line, program, pid, message])).toEqual([
      [1, 'sshd', 7, 'one'],
      [3, 'sudo', null, 'three'],
    ]);
    expect(counts).toMatchObject({ lines: 3, candidates: 2, headless: 0, from: Date.UTC(2026, 2, 3, 9, 40), to: Date.UTC(2026, 2, 3, 9, 40, 2) });
  });

  it.each([
    '2026-03-03T09:40:00+00:00 ns1 sshd[7]: hello',
    '<38>Mar  3 09:40:00 ns1 sshd[7]: hello',
    '<38>1 2026-03-03T09:40:00Z ns1 sshd 7 - - hello',
    '<38>1 2026-03-03T09:40:00Z ns1 sshd 7 ID [x@1 a="b \\] c"] hello',
    'Mar  3 09:40:00 ns1 sshd[7]: hello\r',
    `\u001e${ENTRY}`,
    `data: ${ENTRY}`,
  ])('reads %s', (text) => {
    expect(lines(text).lines).toMatchObject([{ host: 'ns1', program: 'sshd', pid: 7, message: 'hello', at: Date.UTC(2026, 2, 3, 9, 40) }]);
  });

  it.each([
    'Mar  3 09:40:00 sshd[7]: hello',
    'Mar  3 09:40:00  sshd[7]: hello',
    'Mar 3 09:40:00 ns1 sshd[7]: hello',
    'Mar 3 2026 09:40:00 ns1 sshd[7]: hello',
    'Mar  3 09:40:00 ns1 auth.info sshd[7]: hello',
    '2026-03-03T09:40:00Z ns1 sshd[7] hello',
  ])('reads the header of other loggers: %s', (text) => {
    expect(lines(text).lines).toMatchObject([{ program: 'sshd', pid: 7, message: 'hello', at: Date.UTC(2026, 2, 3, 9, 40) }]);
  });

  it.each([
    'Tue 2026-03-03 09:40:00 UTC ns1 sshd[7]: hello',
    'Tue 2026-03-03 12:40:00 +03 ns1 sshd[7]: hello',
    'Mar 03 09:40:00.000000 ns1 sshd[7]: hello',
    '1772530800.000000 ns1 sshd[7]: hello',
    '2026-03-03T10:40:00+0100 ns1 sshd[7]: hello',
    '2026-03-03T10:40:00.000000+01:00 ns1 sshd[7]: hello',
    '{"__REALTIME_TIMESTAMP":"1772530800000000","SYSLOG_IDENTIFIER":"sshd","_PID":"7","_HOSTNAME":"ns1","MESSAGE":"hello"}',
  ])('reads what journalctl prints: %s', (text) => {
    const { lines: taken, counts } = lines(`-- Boot 4f2a --\n${text}\n`);
    expect(taken).toMatchObject([{ line: 2, host: 'ns1', program: 'sshd', pid: 7, message: 'hello', at: Date.UTC(2026, 2, 3, 9, 40) }]);
    expect(counts.headless).toBe(0);
  });

  it('leaves out entries of programs that nobody wants, and counts JSON that is no journal', () => {
    const { lines: taken, counts } = lines(
      '{"__REALTIME_TIMESTAMP":"1772530800000000","SYSLOG_IDENTIFIER":"ntpd","MESSAGE":"x"}\n{"level":"info"}\n{\n',
    );
    expect(taken).toEqual([]);
    expect(counts).toMatchObject({ lines: 3, headless: 2, from: Date.UTC(2026, 2, 3, 9, 40) });
  });

  it.each(['\u0000'.repeat(4096), '\u00ef\u00bb\u00bf', '\u0000\u00ef\u00bb\u00bf'])('reads the line behind what belongs to no line', (junk) => {
    const { lines: taken, counts } = lines(`Mar  3 09:40:00 ns1 sshd[7]: one\n${junk}Mar  3 09:40:01 ns1 sshd[7]: two\n`);
    expect(taken.map((line) => line.message)).toEqual(['one', 'two']);
    expect(counts).toMatchObject({ lines: 2, headless: 0, hole: junk.split('\u0000').length - 1 });
  });

  it('reads metalog, which writes no host and no pid', () => {
    expect(lines('Mar  3 09:40:00 [sshd] hello').lines).toMatchObject([{ program: 'sshd', pid: null, message: 'hello' }]);
  });

  it('does not take an IPv6 host for a tag, nor a level for one where no tag follows', () => {
    expect(lines('Mar  3 09:40:00 2001:db8:: sshd[7]: hello').lines).toMatchObject([{ host: '2001:db8::', message: 'hello' }]);
    expect(lines('Mar  3 09:40:00 ns1 my.sshd sshd[7]: hello').lines).toEqual([]);
  });

  it.each(['Mar  3 09:40:05 ns1 last message repeated 3 times', 'Mar  3 09:40:05 ns1 sshd[7]: last message repeated 3 times'])(
    'gives the line before once more for `%s`',
    (text) => {
      const { lines: taken, counts } = lines(`Mar  3 09:40:00 ns1 sshd[7]: Failed\n${text}\n${text}`);
      expect(taken.map(({ line, pid, message }) => [line, pid, message])).toEqual([
        [1, 7, 'Failed'],
        [2, 7, 'message repeated 3 times: [ Failed]'],
        [3, 7, 'message repeated 3 times: [ Failed]'],
      ]);
      expect(taken[1]).toMatchObject({ at: Date.UTC(2026, 2, 3, 9, 40, 5), raw: text });
      expect(counts.headless).toBe(0);
    },
  );

  it('repeats nothing when the line before was of a program that nobody wants, or damaged', () => {
    const repeated = 'Mar  3 09:40:05 ns1 last message repeated 3 times';
    for (const between of ['Mar  3 09:40:01 ns1 ntpd[9]: x', '\u0000\u0001', 'Mar 77 09:40:01 ns1 sshd[7]: x']) {
      expect(lines(`Mar  3 09:40:00 ns1 sshd[7]: Failed\n${between}\n${repeated}`).lines).toHaveLength(1);
    }
    expect(lines(repeated).lines).toEqual([]);
  });

  it('believes only the header: a program named inside a message is none', () => {
    expect(lines('Mar  3 09:40:00 ns1 cron[7]: sshd[8]: Accepted password for root from 1.2.3.4 port 5 ssh2\n').lines).toEqual([]);
  });

  it('counts what has no header, and cuts what is too long', () => {
    const { lines: taken, counts } = lines(`\u0000\u0001junk\nMar  3 09:40:00 h sshd[1]: ${'a'.repeat(20_000)}\nMar  3 09:40:00 h sshd[1]: ok`);
    expect(counts).toMatchObject({ lines: 3, headless: 1, cut: 1, candidates: 2 });
    expect(taken[0]?.raw.length).toBe(LINE_BYTES_AT_MOST);
    expect(taken[1]?.message).toBe('ok');
  });

  it('says when the clock went back', () => {
    expect(lines('Mar  3 09:40:00 h sshd[1]: a\nMar  3 09:20:00 h sshd[1]: b\n').counts.backwards).toBe(1);
  });

  it('leaves out programs that another log has in full', () => {
    const chunk = { ...chunkOf('/var/log/syslog', 'Mar  3 09:40:00 h sshd[1]: a\nMar  3 09:40:00 h sudo: b\n', now), skip: new Set(['sshd']) };
    const taken: string[] = [];
    siftLines(chunk, wanted, (line) => taken.push(line.program));
    expect(taken).toEqual(['sudo']);
  });

  it('takes from any mixture exactly the lines that a naive reader takes', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Mar  3 09:40:00 h sshd[1]: ',
        'Mar  3 09:40:00 h cron: ',
        'Mar 33 09:40:00 h sshd: ',
        '2026-03-03T09:40:00Z h sudo: ',
        '<3>',
        '\n',
        ' ',
        ':',
        '[',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => [...text].every((character) => character.charCodeAt(0) < 256)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const naive = text
          .split('\n')
          .filter((line) => /^(?:<\d{1,3}>)?(?:Mar {2}3|2026-03-03T)[^ ]* ?[^ ]* ?h (?:sshd\[1\]|sudo): /.test(line)).length;
        expect(lines(text).counts.candidates).toBeGreaterThanOrEqual(naive);
        // NUL bytes and a byte order mark at the end of a file make no line.
        const told = text.replace(/(^|\n)\0*(?:\u00ef\u00bb\u00bf)?$/, '$1');
        expect(lines(text).counts.lines).toBe(told === '' ? 0 : told.split('\n').length - (told.endsWith('\n') ? 1 : 0));
      }),
    );
  });
});
