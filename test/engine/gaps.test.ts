/** What a case says of its holes. */

import { describe, expect, it } from 'vitest';
import { gapsOf } from '../../src/engine/gaps.ts';
import { aFinding, aStep } from '../faces/a-report.ts';
import { fakeEyes, fakeHistory, fakeNetworks, loginRun } from '../fake-eyes.ts';

const draft = { entities: [], findings: [aFinding('p', 'a job', { role: 'persistence' })], facts: [], cutShort: false };
const history = fakeHistory({ logins: [loginRun({ account: 'kim', ip: '198.51.100.7' })] });
const given = { eyes: fakeEyes({}), history, networks: fakeNetworks() };

describe('a way in that was not found', () => {
  it('may lie before the time that was asked for', () => {
    const chain = [aStep('persistence', 'a job')];
    expect(gapsOf(draft, chain, { ...given, since: 1000 }).join()).toContain('--since');
    expect(gapsOf(draft, chain, { ...given, since: null }).join()).not.toContain('--since');
  });
});
