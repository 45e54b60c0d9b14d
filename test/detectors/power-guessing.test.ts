/** Passwords tried at su and sudo, beside people who mistype and services that are set up wrongly. */

import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/words.ts';
import { powerGuessing } from '../../src/detectors/power-guessing.ts';
import { accepted, accountSeen, hear, MINUTE, START } from './hearing.ts';

const service = accountSeen({ name: 'www-data', uid: 33, system: true, canLogIn: false });

function refused(times: number, account: string, by = 'su', each = 1): Event[] {
  return Array.from({ length: times }, (_, index) => ({
    kind: 'privilege.refused',
    at: START + index * 2_000,
    source: '/var/log/auth.log',
    line: index + 1,
    raw: `refused ${index}`,
    fields: { account, target: 'root', command: 'su', service: by, times: each },
  }));
}

function used(account: string, at = START + MINUTE): Event {
  return {
    kind: 'privilege.used',
    at,
    source: '/var/log/auth.log',
    line: 99,
    raw: 'used',
    fields: { account, target: 'root', command: 'su', cwd: null, tty: null, service: 'su' },
  };
}

describe('power-guessing', () => {
  it('tells of a service that found the password of root', () => {
    const [finding] = hear(powerGuessing, [service, ...refused(7, 'www-data'), used('www-data')]);
    expect(finding).toMatchObject({
      severity: 'high',
      confidence: 'strong',
      figures: { failures: 7 },
      says: expect.stringContaining('7 refused tries'),
    });
  });

  it('tells of a service that did not find it as of an attack', () => {
    expect(hear(powerGuessing, [service, ...refused(7, 'www-data')])[0]).toMatchObject({ severity: 'medium', tells: 'attack' });
  });

  it('calls nobody a service where no accounts were read, and weighs few tries lightly then', () => {
    const [few] = hear(powerGuessing, [...refused(8, 'kim'), used('kim')]);
    expect(few).toMatchObject({ severity: 'low' });
    expect(few?.says).toMatch(/^account kim became root/);
    expect(hear(powerGuessing, [...refused(40, 'www-data'), used('www-data')])[0]).toMatchObject({ severity: 'high' });
    expect(hear(powerGuessing, [accepted({ at: START - 1, account: 'anna' }), ...refused(7, 'anna'), used('anna')])).toEqual([]);
  });

  it('names what succeeded apart from what was refused', () => {
    const [finding] = hear(powerGuessing, [service, ...refused(7, 'www-data', 'sudo'), used('www-data')]);
    expect(finding?.says).toContain('became root by su after 7 refused tries of sudo');
  });

  it('tells of a person only after more tries than one who mistypes makes', () => {
    const anna = accountSeen({ name: 'anna' });
    expect(hear(powerGuessing, [anna, ...refused(2, 'anna', 'sudo', 3), used('anna')])).toEqual([]);
    expect(hear(powerGuessing, [anna, ...refused(14, 'anna'), used('anna')])[0]).toMatchObject({ severity: 'high', confidence: 'medium' });
  });

  it('is no alarm when a service is set up wrongly, or its success is of another day', () => {
    expect(hear(powerGuessing, [service, ...refused(200, 'www-data', 'sudo')])[0]).toMatchObject({ severity: 'info', tells: 'oddity' });
    expect(hear(powerGuessing, [service, used('www-data', START - MINUTE)])).toEqual([]);
  });
});
