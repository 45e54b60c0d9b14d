/** Accounts as they should not be, beside those that every Debian has. */

import { describe, expect, it } from 'vitest';
import { accountThatShouldNot } from '../../src/detectors/account-that-should-not.ts';
import { accountSeen, hear } from './hearing.ts';

const severities = (...accounts: Parameters<typeof accountSeen>) =>
  hear(accountThatShouldNot, accounts.map(accountSeen)).map((finding) => finding.severity);

describe('account-that-should-not', () => {
  it('tells of a service with shell and password, more so when it may act as root', () => {
    const [finding] = hear(accountThatShouldNot, [accountSeen({ name: 'service', uid: 120, system: true })]);
    expect(finding).toMatchObject({ key: 'account service', severity: 'low', culprit: [{ is: 'account', name: 'service', uid: 120 }] });
    expect(severities({ name: 'service', uid: 120, system: true, admin: 'member of wheel' })).toEqual(['medium']);
  });

  it('tells of a second root and of an empty password', () => {
    expect(severities({ name: 'toor', uid: 0, system: true, admin: 'uid 0' })).toEqual(['high']);
    expect(severities({ name: 'guest', password: 'empty' })).toEqual(['high']);
  });

  it('leaves people, root and locked or shell-less services alone', () => {
    expect(severities({ name: 'root', uid: 0, system: true, admin: 'uid 0' })).toEqual([]);
    expect(severities({ name: 'anna', admin: 'member of sudo' })).toEqual([]);
    expect(severities({ name: 'www-data', uid: 33, system: true, password: 'locked', canLogIn: false })).toEqual([]);
    expect(severities({ name: 'postgres', uid: 110, system: true, password: 'locked' })).toEqual([]);
    expect(severities({ name: 'backup', uid: 34, system: true, canLogIn: false })).toEqual([]);
    expect(severities({ name: 'kiosk', password: 'empty', canLogIn: false })).toEqual([]);
  });

  it('shows no hash', () => {
    const [finding] = hear(accountThatShouldNot, [accountSeen({ name: 'service', uid: 120, system: true, home: '/srv/s', shell: '/bin/sh' })]);
    expect(finding?.evidence).toEqual([{ source: 'accounts', path: '/etc/passwd', says: 'service:…:120:1001:…:/srv/s:/bin/sh' }]);
  });
});
