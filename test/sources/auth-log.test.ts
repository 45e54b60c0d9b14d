/** When an authentication log counts as missing. */

import { describe, expect, it } from 'vitest';
import { authLog } from '../../src/sources/auth-log.ts';
import { type FakeMachine, fakeEyes } from '../fake-eyes.ts';

function missing(machine: FakeMachine): string[] {
  const readings = authLog.open(fakeEyes(machine)) as Iterable<{ event: { fields: { path: string; because: string } } }>; // this source gives events only, at once
  return [...readings].map(({ event }) => `${event.fields.path}: ${event.fields.because}`);
}

const SETTING = { '/etc/rsyslog.conf': 'auth,authpriv.*\t/var/log/auth.log\n#authpriv.* /var/log/secure\n' };

describe('auth-log', () => {
  it('is missing when the daemon is set to write it and it is not there, or empty', () => {
    expect(missing({ heads: SETTING })).toEqual(['/var/log/auth.log: /etc/rsyslog.conf names it']);
    expect(missing({ heads: SETTING, files: { '/var/log/auth.log': { sizeBytes: 0 } } })).toHaveLength(1);
    const snippet = { '/etc/rsyslog.d': { kind: 'directory' as const }, '/etc/rsyslog.d/50-default.conf': {} };
    expect(missing({ heads: { '/etc/rsyslog.d/50-default.conf': 'authpriv.* /var/log/secure' }, files: snippet })).toHaveLength(1);
  });

  it('is missing when only older parts of it are there', () => {
    expect(missing({ files: { '/var/log/secure.1': {} } })).toEqual(['/var/log/secure: /var/log/secure.1 is an older part of it']);
  });

  it('is not missing where nobody would write it, or where it is', () => {
    expect(missing({})).toEqual([]);
    expect(missing({ heads: SETTING, files: { '/var/log/auth.log': {} } })).toEqual([]);
  });
});
