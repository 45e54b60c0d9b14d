/** Our decisions and a running fail2ban's bans, told as one: what is the same, and what only one of them did. */

import { describe, expect, it } from 'vitest';
import { Beside } from '../../src/engine/beside.ts';
import type { Decision, Judged } from '../../src/engine/decisions.ts';
import { GuestJudging } from '../../src/engine/guest-judging.ts';
import { JoinedJudged } from '../../src/engine/joined-judged.ts';
import { networks } from '../../src/eyes/networks.ts';
import { chunkOf } from '../fake-eyes.ts';

const NOW = Date.UTC(2026, 2, 3, 10);
const LOG = '/var/log/fail2ban.log';
const DAY_MS = 86_400_000;

const decision = (net: string, seconds = 600, id = 'd', at = NOW): Decision => ({
  id,
  at,
  net,
  untilMs: at + seconds * 1_000,
  because: `${net} was refused`,
  before: 0,
  failures: 5,
  accounts: [],
  evidence: [],
});
const judged = (decisions: readonly Decision[], spared: Judged['spared'] = []): Judged => ({ decisions, spared });
const line = (says: string, level = 'NOTICE ') => `2026-03-03 10:00:00,123 fail2ban.actions        [7]: ${level} ${says}\n`;

function compared(theirs: string, ...ours: readonly Judged[]): readonly string[] {
  const beside = new Beside(networks([]));
  for (const one of ours) beside.judged(one);
  beside.chunk(chunkOf(LOG, theirs, NOW));
  return beside.says();
}

describe('beside fail2ban', () => {
  it('bans of both are the same, also where we take a network; the others are told with their reasons', () => {
    const theirs = ['203.0.113.1', '203.0.113.2', '198.51.100.9', '2001:db8::5', '192.0.2.7', '192.0.2.8']
      .map((ip) => line(`[sshd] Ban ${ip}`))
      .join('');
    const ours = judged(
      [decision('203.0.113.1'), decision('198.51.100.0/24'), decision('2001:db8::/64'), decision('203.0.113.77')],
      [{ at: NOW, ip: '192.0.2.7', because: 'it is the gateway' }],
    );
    expect(compared(theirs, ours)).toEqual([
      'beside fail2ban: 3 bans the same, 1 ban only Tocsin, 3 bans only fail2ban',
      'only Tocsin: 203.0.113.77, because 203.0.113.77 was refused',
      'only fail2ban: 203.0.113.2, by its jail sshd; here the tries that were seen were too few, or in a log that is not followed',
      'only fail2ban: 192.0.2.7, by its jail sshd; here it was left alone: it is the gateway',
      'only fail2ban: 192.0.2.8, by its jail sshd; here the tries that were seen were too few, or in a log that is not followed',
    ]);
  });

  it('other words of its log are no bans, and the same address counts once', () => {
    const theirs = [
      line('[sshd] Restore Ban 203.0.113.1'),
      line('[sshd] Unban 203.0.113.2'),
      line('[sshd] 203.0.113.3 already banned', 'WARNING'),
      line('[sshd] Ban 999.0.113.4'),
      '2026-03-03 10:00:00,123 fail2ban.filter         [7]: INFO    [sshd] Found 203.0.113.5 - [x] Ban 203.0.113.6\n',
      line('[sshd] Ban 203.0.113.7'),
      line('[other] Ban 203.0.113.7'),
    ].join('');
    expect(compared(theirs)[0]).toBe('beside fail2ban: 0 bans the same, 0 bans only Tocsin, 1 ban only fail2ban');
  });

  it('a hundred differences are not a hundred lines', () => {
    const said = compared('', judged(Array.from({ length: 100 }, (_, index) => decision(`203.0.113.${index}`))));
    expect(said).toHaveLength(22);
    expect(said.at(-1)).toBe('… and 80 more of these');
  });

  it('its log is followed only where somebody asked for the comparison', () => {
    expect(new GuestJudging(networks([]), null, false, () => NOW).paths).toEqual([]);
    const guests = new GuestJudging(networks([]), null, true, () => NOW);
    expect(guests.paths).toEqual([LOG]);
    guests.judged(judged([decision('203.0.113.1')]), { chunk: chunkOf(LOG, line('[sshd] Ban 203.0.113.1'), NOW), receivedAt: NOW, fresh: true });
    expect(guests.compared()).toEqual(['beside fail2ban: 1 ban the same, 0 bans only Tocsin, 0 bans only fail2ban']);
  });
});

describe('two judges as one', () => {
  const nets = ({ decisions }: Judged) => decisions.map(({ net, id }) => `${net} ${id}`);

  it('tell of a net once, with the longer ban, also when the other comes later', () => {
    const both = new JoinedJudged(networks([]));
    expect(nets(both.of(judged([decision('203.0.113.1', 600, 'own')]), judged([decision('203.0.113.1', 3_600, 'JAIL/a')])))).toEqual([
      '203.0.113.1 JAIL/a',
    ]);
    expect(nets(both.of(judged([decision('203.0.113.1', 900, 'own')]), judged([])))).toEqual([]);
    expect(nets(both.of(judged([decision('203.0.113.1', 7_200, 'own')]), judged([decision('203.0.113.2', 60, 'JAIL/b')])))).toEqual([
      '203.0.113.1 own',
      '203.0.113.2 JAIL/b',
    ]);
  });

  it('know what was decided before the start', () => {
    const both = new JoinedJudged(networks([]));
    both.remember('203.0.113.1', NOW + 900_000);
    expect(nets(both.of(judged([]), judged([decision('203.0.113.1', 600), decision('203.0.113.1', 1_000, 'JAIL/a')])))).toEqual([
      '203.0.113.1 JAIL/a',
    ]);
  });

  it('leave alone whom our own judge left alone within a day, his /64 included, and say so once', () => {
    const both = new JoinedJudged(networks([]));
    const because = 'he logs in from there each day';
    const spared = ['203.0.113.1', '2001:db8::7'].map((ip) => ({ at: NOW, ip, because }));
    const jails = judged(
      [decision('203.0.113.1'), decision('2001:db8::/64'), decision('203.0.113.2')],
      [{ at: NOW, ip: '203.0.113.1', because: 'x' }],
    );
    const said = both.of(judged([], spared), jails);
    expect(said.decisions.map(({ net }) => net)).toEqual(['203.0.113.2']);
    expect(said.spared).toEqual(spared);
    expect(both.of(judged([]), judged([decision('203.0.113.1', 600, 'd', NOW + DAY_MS - 1)])).decisions).toEqual([]);
    expect(both.of(judged([]), judged([decision('203.0.113.1', 600, 'd', NOW + DAY_MS)])).decisions).toHaveLength(1);
  });
});
