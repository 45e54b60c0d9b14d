import { describe, expect, it } from 'vitest';
import { lineOfJournal } from '../../src/engine/journal-entry.ts';

const entry = (fields: object) => lineOfJournal(JSON.stringify(fields), 'journal', 5);

describe('journal entries', () => {
  it('become the lines that a text log would have', () => {
    expect(
      entry({
        MESSAGE: 'Accepted password for kim',
        __REALTIME_TIMESTAMP: '1772530800123456',
        SYSLOG_IDENTIFIER: 'sshd',
        _PID: '77',
        _HOSTNAME: 'ns1',
      }),
    ).toEqual({
      source: 'journal',
      line: 5,
      at: 1_772_530_800_123,
      host: 'ns1',
      program: 'sshd',
      pid: 77,
      message: 'Accepted password for kim',
      raw: 'sshd[77]: Accepted password for kim',
    });
  });
  it('carry messages that are no UTF-8 as bytes', () => {
    expect(entry({ MESSAGE: [65, 27, 255], __REALTIME_TIMESTAMP: '1', _COMM: 'x' })?.message).toBe('A\u001b\udcff');
  });
  it('use the time of the sender, and the first of several values', () => {
    expect(entry({ MESSAGE: ['one', 'two'], _SOURCE_REALTIME_TIMESTAMP: '5000', __REALTIME_TIMESTAMP: '9000' })).toMatchObject({
      at: 5,
      message: 'one',
      pid: null,
    });
  });
  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"MESSAGE":"x"}',
    '{"MESSAGE":null,"__REALTIME_TIMESTAMP":"5"}',
    '{"MESSAGE":[1,"a"],"__REALTIME_TIMESTAMP":"5"}',
  ])('are left out when they are %j', (text) => expect(lineOfJournal(text, 'journal', 1)).toBeNull());
});
