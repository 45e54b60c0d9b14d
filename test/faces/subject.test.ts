import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { networks } from '../../src/eyes/networks.ts';
import { type Known, mayBeSubject, subjectOf } from '../../src/faces/subject.ts';
import { processSeen } from '../fake-eyes.ts';

const known = (live = true): Known => ({
  processes: () => (live ? [processSeen({ pid: 77, startTicks: 5, name: 'x' })] : []),
  accounts: () => [],
  stat: () => null,
  canonical: networks([]).canonical,
  host: { live },
});

describe('what is asked about', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8:0000::0001]', '2001:db8::1'],
    ['address:2001:DB8::1', '2001:db8::1'],
  ])('%s is the address %s, as logs have it', (text, ip) => expect(subjectOf(text, known())).toEqual({ is: 'address', ip }));

  it.each(['203.0.113.0/24', '2001:db8::/32', 'address:203.0.113.0/24', '203.0.113.0/255.255.255.0'])('%s is refused as a network', (text) => {
    expect(() => subjectOf(text, known())).toThrow('is a network');
  });

  it('has no process where nothing runs, and says so', () => {
    expect(() => subjectOf('77', known(false))).toThrow('logs and disks have none');
    expect(subjectOf('pid:77', known())).toEqual({ is: 'process', pid: 77, startTicks: 5, name: 'x' });
    expect(() => subjectOf('78', known())).toThrow(UserError);
  });

  it('is an account or a path by its own form', () => {
    expect(subjectOf('account:203.0.113.9', known())).toEqual({ is: 'account', name: '203.0.113.9' });
    expect(subjectOf('backup', known())).toEqual({ is: 'account', name: 'backup' });
    expect(subjectOf('/srv/x/', known())).toEqual({ is: 'file', path: '/srv/x' });
  });

  it.each(['203.0.113.9', '::1', '203.0.113.0/24', 'backup', 'account:kim', '4711'])('%s behind --log was rather meant so', (text) =>
    expect(mayBeSubject(text)).toBe(true),
  );
  it.each(['/srv/auth', 'old/auth', 'auth.log', 'auth.log.2.gz'])('%s was not', (text) => expect(mayBeSubject(text)).toBe(false));
});
