/** Logs that are gone while the login records are not. */

import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/words.ts';
import { deletedLogs } from '../../src/detectors/deleted-logs.ts';
import { event } from './event.ts';
import { accepted, DAY, HOUR, hear, START } from './hearing.ts';

const recorded = (at: number, failed = false): Event =>
  event('record.login', { account: 'kim', ip: '203.0.113.9', line: 'pts/0', pid: 7, endedAt: null, failed }, at);
const missing = event('auth-log.missing', { path: '/var/log/auth.log', because: '/etc/rsyslog.conf names it' });

describe('deleted-logs', () => {
  it('tells of logins of whose time a log has nothing that should be there', () => {
    const [finding] = hear(deletedLogs, [missing, recorded(START), recorded(START + HOUR)]);
    expect(finding).toMatchObject({ severity: 'medium', seen: 2, culprit: [] });
    expect(finding?.says).toContain('/etc/rsyslog.conf names it');
  });

  it('tells of a hole in a log', () => {
    const found = hear(deletedLogs, [accepted({ at: START }), recorded(START + DAY), accepted({ at: START + 2 * DAY }), recorded(START + 2 * DAY)]);
    expect(found).toMatchObject([{ severity: 'low', seen: 1, at: START + DAY }]);
  });

  it('is silent when the log was rotated away, when there never was one, and when nobody logged in', () => {
    expect(hear(deletedLogs, [recorded(START), accepted({ at: START + DAY })])).toEqual([]);
    expect(hear(deletedLogs, [recorded(START)])).toEqual([]);
    expect(hear(deletedLogs, [missing, recorded(START, true)])).toEqual([]);
    expect(hear(deletedLogs, [accepted({ at: START }), recorded(START + 1_000)])).toEqual([]);
  });
});
