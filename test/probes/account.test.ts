/** What probes say of accounts: how they were entered, guessed at, cleared. */

import { describe, expect, it } from 'vitest';
import type { GuessRun, LoginRun } from '../../src/core/world.ts';
import { accountGuessing } from '../../src/probes/account-guessing.ts';
import { accountLogins } from '../../src/probes/account-logins.ts';
import { accountStanding } from '../../src/probes/account-standing.ts';
import { clearedAccounts } from '../../src/probes/cleared-accounts.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks, guessRun, loginRun } from '../fake-eyes.ts';

const svc = { is: 'account', name: 'svc' } as const;
const given = (told: { logins?: LoginRun[]; guesses?: GuessRun[] }, machine: FakeMachine = {}) => ({
  eyes: fakeEyes(machine),
  history: fakeHistory(told),
  networks: fakeNetworks(),
});
const empty = { entities: [], findings: [] };
const DAY = 86_400_000;
const entered = {
  id: 'e',
  detector: 'entry-after-guessing',
  key: 'e',
  at: 20 * DAY,
  severity: 'high',
  confidence: 'strong',
  says: '',
  culprit: [svc],
  victim: [],
  evidence: [],
  seen: 1,
  attack: [],
  tells: 'compromise',
  role: 'entry',
} as const;

describe('account-logins', () => {
  it('calls a log-in foreign when its network guessed before, and leads to its address', () => {
    const facts = accountLogins.look(
      svc,
      given({
        logins: [loginRun({ account: 'svc', ip: '198.51.100.7' }), loginRun({ account: 'svc', ip: '10.0.0.5' })],
        guesses: [guessRun({ account: 'svc', ip: '198.51.100.7' })],
      }),
      empty,
    );
    expect(facts.map((fact) => fact.leadsTo)).toEqual([[{ is: 'address', ip: '198.51.100.7' }], []]);
    expect(facts[1]?.says).toContain('10.0.0.0/24');
  });

  it('takes a few mistyped passwords for what they are', () => {
    const facts = accountLogins.look(
      svc,
      given({ logins: [loginRun({ account: 'svc', ip: '10.0.0.5' })], guesses: [guessRun({ account: 'svc', ip: '10.0.0.5', times: 4 })] }),
      empty,
    );
    expect(facts.every((fact) => fact.leadsTo.length === 0 && fact.role === undefined)).toBe(true);
  });

  it('does not blame a log-in for guesses that came after it', () => {
    const facts = accountLogins.look(
      svc,
      given({
        logins: [loginRun({ account: 'svc', ip: '198.51.100.7', first: 50_000 })],
        guesses: [guessRun({ account: 'svc', ip: '198.51.100.7', first: 100_000 })],
      }),
      empty,
    );
    expect(facts.every((fact) => fact.leadsTo.length === 0)).toBe(true);
  });
});

describe('account-guessing', () => {
  it('adds up tries and addresses, and leads to those who tried often', () => {
    const guesses = [
      guessRun({ account: 'svc', ip: '198.51.100.7', times: 40 }),
      guessRun({ account: 'svc', ip: '198.51.100.8', times: 3, last: 700_000 }),
      guessRun({ account: 'root', ip: '198.51.100.7', times: 9 }),
    ];
    const [fact] = accountGuessing.look(svc, given({ guesses }), empty);
    expect(fact?.figures).toEqual({ failures: 43, addresses: 2, accounts: 2, spanMs: 600_000 });
    expect(fact?.leadsTo).toEqual([{ is: 'address', ip: '198.51.100.7' }]);
  });

  it('keeps silent about typing errors', () => {
    expect(accountGuessing.look(svc, given({ guesses: [guessRun({ account: 'svc', ip: '10.0.0.5', times: 4 })] }), empty)).toEqual([]);
  });
});

describe('cleared-accounts', () => {
  const logins = [
    loginRun({ account: 'svc', ip: '198.51.100.7' }),
    loginRun({ account: 'alice', ip: '10.0.0.5' }),
    loginRun({ account: 'bob', ip: '198.51.100.9' }),
    loginRun({ account: 'carol', ip: '203.0.113.4' }),
  ];
  const guesses = [guessRun({ account: 'root', ip: '203.0.113.4', times: 60 })];
  const story = { entities: [svc, { is: 'address', ip: '198.51.100.7' }] as const, findings: [entered] };

  it('clears only those from networks that took no part and did not guess', () => {
    const facts = clearedAccounts.look(svc, given({ logins, guesses }), story);
    expect(facts.map((fact) => fact.entity)).toEqual([{ is: 'account', name: 'alice' }]);
  });

  it('clears nobody of nothing: somebody asked about opens no case', () => {
    expect(clearedAccounts.look(svc, given({ logins, guesses }), { ...story, findings: [] })).toEqual([]);
  });

  it('speaks once for a case', () => {
    expect(clearedAccounts.look({ is: 'account', name: 'other' }, given({ logins }), story)).toEqual([]);
  });
});

describe('account-standing', () => {
  const account = {
    name: 'svc',
    uid: 998,
    gid: 998,
    home: '/',
    shell: '/bin/bash',
    groups: ['svc', 'wheel'],
    admin: 'member of group wheel',
    password: 'set' as const,
    passwordChangedAt: null,
    expiresAt: null,
    canLogIn: true,
    system: true,
    keys: 0,
    lastLogin: null,
  };
  const sshd = {
    by: 'sshd -T' as const,
    path: '/etc/ssh/sshd_config',
    ports: [22],
    passwordAuthentication: true,
    keyboardInteractive: false,
    permitRootLogin: 'no',
    permitEmptyPasswords: false,
    maxAuthTries: 6,
    usePam: true,
    allowUsers: [],
    allowGroups: [],
    denyUsers: [],
    denyGroups: [],
    matches: [],
  };

  it('tells why somebody could get in', () => {
    const [standing, door] = accountStanding.look(svc, given({}, { accounts: [account], sshd }), empty);
    expect(standing?.says).toContain('wheel');
    expect(standing?.says).toContain('a system account');
    expect(door?.says).toContain('takes passwords and does not exclude svc');
  });

  it.each([
    [{ denyUsers: ['svc'] }, 'DenyUsers'],
    [{ allowUsers: ['alice'] }, 'AllowUsers'],
    [{ allowGroups: ['staff'] }, 'AllowGroups'],
    [{ denyGroups: ['wheel'] }, 'DenyGroups'],
  ])('knows when sshd refuses it: %j', (more, why) => {
    const facts = accountStanding.look(svc, given({}, { accounts: [account], sshd: { ...sshd, ...more } }), empty);
    expect(facts[1]?.says).toContain(why);
  });

  it('says what root is, and when no list of accounts was read', () => {
    const root = { ...account, name: 'root', uid: 0, admin: null };
    expect(accountStanding.look({ is: 'account', name: 'root' }, given({}, { accounts: [root] }), empty)[0]?.says).toContain(', is root,');
    expect(accountStanding.look(svc, given({}), empty)[0]?.says).toContain('no list of accounts was read');
  });

  it('says when the account is not local', () => {
    expect(accountStanding.look({ is: 'account', name: 'ldapuser' }, given({}, { accounts: [account] }), empty)[0]?.gap).toContain('LDAP');
  });
});

describe('cleared-accounts, who is not cleared', () => {
  const day = DAY;
  const began = 20 * day;
  const story = { entities: [svc, { is: 'address', ip: '198.51.100.7' }] as const, findings: [entered] };
  const cleared = (logins: LoginRun[], machine: FakeMachine = {}, changes: { account: string; at: number }[] = []) => {
    const around = given({ logins: [loginRun({ account: 'svc', ip: '198.51.100.7', first: began }), ...logins] }, machine);
    const history: typeof around.history = {
      ...around.history,
      changes: (account) =>
        changes.filter((one) => one.account === account).map(({ at }) => ({ at, says: 'was created', by: null, evidence: { source: 'log' } })),
    };
    return clearedAccounts.look(svc, { ...around, history }, story).map((fact) => fact.entity);
  };
  const login = (first: number, more: { readonly ip?: string; readonly network?: string } = {}) =>
    loginRun({ account: 'toor', ip: '192.0.2.77', first, ...more });

  it('an account whose first log-in ever is later than the way in, or of the same day', () => {
    expect(cleared([login(began + 1000)])).toEqual([]);
    expect(cleared([login(began + day, { ip: '10.0.0.5' })])).toEqual([]);
    expect(cleared([login(began - day)])).toEqual([{ is: 'account', name: 'toor' }]);
  });

  it('one that came from a new place since', () => {
    expect(cleared([login(began - 3 * day), login(began + 1000, { ip: '203.0.113.50', network: '203.0.113.0/24' })])).toEqual([]);
  });

  it('one that was made or changed since, and a second root', () => {
    expect(cleared([login(began - day)], {}, [{ account: 'toor', at: began + 5000 }])).toEqual([]);
    const root = {
      name: 'toor',
      uid: 0,
      gid: 0,
      home: '/',
      shell: '/bin/sh',
      groups: [],
      admin: 'uid 0',
      password: 'set' as const,
      passwordChangedAt: null,
      expiresAt: null,
      canLogIn: true,
      system: false,
      keys: 0,
      lastLogin: null,
    };
    expect(cleared([login(began - day)], { accounts: [root] })).toEqual([]);
  });
});

describe('account-logins, honest people', () => {
  it('calls neither a key after keys that did not fit foreign, nor a few slips near by', () => {
    const foreign = (run: LoginRun, guess: GuessRun) =>
      accountLogins.look(svc, given({ logins: [run], guesses: [guess] }), empty).some((fact) => fact.leadsTo.length > 0);
    const key = loginRun({ account: 'svc', ip: '198.51.100.7', method: 'publickey' });
    expect(foreign(key, guessRun({ account: 'svc', ip: '198.51.100.7', passwords: 0 }))).toBe(false);
    expect(foreign(key, guessRun({ account: 'svc', ip: '198.51.100.7', passwords: 40 }))).toBe(true);
    const near = loginRun({ account: 'svc', ip: '10.0.0.5' });
    expect(foreign(near, guessRun({ account: 'svc', ip: '10.0.0.5', times: 7 }))).toBe(false);
    expect(foreign(near, guessRun({ account: 'svc', ip: '10.0.0.5', times: 38 }))).toBe(true);
  });
});
