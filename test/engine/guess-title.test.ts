/** The title of a case of guessing counts by the figures, and says of log-ins only what is true. */

import { describe, expect, it } from 'vitest';
import type { Entity, Finding } from '../../src/core/words.ts';
import { guessTitle } from '../../src/engine/guess-title.ts';
import { fakeEyes, fakeHistory, fakeNetworks, loginRun } from '../fake-eyes.ts';

const address = (n: number): Entity => ({ is: 'address', ip: `198.51.100.${n}` });
const account = (name: string): Entity => ({ is: 'account', name });

function finding(more: Partial<Finding>): Finding {
  return {
    id: 'f',
    detector: 'password-guessing',
    key: 'f',
    at: 1,
    severity: 'medium',
    confidence: 'strong',
    says: '',
    culprit: [],
    victim: [],
    evidence: [],
    seen: 1,
    attack: [],
    tells: 'attack',
    role: 'entry',
    ...more,
  };
}

const given = (logins: Parameters<typeof loginRun>[0][] = []) => ({
  eyes: fakeEyes({}),
  history: fakeHistory({ logins: logins.map((one) => loginRun(one)) }),
  networks: fakeNetworks(),
});
const alone = finding({ culprit: [address(1)], victim: [account('root')] });
const spread = finding({ detector: 'spread-guessing', culprit: Array.from({ length: 40 }, (_, n) => address(n + 10)), figures: { addresses: 300 } });

describe('guessTitle', () => {
  it('counts all addresses and not only those that are named', () => {
    expect(guessTitle([spread], given(), [])).toBe('300 addresses guess log-ins; nobody was seen to get in');
    expect(guessTitle([spread, alone], given(), [])).toMatch(/^301 addresses /);
    expect(guessTitle([spread, { ...alone, detector: 'user-enumeration' }], given(), [])).toMatch(/^300 addresses /);
    expect(guessTitle([alone], given(), [])).toBe('1 address guesses log-ins; nobody was seen to get in');
  });

  it('names the servers, and says only of sshd that nobody got in', () => {
    const mail = { ...alone, figures: { services: 'mail' } };
    expect(guessTitle([mail], given(), [])).toBe('1 address guesses mail log-ins; who got in at the mail server is not known');
    expect(guessTitle([mail, { ...alone, culprit: [address(2)] }], given(), [])).toBe(
      '2 addresses guess SSH and mail log-ins; nobody was seen to get in by SSH, and who got in at the mail server is not known',
    );
    const scanner = finding({ detector: 'web-scanner', culprit: [address(3)] });
    expect(guessTitle([scanner], given(), [])).toBe('1 address looks for holes in web sites; none was seen to get in');
    expect(guessTitle([alone, scanner], given(), [])).toBe(
      '1 address guesses log-ins; 1 address looks for holes in web sites; nobody was seen to get in',
    );
    expect(guessTitle([alone, { ...alone, culprit: [address(2)], explained: 'a job' }], given(), [])).toMatch(/^1 address /);
  });

  it('does not say that nobody got in where one of them did, or somebody else after the same tries', () => {
    expect(guessTitle([alone], given([{ account: 'anna', ip: '198.51.100.1' }]), [])).toContain('as anna were accepted too');
    const entry = finding({
      detector: 'entry-after-guessing',
      tells: 'compromise',
      culprit: [{ is: 'address', ip: '203.0.113.1' }, account('anna')],
    });
    expect(guessTitle([spread], given(), [entry])).toContain('account anna was entered from elsewhere');
    expect(guessTitle([alone], given(), [entry])).toContain('nobody was seen to get in');
    expect(guessTitle([spread], given(), [{ ...entry, explained: 'a key' }])).toContain('nobody was seen to get in');
  });
});
