import { describe, expect, it } from 'vitest';
import { applications } from '../../src/parsers/applications.ts';

const read = (message: string) =>
  applications.parse({ source: 'x', line: 1, at: 0, host: 'h', program: 'application', pid: null, message, raw: message });

describe('applications', () => {
  it('tells of a refusal with its client', () => {
    expect(read('Login failed for user `anna` from IP `198.51.100.7`.')).toEqual({
      kind: 'login.probed',
      fields: { ip: '198.51.100.7', account: 'anna', how: 'auth-fail', service: 'application', times: 1, pid: null },
    });
  });

  it('says nothing of a success, of a failure without a client, or of two clients', () => {
    expect(read('Login successful for user anna from 198.51.100.7')).toBeNull();
    expect(read('Login failed for user anna')).toBeNull();
    expect(read('Login failed for user anna from 203.0.113.9 from 198.51.100.7')).toBeNull();
  });
});
