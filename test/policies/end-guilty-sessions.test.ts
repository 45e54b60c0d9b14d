/** What is proposed about the session that an accused process came from. */

import { describe, expect, it } from 'vitest';
import type { Entity, Fact, Finding } from '../../src/core/words.ts';
import { told } from '../../src/engine/telling.ts';
import { endGuiltySessions } from '../../src/policies/end-guilty-sessions.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks, loginRun } from '../fake-eyes.ts';

const scanner: Entity = { is: 'process', pid: 9, startTicks: 9 };
const IP = '198.51.100.7';

function finding(culprit: Entity, more: Partial<Finding> = {}): Finding {
  const rest = {
    severity: 'high',
    confidence: 'strong',
    victim: [],
    evidence: [],
    seen: 1,
    attack: [],
    tells: 'compromise',
    role: 'process',
  } as const;
  return { id: `x-${JSON.stringify(culprit)}`, detector: 'hidden-place', key: 'x', at: 600, says: 'it runs', culprit: [culprit], ...rest, ...more };
}

function fact(account: string, newPlace: 'yes' | 'no', more: Partial<Fact> = {}): Fact {
  const figures = { account, ip: IP, newPlace };
  return {
    id: 'f',
    probe: 'process-login',
    about: scanner,
    says: 'from there',
    at: 500,
    role: 'entry',
    leadsTo: [],
    evidence: [],
    confidence: 'strong',
    figures,
    ...more,
  };
}

function orders(findings: readonly Finding[], facts: readonly Fact[], more: FakeMachine = {}, logins = [loginRun({ account: 'emil', ip: IP })]) {
  const given = { eyes: fakeEyes(more), history: fakeHistory({ logins }), networks: fakeNetworks() };
  const { proposes, recommends } = told({ findings, facts, entities: [], cutShort: false }, [endGuiltySessions], given);
  return { verbs: proposes.map(({ order }) => order.verb), recommends };
}

describe('end-guilty-sessions', () => {
  it('ends the session, locks and bans when the account never came from there', () => {
    expect(orders([finding(scanner)], [fact('emil', 'yes')])).toEqual({ verbs: ['end-sessions', 'lock-account', 'ban-address'], recommends: [] });
  });

  it('ends the session and asks the owner when the place is usual', () => {
    const { verbs, recommends } = orders([finding(scanner)], [fact('emil', 'no')]);
    expect(verbs).toEqual(['end-sessions']);
    expect(recommends).toEqual([expect.stringContaining('Ask the owner of emil')]);
  });

  it('does not ask the owner of an account that was entered after guessing', () => {
    const entry = finding(
      { is: 'address', ip: IP },
      {
        role: 'entry',
        culprit: [
          { is: 'address', ip: IP },
          { is: 'account', name: 'emil' },
        ],
      },
    );
    expect(orders([finding(scanner), entry], [fact('emil', 'no')]).recommends).toEqual([]);
  });

  it('locks a second name of root and never ends its sessions, which are those of root', () => {
    const machine = { accounts: [{ name: 'toor', uid: 0 }] } as unknown as FakeMachine; // of an account only these two are asked for
    const stands = finding({ is: 'account', name: 'toor' }, { detector: 'account-that-should-not', tells: 'exposure', role: 'account' });
    const { verbs, recommends } = orders([finding(scanner), stands], [fact('toor', 'no')], machine, []);
    expect(verbs).toEqual(['lock-account', 'ban-address']);
    expect(recommends).toEqual([expect.stringContaining('uid 0')]);
  });

  it('leaves root, hints, explained processes and addresses of others alone', () => {
    expect(orders([finding(scanner)], [fact('root', 'yes')]).verbs).toEqual([]);
    expect(orders([finding(scanner)], [fact('emil', 'yes', { confidence: 'weak' })]).verbs).toEqual([]);
    expect(orders([finding(scanner, { explained: 'a backup', severity: 'low' })], [fact('emil', 'yes')]).verbs).toEqual([]);
    const shared = [loginRun({ account: 'emil', ip: IP }), loginRun({ account: 'admin', ip: IP })];
    expect(orders([finding(scanner)], [fact('emil', 'yes')], {}, shared).verbs).toEqual(['end-sessions', 'lock-account']);
  });
});

it('locks what an intruder made, and leaves what an admin made', () => {
  const made = finding({ is: 'account', name: 'sync2' }, { detector: 'account-changed', role: 'persistence' });
  expect(orders([made], []).verbs).toEqual(['lock-account']);
  expect(orders([{ ...made, tells: 'oddity', severity: 'info' }], []).verbs).toEqual([]);
});
