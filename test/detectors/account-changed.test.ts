/** Accounts made by an intruder, beside those that an admin makes every day. */

import { describe, expect, it } from 'vitest';
import type { AccountChange, Event } from '../../src/core/words.ts';
import { accountChanged } from '../../src/detectors/account-changed.ts';
import { accepted, HOUR, hear, MINUTE, START, tries } from './hearing.ts';

function changed(
  at: number,
  change: AccountChange,
  account: string,
  more: { group?: string; uid?: number; by?: string; detail?: string } = {},
): Event {
  const { group = null, uid = null, by = null, detail = '' } = more;
  return {
    kind: 'account.changed',
    at,
    source: '/var/log/auth.log',
    line: 1,
    raw: `${change} ${account}`,
    fields: { change, account, group, uid, by, detail },
  };
}

function asRoot(at: number, account: string, command: string): Event {
  const fields = { account, target: 'root', command, cwd: '/', tty: null, service: 'sudo' };
  return { kind: 'privilege.used', at, source: '/var/log/auth.log', line: 2, raw: command, fields };
}

const broken = [...tries(30, 1_000, { at: START, account: 'kim' }), accepted({ at: START + HOUR, account: 'kim' })];
const after = START + HOUR + 10 * MINUTE;

describe('account-changed', () => {
  it('tells of a second root, whoever made it and on a quiet host too', () => {
    const [finding] = hear(accountChanged, [changed(START, 'created', 'toor', { uid: 0, detail: 'UID=0, GID=0, home=/root, shell=/bin/bash' })]);
    expect(finding).toMatchObject({ severity: 'high', attack: ['T1136.001'], culprit: [{ is: 'account', name: 'toor', uid: 0 }] });
    expect(hear(accountChanged, [changed(START, 'uid-changed', 'games', { uid: 0 })])[0]).toMatchObject({ severity: 'high', attack: ['T1098'] });
  });

  it('lays an account made after a foreign entry to that entry', () => {
    const [finding] = hear(accountChanged, [
      ...broken,
      changed(after, 'created', 'sync2', { uid: 1004 }),
      changed(after, 'group-added', 'sync2', { group: 'sudo' }),
    ]);
    expect(finding).toMatchObject({ severity: 'high', says: expect.stringContaining('10 min after kim had been entered from 203.0.113.9') });
    expect(finding?.culprit).toContainEqual({ is: 'address', ip: '203.0.113.9' });
  });

  it('lays what a stranger did through sudo to the account that was entered, and what the admin did to nobody', () => {
    const guilty = hear(accountChanged, [
      ...broken,
      asRoot(after + 3 * HOUR, 'kim', '/usr/sbin/useradd -m x'),
      changed(after + 3 * HOUR, 'created', 'x', { uid: 1004 }),
    ]);
    expect(guilty[0]).toMatchObject({ severity: 'medium', confidence: 'medium' });
    const honest = hear(accountChanged, [...broken, asRoot(after, 'admin', '/usr/sbin/useradd -m x'), changed(after, 'created', 'x', { uid: 1004 })]);
    expect(honest[0]).toMatchObject({ severity: 'info', tells: 'oddity', culprit: [{ is: 'account', name: 'x' }] });
  });

  it('only mentions what is made on a quiet host, or long after, and leaves services without a shell alone', () => {
    const severity = (...events: Event[]) => hear(accountChanged, events).map((finding) => finding.severity);
    expect(severity(changed(START, 'created', 'anna', { uid: 1001 }), changed(START, 'group-added', 'anna', { group: 'sudo' }))).toEqual(['info']);
    expect(severity(...broken, changed(after + 5 * HOUR, 'password-changed', 'anna'))).toEqual(['info']);
    expect(
      severity(...broken, changed(after, 'created', 'postgres', { uid: 110, detail: 'UID=110, GID=110, home=/x, shell=/usr/sbin/nologin' })),
    ).toEqual([]);
    expect(severity(...broken, changed(after, 'group-added', 'anna', { group: 'audio' }))).toEqual([]);
  });
});
