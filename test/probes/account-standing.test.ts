/** What is said of sshd beside an account is what sshd allows that account, Match blocks included. */

import { describe, expect, it } from 'vitest';
import type { AccountSeen, SshdMatch, SshdSeen } from '../../src/core/words.ts';
import { accountStanding } from '../../src/probes/account-standing.ts';
import { fakeEyes, fakeHistory, fakeNetworks, loginRun } from '../fake-eyes.ts';

const rest = { gid: 1_001, home: '/', shell: '/bin/bash', admin: null, password: 'set', passwordChangedAt: null, expiresAt: null } as const;
const account: AccountSeen = { name: 'kim', uid: 1_001, groups: ['kim', 'ftp'], canLogIn: true, system: false, keys: 0, lastLogin: null, ...rest };
const lists = { allowUsers: [], allowGroups: [], denyUsers: [], denyGroups: [], matches: [] };
const sshd: SshdSeen = {
  by: 'sshd_config',
  path: '/etc/ssh/sshd_config',
  ports: [22],
  passwordAuthentication: false,
  keyboardInteractive: false,
  permitRootLogin: 'no',
  permitEmptyPasswords: false,
  maxAuthTries: 6,
  usePam: true,
  ...lists,
};

function said(...matchBlocks: SshdMatch[]): string {
  const given = {
    eyes: fakeEyes({ accounts: [account], sshd: { ...sshd, matchBlocks } }),
    history: fakeHistory({ logins: [loginRun({ account: 'kim', ip: '198.51.100.7' })] }),
    networks: fakeNetworks(),
  };
  const story = { entities: [{ is: 'address', ip: '198.51.100.7' } as const], findings: [] };
  return accountStanding.look({ is: 'account', name: 'kim' }, given, story)[1]?.says ?? '';
}

describe('what sshd allows an account', () => {
  it('names the Match block that opened it', () => {
    expect(said({ criteria: 'User kim', settings: { passwordauthentication: 'yes' } })).toContain('takes passwords of kim by "Match User kim"');
    expect(said({ criteria: 'Group ftp Address 198.51.100.0/24', settings: { passwordauthentication: 'yes' } })).toContain('takes passwords of kim');
  });

  it('is not changed by a block for others, and says what it cannot decide', () => {
    expect(said({ criteria: 'User ann', settings: { passwordauthentication: 'yes' } })).toMatch(
      /takes no passwords and does not exclude kim \(by sshd_config\)$/,
    );
    expect(said({ criteria: 'LocalPort 2222', settings: { passwordauthentication: 'yes' } })).toContain('"Match LocalPort 2222"');
  });
});
