/** Lists of names, told from a person who has two of them. */

import { describe, expect, it } from 'vitest';
import { userEnumeration } from '../../src/detectors/user-enumeration.ts';
import { accepted, failed, HOUR, hear, MINUTE, probed, START, tries } from './hearing.ts';

const unknown = (count: number) =>
  Array.from({ length: count }, (_, index) => probed('invalid-user', { at: START + index * 1000, account: `u${index}`, pid: index }));
const known = (count: number) =>
  Array.from({ length: count }, (_, index) => failed({ at: START + index * 1000, account: `k${index}`, pid: 500 + index }));

describe('user-enumeration', () => {
  it('tells of five names that do not exist', () => {
    const [finding] = hear(userEnumeration, [...unknown(5), ...known(1)]);
    expect(finding).toMatchObject({ key: 'address 203.0.113.9', severity: 'low', figures: { names: 6, unknownNames: 5, tries: 6 } });
    expect(finding?.culprit).toEqual([{ is: 'address', ip: '203.0.113.9' }]);
  });

  it('tells of ten names that all exist, and takes twenty for a list', () => {
    expect(hear(userEnumeration, known(9))).toEqual([]);
    expect(hear(userEnumeration, known(10))[0]).toMatchObject({ figures: { names: 10, unknownNames: 0 } });
    expect(hear(userEnumeration, unknown(20))[0]).toMatchObject({ severity: 'medium' });
  });

  it('is silent for four names, and for one name tried often', () => {
    expect(hear(userEnumeration, unknown(4))).toEqual([]);
    expect(hear(userEnumeration, tries(100, 1000, { at: START, account: 'nobody2', known: false }))).toEqual([]);
  });

  it('counts names of a connection once, whatever sshd writes about it', () => {
    const twice = unknown(4).flatMap((event, index) => [event, failed({ at: START + index * 1000, account: `u${index}`, pid: index, known: false })]);
    expect(hear(userEnumeration, twice)).toEqual([]);
  });

  it('explains an address where many people work', () => {
    const work = Array.from({ length: 40 }, (_, index) => accepted({ at: START + HOUR + index * MINUTE, account: `k${index % 12}` }));
    expect(hear(userEnumeration, [...known(12), ...work])[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('many people') });
  });
});

it('calls many names that all exist what it is: spraying', () => {
  const spray = Array.from({ length: 43 }, (_, index) => failed({ at: START + index * 1000, account: `staff${index}`, pid: index }));
  const [finding] = hear(userEnumeration, spray);
  expect(finding?.says).toContain('tried passwords on 43 account names');
  expect(finding?.says).toContain('password spraying');
  expect(finding?.says).not.toContain('0 of which');
});
