/** The frame of an investigation: which time it tells of, and when "clean" would be a guess. */

import { describe, expect, it } from 'vitest';
import type { Plugins } from '../../src/core/contracts.ts';
import type { EventDraft, Line, Report } from '../../src/core/words.ts';
import { investigation, type Question } from '../../src/engine/investigation.ts';
import { chunkOf, type FakeMachine, fakeEyes, fakeNetworks, processSeen } from '../fake-eyes.ts';

const now = Date.UTC(2026, 5, 1);
const plugins: Plugins = {
  sources: [
    {
      name: 'logs',
      about: '',
      cannotSee: '',
      async *open(eyes) {
        for await (const chunk of eyes.logs()) yield { chunk };
      },
    },
  ],
  parsers: [{ name: 'p', about: '', cannotSee: '', programs: ['sshd'], needles: [], parse: () => null }],
  detectors: [],
  probes: [],
  policies: [],
};

function look(machine: FakeMachine, question: Partial<Question> = {}): Promise<Report> {
  const eyes = fakeEyes({ now, host: { live: false }, ...machine });
  return investigation(eyes, plugins, fakeNetworks(), { version: '1', subject: null, since: null, onlyLogs: true, ...question }, () => {});
}

const log = (text: string) => ({ chunks: [chunkOf('/a', text, now)] });
const LINES = 'Mar  1 09:40:00 h sshd[7]: x\nMar  3 09:40:00 h sshd[7]: x\n';

describe('logs alone', () => {
  it('tell of their own time, and not up to now', async () => {
    expect(await look(log(LINES))).toMatchObject({
      verdict: 'clean',
      looked: 'logs',
      from: Date.UTC(2026, 2, 1, 9, 40),
      to: Date.UTC(2026, 2, 3, 9, 40),
    });
  });

  it('tell of no more than was asked for', async () => {
    const since = Date.UTC(2026, 2, 2);
    expect(await look(log(LINES), { since })).toMatchObject({ verdict: 'clean', from: since });
  });

  it.each([
    ['no line', ''],
    ['lines of another form', '{"level":"info"}\nhello\n'],
    ['lines of programs that nobody understands', 'Mar  3 09:40:00 h ntpd[7]: x\n'],
  ])('are not clean but unknown when they have %s', async (_what, text) => {
    expect((await look(log(text))).verdict).toBe('unknown');
  });

  it('are unknown when they end before the time that was asked for, or have no line of the host', async () => {
    expect(await look(log(LINES), { since: Date.UTC(2026, 3, 1) })).toMatchObject({ verdict: 'unknown', from: null });
    expect((await look(log(LINES), { host: 'web9' })).verdict).toBe('unknown');
    expect((await look(log(LINES), { host: 'h' })).verdict).toBe('clean');
  });

  it('never end before they begin, also when their stamps lie in the future', async () => {
    const ahead = chunkOf('/a', '2026-08-01T00:00:00Z h sshd[7]: x\n2026-08-02T00:00:00Z h sshd[7]: x\n', now);
    const clock = { ...ahead.clock, latest: Number.POSITIVE_INFINITY, received: now };
    expect(await look({ chunks: [{ ...ahead, clock }] })).toMatchObject({ from: Date.UTC(2026, 7, 1), to: Date.UTC(2026, 7, 2) });
  });
});

describe('a machine', () => {
  it('is judged by what runs on it where it has no logs, a disk by its accounts', async () => {
    expect((await look({ host: { live: true }, processes: [processSeen({})] }, { onlyLogs: false })).verdict).toBe('clean');
    expect(await look({}, { onlyLogs: false })).toMatchObject({ verdict: 'unknown', looked: 'disk' });
  });

  it('is told of up to now', async () => {
    expect((await look({ ...log(LINES), host: { live: true } }, { onlyLogs: false })).to).toBe(now);
  });
});

it('says what was forgotten where a log names more addresses than can be kept', async () => {
  const refused = {
    name: 'p',
    about: '',
    cannotSee: '',
    programs: ['sshd'],
    needles: [],
    parse: (line: Line): EventDraft => ({
      kind: 'login.failed',
      fields: { account: 'root', ip: line.message, port: null, method: 'password', service: 'sshd', known: true, times: 1, pid: null },
    }),
  };
  const text = Array.from({ length: 50_001 }, (_, index) => `Mar  1 09:40:00 h sshd[7]: 11.${index >> 8}.${index & 255}.7\n`).join('');
  const question = { version: '1', subject: null, since: null, onlyLogs: true };
  const report = await investigation(
    fakeEyes({ now, host: { live: false }, ...log(text) }),
    { ...plugins, parsers: [refused] },
    fakeNetworks(),
    question,
    () => {},
  );
  expect(report.coverage).toContainEqual(expect.objectContaining({ source: 'log-ins', state: 'partial', detail: expect.stringContaining('5,000') }));
});
