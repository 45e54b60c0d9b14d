/** What a case says it does not know. */

import { expect, it } from 'vitest';
import type { Finding } from '../../src/core/words.ts';
import { gapsOf } from '../../src/engine/gaps.ts';
import { fakeEyes, fakeHistory, fakeNetworks } from '../fake-eyes.ts';

const entry = { role: 'entry', tells: 'compromise' } as unknown as Finding; // gaps ask a finding for no more than this

it('says that hosts were not told apart, where the logs are of several and somebody got in', () => {
  const eyes = fakeEyes({ host: { live: false } });
  eyes.note({ source: 'hosts', state: 'partial', detail: 'the logs are of 2 hosts (alpha and beta)' });
  const given = { eyes, history: fakeHistory(), networks: fakeNetworks() };
  const gaps = (findings: readonly Finding[]) => gapsOf({ findings, facts: [], entities: [], cutShort: false }, [], given).join();
  expect(gaps([entry])).toContain('alpha and beta');
  expect(gaps([])).not.toContain('alpha and beta');
});
