/** Jails: what they watch, whom they spare, how long they ban, what their actions become, and what is told of them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBanMs } from '../../src/guests/fail2ban/ban-formula.ts';
import { callOf, callsIn } from '../../src/guests/fail2ban/calls.ts';
import type { BanTime, JailDefinition } from '../../src/guests/fail2ban/definition.ts';
import { secondsOf } from '../../src/guests/fail2ban/durations.ts';
import { readJails } from '../../src/guests/fail2ban/jail-reader.ts';
import { fail2banReport } from '../../src/guests/fail2ban/report.ts';
import { paperFiles } from './disk-files.ts';

const BASE = '/etc/fail2ban';
const DOOR = '[Definition]\nfailregex = ^knock from <HOST>$\n';
const MINUTE = 60_000;

function files(jail: string, others: Record<string, string> = {}) {
  return paperFiles({ [`${BASE}/jail.conf`]: jail, [`${BASE}/filter.d/door.conf`]: DOOR, ...others });
}

function jailOf(options: string, others: Record<string, string> = {}): JailDefinition {
  const [jail] = readJails(files(`[front]\nenabled = true\nfilter = door\nlogpath = /var/log/door.log\n${options}`, others), BASE).jails;
  if (jail === undefined) throw new Error('no jail');
  return jail;
}

const says = (jail: JailDefinition) => [...jail.troubles, ...(jail.filter?.troubles ?? [])].map((trouble) => `${trouble.weight}: ${trouble.says}`);

describe('a jail', () => {
  it('has what the defaults and later files say', () => {
    const { jails } = readJails(
      files(
        '[DEFAULT]\nmaxretry = 5\nbantime = 1h 30m\nfindtime = 10m\nport = 0:65535\n[front]\nfilter = door\nlogpath = /var/log/door.log tail\n  /srv/*/door.log\n',
        {
          [`${BASE}/jail.d/z.conf`]: '[front]\nenabled = yes\nmaxretry = 2\n',
          [`${BASE}/jail.local`]: '[DEFAULT]\nbantime = -1\n[front]\nmaxretry = 3\nport = ssh\nbackend = polling\n',
        },
      ),
      BASE,
    );
    expect(jails).toHaveLength(1);
    expect(jails[0]).toMatchObject({
      name: 'front',
      enabled: true,
      maxRetry: 3,
      findMs: 10 * MINUTE,
      port: 'ssh',
      protocol: 'tcp',
      backend: 'polling',
      troubles: [],
    });
    expect(jails[0]?.ban).toMatchObject({ banMs: -1, increment: false });
    expect(jails[0]?.logpath).toEqual(['/var/log/door.log', '/srv/*/door.log']);
  });

  it('can add to what its filter says, and says where its own expressions stand', () => {
    const jail = jailOf('failregex = %(known/failregex)s\n  ^kick from <HOST>$\nmaxlines = 2\ndatepattern = {^LN-BEG}\n');
    expect(jail.filter?.failregex.map((line) => line.source)).toEqual(['^knock from <HOST>$', '^kick from <HOST>$']);
    expect(jail.filter?.failregex[0]?.place.file).toBe(`${BASE}/jail.conf`);
    expect(jail.filter).toMatchObject({ maxlines: 2, datepattern: { source: '{^LN-BEG}' } });
  });

  it('of the journal watches no files, and its filter reads journal lines', () => {
    const others = {
      [`${BASE}/filter.d/door.conf`]:
        '[lt_journal]\npre = j\n[lt_file]\npre = f\n[Definition]\nfailregex = ^<lt_<logtype>/pre> <HOST>\njournalmatch = _COMM=door\n',
    };
    const jail = jailOf('backend = systemd[journalflags=1]\n', others);
    expect(jail).toMatchObject({
      backend: 'systemd',
      logpath: [],
      filter: { logtype: 'journal', journalmatch: '_COMM=door', failregex: [{ source: '^j <HOST>' }] },
    });
    expect(says(jail)[0]).toMatch(/^partly: the options in "systemd\[journalflags=1\]"/);
    expect(jailOf('', others).filter?.failregex[0]?.source).toBe('^f <HOST>');
  });

  it('spares whom it names, also out of files', () => {
    const jail = jailOf('ignoreip = 127.0.0.1/8 ::1, office.example.org\n  file:/etc/spared file:/etc/gone\nignoreself = no\n', {
      '/etc/spared': '# ours\n192.0.2.1 ; printer\n198.51.100.0/24, 2001:db8::/32\n',
    });
    expect(jail.ignoreip).toEqual(['127.0.0.1/8', '::1', 'office.example.org', '192.0.2.1', '198.51.100.0/24', '2001:db8::/32']);
    expect(jail.ignoreSelf).toBe(false);
    expect(says(jail)).toEqual(['partly: the list /etc/gone could not be read: nobody on it is spared']);
  });

  it.each([
    ['ignorecommand = /usr/local/bin/ours <ip>\n', /^partly: the command .* is not run/],
    ['maxretry = many\n', /^partly: many is no number: 3 is taken/],
    ['findtime = soon\n', /^partly: soon is no span of time: 600 seconds/],
    ['logencoding = latin-1\n', /^partly: lines are read as UTF-8, not as latin-1/],
    ['filter = gone[mode=x]\n', /^refused: there is no filter gone/],
    ['filter = door\n  window\n', /^refused: a jail can have one filter only/],
    ['filter =\n', /^refused: the jail names no filter/],
    ['logpath =\n', /^refused: the jail names no log file/],
    ['logpath = %(gone)s\n', /^refused: refers to "gone"/],
    ['logpath = /var/log/fail2ban.log\n', /^partly: reads fail2ban's own log/],
    ['bantime.increment = true\nbantime.formula = __import__("os").system("x")\n', /^partly: this Python formula is not understood and not run/],
    ['action = iptables[blocktype=ACCEPT]\n', /^refused: the jail lets addresses in/],
  ])('with %j needs you', (options, sentence) => {
    const jail = jailOf(options);
    expect(says(jail)[0]).toMatch(sentence);
    const [trouble] = [...jail.troubles, ...(jail.filter?.troubles ?? [])];
    expect(trouble?.place.file).not.toBe('');
  });
});

describe('actions', () => {
  it('become a ban, a letter, or nothing with a sentence', () => {
    const jail = jailOf(
      'port = 22,2222\nban = iptables-multiport\naction = %(ban)s[name=%(__name__)s-tcp, port="%(port)s", protocol="tcp"]\n  %(ban)s[name=%(__name__)s-udp, port="53", protocol="udp"]\n  sendmail-whois[dest="root"]\n  abuseipdb[key=x]\n  our-own-thing\n',
    );
    expect(jail.actions.map((action) => [action.name, action.becomes])).toEqual([
      ['iptables-multiport', 'ban'],
      ['iptables-multiport', 'ban'],
      ['sendmail-whois', 'mail'],
      ['abuseipdb', 'none'],
      ['our-own-thing', 'none'],
    ]);
    expect(jail).toMatchObject({ port: '22,2222,53', protocol: 'tcp,udp' });
    expect(says(jail)).toHaveLength(2);
  });

  it.each(['nftables[type=allports]', 'ufw', 'firewallcmd-rich-rules', 'shorewall', 'pf', 'route', 'iptables-ipset-proto6', 'hostsdeny'])(
    '%s is a ban',
    (action) => expect(jailOf(`action = ${action}\n`).actions[0]?.becomes).toBe('ban'),
  );

  it('that somebody changed are told of', () => {
    expect(says(jailOf('action = ufw\n', { [`${BASE}/action.d/ufw.local`]: '[Definition]\nactionban = x\n' }))[0]).toMatch(
      /ufw.local are not taken over/,
    );
  });
});

describe('names with options', () => {
  it('may have quotes, commas and several groups', () => {
    expect(callOf('a[b="1, 2]", c=\'"\'][d= e ]')).toEqual({ name: 'a', options: { b: '1, 2]', c: '"', d: 'e' } });
    expect(callOf('a[b="1" x]')).toHaveProperty('says');
    expect(callOf('a[b')).toHaveProperty('says');
    expect(callsIn('a[b="1\n 2"]\n  c\n d[e=f g]')).toEqual(['a[b="1\n 2"]', 'c', 'd[e=f g]']);
  });

  it('are read in time that grows with their length', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('[', ']', 'a=', '"', ',', ' '), { maxLength: 50 }), (bits) => {
        const text = bits.join('').repeat(200);
        for (const call of callsIn(text)) callOf(call);
      }),
      { numRuns: 50 },
    );
  });
});

describe('spans of time', () => {
  it.each([
    ['600', 600],
    ['-1', -1],
    ['10m', 600],
    ['1h 30m', 5_400],
    ['1d12h', 129_600],
    ['2 weeks', 1_209_600],
    ['1mo', 2_629_800],
    ['1y', 31_557_600],
    ['5 * 60', 300],
    ['1.5h', 5_400],
    ['soon', null],
    ['', null],
    ['1h h', null],
    ['__import__("os")', null],
    ['('.repeat(150), null],
  ])('%j', (text, seconds) => expect(secondsOf(text)).toBe(seconds));
});

describe('the next ban', () => {
  const ban = (options: string): BanTime => jailOf(`bantime = 10m\nbantime.increment = true\n${options}`).ban;

  it('doubles, up to twenty times and to the longest', () => {
    const doubling = ban('bantime.formula = ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor\n');
    expect([0, 1, 2, 3].map((before) => nextBanMs(doubling, before, 0) / MINUTE)).toEqual([10, 20, 40, 80]);
    expect(nextBanMs(doubling, 99, 0)).toBe(10 * MINUTE * 2 ** 20);
    expect(nextBanMs(ban('bantime.maxtime = 1h\nbantime.rndtime = 10m\n'), 9, 0.5)).toBe(65 * MINUTE);
  });

  it('grows by e, by multipliers, or not at all', () => {
    const growing = ban('bantime.factor = 2\nbantime.formula = ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)\n');
    expect(growing.formula).toBe('exponential');
    // e to the power of count × factor: the first part of the formula has one more, which the second takes away.
    expect(nextBanMs(growing, 1, 0)).toBe(Math.round(10 * MINUTE * Math.exp(2)));
    expect([1, 2, 3, 9].map((before) => nextBanMs(ban('bantime.multipliers = 1 2 5 10\n'), before, 0) / MINUTE)).toEqual([20, 50, 100, 100]);
    expect(nextBanMs({ ...growing, increment: false }, 5, 1)).toBe(10 * MINUTE);
    expect(nextBanMs({ ...growing, banMs: -1 }, 5, 1)).toBe(-1);
    expect(nextBanMs(growing, 1_000, 0)).toBe(-1);
  });
});

describe('what is told', () => {
  const jail = (name: string, more = '') => `[${name}]\nenabled = true\nfilter = door\nlogpath = /var/log/${name}.log\n${more}`;

  it('is one sentence that counts and gives the reasons', () => {
    const report = fail2banReport(files(`${jail('a')}${jail('b')}${jail('c', 'ignorecommand = /bin/x\n')}[d]\nfilter = door\nlogpath = /x\n`), BASE);
    expect(report.summary).toBe(
      '3 jails, 2 as they are, 1 needs you, because in c the command /bin/x is not run, so nobody is spared because of it; 3 jails have no log to watch; 1 more jail is switched off; 1 filter',
    );
    expect(report.whole).toBe(false);
    expect(report.jails.map((one) => one.standing)).toEqual(['whole', 'whole', 'partly', 'whole']);
  });

  it('is whole when what is switched on is whole, and nothing where there is nothing', () => {
    const report = fail2banReport(files(`${jail('a')}${jail('b')}`), BASE);
    expect(report).toMatchObject({ whole: true, found: true, summary: '2 jails, all as they are; 2 jails have no log to watch; 1 filter' });
    expect(fail2banReport(paperFiles({}), BASE)).toMatchObject({ found: false, whole: false });
  });

  it('takes in what else somebody finds wrong with a filter', () => {
    const told = { place: { file: 'f', line: 9 }, option: 'failregex', says: 'does not compile', weight: 'refused' as const };
    const examine = () => ({ troubles: [told], notes: [] });
    expect(fail2banReport(files(jail('a')), BASE, examine).jails[0]?.standing).toBe('refused');
  });
});
