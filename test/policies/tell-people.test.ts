/** What people are asked to do. */

import { expect, it } from 'vitest';
import type { Case, Finding } from '../../src/core/words.ts';
import { tellPeople } from '../../src/policies/tell-people.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks } from '../fake-eyes.ts';

const guessed = {
  id: 'g',
  detector: 'password-guessing',
  tells: 'attack',
  role: 'entry',
  severity: 'medium',
  culprit: [{ is: 'address', ip: '203.0.113.9' }],
  victim: [
    { is: 'account', name: 'kim' },
    { is: 'account', name: 'nobody-here' },
  ],
} as unknown as Finding; // this policy asks a finding for no more than this

const advice = (machine: FakeMachine, known: boolean) => {
  const run = { ip: '203.0.113.9', account: 'kim', known, first: 0, last: 1, times: 9, evidence: [] };
  const given = { eyes: fakeEyes(machine), history: fakeHistory({ guesses: [run] }), networks: fakeNetworks() };
  const story = { findings: [guessed], chain: [], facts: [] } as unknown as Case; // nor a case for more
  return tellPeople.decide(story, given).recommends.join(' ');
};

it('asks for strong passwords of accounts that exist here and can log in, not of names that were made up', () => {
  const kim = { name: 'kim', uid: 1000, canLogIn: true } as unknown as NonNullable<FakeMachine['accounts']>[number];
  expect(advice({ accounts: [kim] }, false)).toContain('check that kim has a strong password or none');
  expect(advice({ accounts: [{ ...kim, canLogIn: false }] }, true)).not.toContain('check that');
});

it('goes by what the logs say where there is no machine', () => {
  expect(advice({}, true)).toContain('check that kim has');
  expect(advice({}, false)).not.toContain('check that');
});

it('is firm where root itself was entered, or a second root was made', () => {
  const given = { eyes: fakeEyes({}), history: fakeHistory({}), networks: fakeNetworks() };
  const said = (role: string, culprit: Finding['culprit']) => {
    const finding = { ...guessed, tells: 'compromise', severity: 'high', role, culprit, victim: [] } as unknown as Finding; // as above
    const story = { findings: [finding], chain: [], facts: [] } as unknown as Case; // as above
    return tellPeople.decide(story, given).recommends.join(' ');
  };
  expect(said('entry', [{ is: 'account', name: 'root' }])).toContain('Rebuild the machine from known media');
  expect(said('persistence', [{ is: 'account', name: 'toor2', uid: 0 }])).toContain('Rebuild the machine from known media');
  expect(said('entry', [{ is: 'account', name: 'kim' }])).not.toContain('Rebuild the machine from known media');
});

it('speaks of the servers that were guessed at, and of sshd only then', () => {
  const given = { eyes: fakeEyes({}), history: fakeHistory({}), networks: fakeNetworks() };
  const said = (...findings: Partial<Finding>[]) =>
    tellPeople
      .decide({ findings: findings.map((one) => ({ ...guessed, ...one })), chain: [], facts: [] } as unknown as Case, given)
      .recommends.join(' '); // as above
  expect(said({ figures: { services: 'mail ftp' } })).toContain('Let the mail server and the FTP server shut out');
  expect(said({ figures: { services: 'mail' } })).not.toMatch(/sshd|by key/);
  expect(said({ figures: { services: 'ssh mail' } })).toMatch(/sshd.* the mail server/);
  expect(said({ detector: 'web-scanner' })).toBe('');
  expect(said({ figures: { services: 'mail' }, explained: 'a telephone' })).toBe('');
});
