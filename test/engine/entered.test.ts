/** What an entry is judged by, and a second root made in its session, are one case with it. */

import { describe, expect, it } from 'vitest';
import type { Entity, Finding } from '../../src/core/words.ts';
import { casebook } from '../../src/engine/casebook.ts';
import { told } from '../../src/engine/telling.ts';
import { fakeEyes, fakeHistory, fakeNetworks } from '../fake-eyes.ts';

const given = { eyes: fakeEyes({}), history: fakeHistory(), networks: fakeNetworks() };
const login = { source: '/var/log/auth.log', line: 900, at: 500_000 };

let count = 0;
function finding(detector: string, culprit: readonly Entity[], more: Partial<Finding>): Finding {
  count += 1;
  const rest = { severity: 'medium', confidence: 'medium', victim: [], evidence: [], seen: 1, attack: [], tells: 'attack', role: 'entry' } as const;
  return { id: `${detector}-${count}`, detector, key: `${count}`, at: 100_000, says: detector, culprit, ...rest, ...more };
}
const address = (ip: string): Entity => ({ is: 'address', ip });
const entry = (more: Partial<Finding> = {}) =>
  finding('entry-after-guessing', [address('203.0.113.9'), { is: 'account', name: 'root' }], {
    tells: 'compromise',
    at: 500_000,
    from: 100_000,
    evidence: [login],
    figures: { fromElsewhere: 40 },
    ...more,
  });
const spread = (account: string) =>
  finding('spread-guessing', [address('198.51.100.1'), address('192.0.2.77')], { to: 490_000, victim: [{ is: 'account', name: account }] });
const second = (more: Partial<Finding> = {}) =>
  finding('account-changed', [{ is: 'account', name: 'toor2', uid: 0 }], {
    severity: 'high',
    tells: 'compromise',
    role: 'persistence',
    at: 510_000,
    evidence: [{ ...login, line: 905 }, login],
    figures: { by: 'root' },
    ...more,
  });
const sizes = (...findings: Finding[]) => casebook(findings, [], given, null).map((draft) => draft.findings.length);
/** Full table and kit, for which only their names count. */
const full = () => finding('conntrack-full', [], { tells: 'oddity', role: 'effect', at: 700_000 });
const kit = (path: string) => finding('attack-kit', [{ is: 'directory', path }], { severity: 'high', tells: 'compromise', role: 'foothold' });

describe('an entry', () => {
  it('has the guessing with it that it is judged by', () => {
    expect(sizes(entry(), spread('root'))).toEqual([2]);
    expect(sizes(entry(), finding('spread-guessing', [address('198.51.100.1'), address('192.0.2.77')], { to: 490_000 }))).toEqual([2]);
    expect(sizes(entry(), spread('kim'))).toEqual([1, 1]);
    expect(sizes(entry({ figures: { failuresBefore: 9 } }), spread('root'))).toEqual([1, 1]);
  });

  it('has the addresses of its network with it, and no others', () => {
    const near = finding('spread-guessing', [address('203.0.113.1')], { to: 490_000, victim: [{ is: 'account', name: 'root' }] });
    expect(sizes(entry({ figures: { fromNetwork: 40 } }), near)).toEqual([2]);
    expect(sizes(entry({ figures: { fromNetwork: 40 } }), spread('root'))).toEqual([1, 1]);
  });

  it('has the second root with it that was made in its session, and is critical then', () => {
    const [draft, ...more] = casebook([entry(), second()], [], given, null);
    expect(more).toEqual([]);
    expect(draft && told(draft, [], given).severity).toBe('critical');
  });

  it("has none that was made in another's session, or before", () => {
    expect(
      sizes(
        entry(),
        second({
          evidence: [
            { ...login, line: 905 },
            { ...login, line: 880 },
          ],
        }),
      ),
    ).toEqual([1, 1]);
    expect(sizes(entry(), second({ at: 400_000 }))).toEqual([1, 1]);
  });
});

describe('a full connection table', () => {
  it('belongs to the only intruder, and to nobody where there are two', () => {
    expect(sizes(kit('/var/tmp/.k'), full())).toEqual([2]);
    expect(sizes(kit('/var/tmp/.k'), kit('/dev/shm/.o'), full())).toEqual([1, 1, 1]);
  });
});
