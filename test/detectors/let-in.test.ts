/** A session that opens in a connection which was refused is an entry, also where the line that let it in is missing. */

import { describe, expect, it } from 'vitest';
import { PAM_TOLD } from '../../src/core/tries.ts';
import type { Event } from '../../src/core/words.ts';
import { entryAfterGuessing } from '../../src/detectors/entry-after-guessing.ts';
import { accepted, failed, HOUR, hear, MINUTE, probed, START } from './hearing.ts';

const ip = '198.51.100.7';
const account = 'shopkeeper';

function opened(pid: number, at: number, service = 'sshd', name = account): Event {
  return {
    kind: 'session.opened',
    at,
    source: '/var/log/auth.log',
    line: 9_000 + pid,
    raw: 'opened',
    fields: { account: name, service, by: null, session: null, pid },
  };
}
const told = (count: number) =>
  Array.from({ length: count }, (_, index) => probed(PAM_TOLD, { at: START + index * 4_000, ip, account, pid: 500 + index }));

describe('a session without a line that let it in', () => {
  it('is an entry from the address that was refused under the same pid', () => {
    const findings = hear(entryAfterGuessing, [...told(30), opened(529, START + 2 * MINUTE)]);
    expect(findings).toHaveLength(1);
    // The last refusal was that of one module, another let the same client in.
    expect(findings[0]).toMatchObject({ key: `${account} ${ip}`, severity: 'high', figures: { method: 'unknown', failuresBefore: 29 } });
  });

  it('is one too where sshd itself told of the refusals', () => {
    const tries = Array.from({ length: 6 }, (_, index) => failed({ at: START + index * 1_000, ip, account, pid: 77 }));
    expect(hear(entryAfterGuessing, [...tries, opened(77, START + 7_000)])).toHaveLength(1);
  });

  it('is none under another pid, much later, or of another service', () => {
    expect(hear(entryAfterGuessing, [...told(30), opened(700, START + 2 * MINUTE)])).toEqual([]);
    expect(hear(entryAfterGuessing, [...told(30), opened(529, START + HOUR)])).toEqual([]);
    expect(hear(entryAfterGuessing, [...told(30), opened(529, START + 2 * MINUTE, 'cron')])).toEqual([]);
  });

  it('is counted once where the line is there', () => {
    const login = accepted({ at: START + 2 * MINUTE, ip, account, pid: 529 });
    const [finding, ...more] = hear(entryAfterGuessing, [...told(30), login, opened(529, START + 2 * MINUTE)]);
    expect(more).toEqual([]);
    expect(finding?.figures).toMatchObject({ method: 'password', logins: 1 });
  });
});
