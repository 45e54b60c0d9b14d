/** Login records fill what the text logs do not cover, and nothing counts twice. */

import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/words.ts';
import { Records } from '../../src/engine/records.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);

function record(at: number, more: Partial<Extract<Event, { kind: 'record.login' }>['fields']> = {}) {
  const fields = { account: 'kim', ip: '203.0.113.9', line: 'pts/0', pid: 70, endedAt: null, failed: false, ...more };
  return { kind: 'record.login', at, source: '/var/log/wtmp', line: 3, fields } as const;
}

function line(at: number): Event {
  return {
    kind: 'session.closed',
    at,
    source: '/var/log/auth.log',
    line: 1,
    raw: 'x',
    fields: { account: 'a', service: 'sshd', session: null, pid: 1 },
  };
}

describe('records', () => {
  it('are logins and refused tries where there is no log', () => {
    const records = new Records((name) => name === 'kim', null);
    expect(records.asLogin(record(START))).toMatchObject({
      kind: 'login.accepted',
      at: START,
      fields: { account: 'kim', ip: '203.0.113.9', service: 'sshd' },
    });
    const failed = record(START, { failed: true, line: 'ssh:notty', account: 'ann' });
    expect(records.asLogin(failed)).toMatchObject({ kind: 'login.failed', fields: { account: 'ann', known: false, times: 1, pid: 70 } });
  });

  it('say nothing of the time that the logs cover, and fill what is before and after', () => {
    const records = new Records(() => true, null);
    for (const at of [START + 5 * HOUR, START + 9 * HOUR]) records.hear(line(at));
    const told = [START, START + 5 * HOUR, START + 7 * HOUR, START + 9 * HOUR + 1_000, START + 10 * HOUR].map((at) => records.asLogin(record(at)));
    expect(told.map((event) => event?.at ?? null)).toEqual([START, null, null, null, START + 10 * HOUR]);
  });

  it('are not widened by what they tell themselves', () => {
    const records = new Records(() => true, null);
    const heard: Event[] = [];
    const way = records.into({
      line: () => {},
      told: () => {},
      event: (event) => {
        heard.push(event);
        records.hear(event);
      },
      findings: () => [],
      pieceEnds: () => {},
      faults: () => [],
      dropped: () => 0,
    });
    for (const at of [START, START + HOUR, START + 0.5 * HOUR]) way.event(record(at));
    expect(heard.filter((event) => event.kind === 'login.accepted')).toHaveLength(3);
  });

  it('leave out consoles, empty names and what is older than asked for', () => {
    const records = new Records(() => true, START);
    expect([record(START, { ip: null }), record(START, { account: '' }), record(START - 1)].map((one) => records.asLogin(one))).toEqual([
      null,
      null,
      null,
    ]);
  });
});
