/** Imported jails while lines come: who is shut out, by which jail and why, and who never is. */

import { describe, expect, it } from 'vitest';
import { type Jails, jailsOf } from '../../src/engine/jails-of.ts';
import { networks } from '../../src/eyes/networks.ts';
import { chunkOf } from '../fake-eyes.ts';
import { paperFiles } from '../guests/disk-files.ts';

const START = Date.UTC(2026, 2, 3, 10);
const PAPER = '/paper';
const OPTIONS =
  'backend = polling\nmaxretry = 3\nfindtime = 600\nbantime = 600\naction = nftables[port="%(port)s", protocol="%(protocol)s"]\nport = 22\nprotocol = tcp\nignoreip =\n';
const DOOR = '[Definition]\nfailregex = ^ door: no entry for <F-USER>\\S+</F-USER> from <HOST>$\ndatepattern = ^%%Y-%%m-%%dT%%H:%%M:%%S\n';

const jail = (name: string, more = '') => `[${name}]\nenabled = true\nfilter = door\nlogpath = /var/log/door.log\n${more}\n`;

interface Paper {
  readonly jails?: string;
  readonly filters?: Readonly<Record<string, string>>;
  readonly defaults?: string;
  readonly logs?: readonly string[];
}

function opened({ jails = jail('door'), filters = {}, defaults = '', logs = ['/var/log/door.log'] }: Paper = {}): Jails {
  const all = { door: DOOR, ...filters };
  const files = paperFiles({
    [`${PAPER}/jail.conf`]: `[DEFAULT]\n${OPTIONS}${defaults}\n${jails}`,
    ...Object.fromEntries(Object.entries(all).map(([name, text]) => [`${PAPER}/filter.d/${name}.conf`, text])),
    ...Object.fromEntries(logs.map((log) => [log, ''])),
    // Directories on the way.
    '/var': '',
    '/var/log': '',
  });
  return jailsOf(files, {
    directory: PAPER,
    networks: networks([]),
    own: ['198.51.100.1'],
    spares: (ip) => (ip === '192.0.2.1' ? 'it is the gateway' : null),
    chance: () => 0,
    zone: (local) => local,
    now: START,
  });
}

type Told = readonly (readonly [second: number, message: string])[];

class Log {
  readonly jails: Jails;
  readonly bans: string[] = [];
  readonly ids: string[] = [];
  readonly because: string[] = [];
  readonly spared: string[] = [];
  readonly blind: string[] = [];
  evidence: readonly (number | undefined)[] = [];
  #line = 1;

  constructor(paper: Paper = {}) {
    this.jails = opened(paper);
  }

  tell(lines: Told, source = '/var/log/door.log', fresh = true): this {
    for (const [second, message] of lines) this.raw(`${stamp(second)} ${message}\n`, second, source, fresh);
    return this;
  }

  raw(text: string, second: number, source = '/var/log/door.log', fresh = true): this {
    const chunk = { ...chunkOf(source, text, START), firstLine: this.#line };
    const said = this.jails.sentry.chunk(chunk, START + second * 1_000, fresh);
    this.#line += text.split('\n').length - 1;
    for (const one of said.decisions) {
      this.bans.push(`${one.net} ${(one.at - START) / 1_000}s ${(one.untilMs - one.at) / 1_000}s`);
      this.ids.push(one.id);
      this.because.push(one.because);
      this.evidence = one.evidence.map(({ line }) => line);
    }
    this.spared.push(...said.spared.map(({ ip, because }) => `${ip}: ${because}`));
    this.blind.push(...said.blind.map(({ says }) => says));
    return this;
  }
}

const stamp = (second: number) => new Date(START + second * 1_000).toISOString().slice(0, 19);
const refused = (ip: string, seconds: readonly number[], name = 'root'): Told =>
  seconds.map((second) => [second, `door: no entry for ${name} from ${ip}`]);

describe('imported jails', () => {
  it('shut out at the third failure within findtime, and say which jail, filter and failures', () => {
    const log = new Log().tell(refused('203.0.113.9', [0, 10, 20, 21, 22, 23]));
    expect(log.bans).toEqual(['203.0.113.9 20s 600s']);
    expect(log.ids[0]).toMatch(/^JAIL\/door\//);
    expect(log.because).toEqual(['jail door (filter door, port 22/tcp): 3 failures of 203.0.113.9 within 20 s on 1 account name (root)']);
    expect(log.evidence).toEqual([1, 2, 3]);
  });

  it('count nothing that is older than findtime', () => {
    expect(new Log().tell(refused('203.0.113.9', [0, 10, 611, 612])).bans).toEqual([]);
  });

  it('shut out again when the ban is over, not while it lasts', () => {
    const log = new Log().tell(refused('203.0.113.9', [0, 1, 2, 300, 301, 302, 700, 701, 702]));
    expect(log.bans).toEqual(['203.0.113.9 2s 600s', '203.0.113.9 702s 600s']);
  });

  it('ban longer and after fewer failures whoever was banned before, where the jail has growing bans', () => {
    const grows = jail('door', 'maxretry = 5\nbantime.increment = true\nbantime.maxtime = 3000');
    const log = new Log({ jails: grows }).tell(refused('203.0.113.9', [0, 1, 2, 3, 4]));
    // Known once: each failure counts 2, then 3, then 5 of 5.
    for (const from of [1_000, 3_000, 6_000, 10_000]) log.tell(refused('203.0.113.9', [from, from + 1, from + 2]));
    expect(log.bans.map((ban) => ban.split(' ').slice(1).join(' '))).toEqual([
      '4s 600s',
      '1002s 1200s',
      '3001s 2400s',
      '6000s 3000s',
      '10000s 3000s',
    ]);
  });

  it('remember bans from before the start', () => {
    const log = new Log({ jails: jail('door', 'bantime.increment = true') });
    log.jails.sentry.remember('203.0.113.9', 1, START - 1_000_000, START + 5_000);
    log.tell(refused('203.0.113.9', [0, 1, 2]));
    expect(log.bans).toEqual([]);
    // Each counts 2 of 3: the one at 2 s was left over when those before it came to nothing.
    log.tell(refused('203.0.113.9', [10, 11]));
    expect(log.bans).toEqual(['203.0.113.9 10s 1200s']);
  });

  it('ban for ever as long as can be written down', () => {
    const log = new Log({ jails: jail('door', 'bantime = -1') }).tell(refused('203.0.113.9', [0, 1, 2]));
    expect(log.bans).toEqual([`203.0.113.9 2s ${3_650 * 86_400}s`]);
    expect(log.because[0]).toContain('the jail bans for ever');
  });

  it('spare whom ignoreip names, this machine, and whom it needs', () => {
    const log = new Log({ defaults: 'ignoreip = 203.0.113.0/28 2001:db8:1:2::5 friend.example\n' });
    const seconds = [0, 1, 2, 3];
    log.tell(refused('203.0.113.9', seconds)).tell(refused('198.51.100.1', seconds)).tell(refused('192.0.2.1', seconds));
    log.tell(refused('2001:db8:1:2::5', seconds));
    expect(log.bans).toEqual([]);
    expect(log.spared).toEqual([
      '192.0.2.1: jail door (filter door, port 22/tcp): 3 failures of 192.0.2.1 within 2 s on 1 account name (root); it is the gateway',
    ]);
    // His neighbour is shut out alone, as he lives in the same /64.
    expect(log.tell(refused('2001:db8:1:2::6', seconds)).bans).toEqual(['2001:db8:1:2::6 2s 600s']);
    expect(log.jails.notes.join('\n')).toContain('names are not looked up, so friend.example in ignoreip spares nobody');
  });

  it('take the /64 of an IPv6 address, also of one who never uses an address twice', () => {
    const hops = [1, 2, 3].map((hop): [number, string] => [hop, `door: no entry for root from 2001:db8:9:9::${hop}`]);
    expect(new Log().tell(hops).bans).toEqual(['2001:db8:9:9::/64 3s 600s']);
  });

  it('look no name up', () => {
    const log = new Log().tell(refused('host.example', [0, 1, 2, 3]));
    expect(log.bans).toEqual([]);
    expect(log.spared.map((one) => one.split(':')[0])).toEqual(['host.example']);
    expect(log.spared[0]).toContain('names are not looked up');
  });

  it('put lines of one connection together', () => {
    const gate = [
      '[Definition]',
      'prefregex = ^ gate\\[<F-MLFID>\\d+</F-MLFID>\\]: <F-CONTENT>.+</F-CONTENT>$',
      'failregex = ^<F-NOFAIL>Connection from</F-NOFAIL> <HOST>$',
      '            ^Bad password for <F-USER>\\S+</F-USER>$',
      'datepattern = ^%%Y-%%m-%%dT%%H:%%M:%%S',
    ].join('\n');
    const log = new Log({ jails: jail('gate').replace('filter = door', 'filter = gate'), filters: { gate } });
    log.tell([
      [0, 'gate[7]: Connection from 203.0.113.9'],
      [0, 'gate[8]: Connection from 203.0.113.10'],
      [1, 'gate[7]: Bad password for root'],
    ]);
    log.tell([
      [2, 'gate[7]: Bad password for bob'],
      [3, 'gate[9]: Bad password for root'],
      [4, 'gate[7]: Bad password for eve'],
    ]);
    expect(log.bans).toEqual(['203.0.113.9 4s 600s']);
    expect(log.because[0]).toContain('3 account names (root, bob, eve)');
  });

  it('take failures of two lines, and spare what an ignoreregex takes', () => {
    const slow = [
      '[Definition]',
      'failregex = ^ wall: stranger <HOST>\\n \\S+ no$',
      'ignoreregex = stranger 203\\.0\\.113\\.10',
      'maxlines = 2',
      'datepattern = ^%%Y-%%m-%%dT%%H:%%M:%%S',
    ].join('\n');
    const log = new Log({ jails: jail('wall').replace('filter = door', 'filter = wall'), filters: { wall: slow } });
    for (const ip of ['203.0.113.9', '203.0.113.10'])
      for (const at of [0, 2, 4])
        log.tell([
          [at, `wall: stranger ${ip}`],
          [at + 1, 'wall: no'],
        ]);
    expect(log.bans).toEqual(['203.0.113.9 5s 600s']);
  });

  it('count two jails on one log each for itself, tell of one net once, and again only where the second one lasts longer', () => {
    const both = jail('door') + jail('short', 'maxretry = 4\nbantime = 300') + jail('long', 'maxretry = 5\nbantime = 3600');
    const log = new Log({ jails: both }).tell(refused('203.0.113.9', [0, 1, 2, 3, 4]));
    expect(log.bans).toEqual(['203.0.113.9 2s 600s', '203.0.113.9 4s 3600s']);
    expect(log.ids.map((id) => id.split('/')[1])).toEqual(['door', 'long']);
  });

  it('hear only the logs of their own, which may be patterns', () => {
    const log = new Log({ jails: jail('door', 'logpath = /var/log/doors/*.log\n          /var/log/gate.log tail') });
    expect(log.jails.paths).toEqual(['/var/log/doors/*.log', '/var/log/gate.log']);
    const lines = refused('203.0.113.9', [0, 1, 2]);
    for (const path of ['/var/log/door.log', '/var/log/doors/a/b.log', '/var/log/doors/.hidden.log']) log.tell(lines, path);
    expect(log.bans).toEqual([]);
    log.tell(lines.slice(0, 2), '/var/log/doors/front.log').tell(lines.slice(2), '/var/log/gate.log');
    expect(log.bans).toEqual(['203.0.113.9 2s 600s']);
  });

  it('take a stamp far off as now while lines come, and as it is where they are old', () => {
    const old = refused('203.0.113.9', [0, 3_000, 6_000]).map(([, message], index): [number, string] => [index * 3_000, message]);
    const log = new Log();
    log.raw(old.map(([second, message]) => `${stamp(second)} ${message}\n`).join(''), 7_000);
    expect(log.bans).toEqual(['203.0.113.9 7000s 600s']);
    const later = new Log();
    later.raw(old.map(([second, message]) => `${stamp(second)} ${message}\n`).join(''), 7_000, '/var/log/door.log', false);
    expect(later.bans).toEqual([]);
  });

  it('believe no date from the future', () => {
    const log = new Log();
    log.raw([0, 1, 2].map(() => `${stamp(86_400 * 300)} door: no entry for root from 203.0.113.9\n`).join(''), 5, '/var/log/door.log', false);
    expect(log.bans).toEqual(['203.0.113.9 5s 600s']);
  });

  it('read stamps in the zone that the jail names', () => {
    const log = new Log({ jails: jail('door', 'logtimezone = UTC+02:00') });
    log.raw(
      [0, 1, 2].map((second) => `${stamp(7_200 + second)} door: no entry for root from 203.0.113.9\n`).join(''),
      100,
      '/var/log/door.log',
      false,
    );
    expect(log.bans).toEqual(['203.0.113.9 2s 600s']);
  });
});

describe('jails that read the journal', () => {
  const gate = '[Definition]\nfailregex = ^ ?(?:\\S+ )?gate\\[\\d+\\]: no entry for <F-USER>\\S+</F-USER> from <HOST>$\n';
  const reads = (match: string) => ({
    jails: jail('gate', `backend = systemd\njournalmatch = ${match}`).replace('filter = door', 'filter = gate'),
    filters: { gate },
  });
  const entry = (second: number, fields: Readonly<Record<string, unknown>>, message: unknown = 'no entry for root from 203.0.113.9') =>
    JSON.stringify({
      __REALTIME_TIMESTAMP: String((START + second * 1_000) * 1_000),
      _HOSTNAME: 'web1',
      SYSLOG_IDENTIFIER: 'gate',
      _PID: '7',
      MESSAGE: message,
      ...fields,
    });
  const heard = (match: string, entries: readonly string[]) => opened(reads(match)).sentry.entries(entries, 'journal', START + 100_000);

  it('hear the entries that they ask for, by any alternative and all terms of one, and no others', () => {
    const unit = (name: string, more = {}) => [0, 1, 2].map((at) => entry(at, { _SYSTEMD_UNIT: name, ...more }));
    const match = '_SYSTEMD_UNIT=gate.service PRIORITY=5 PRIORITY=6 + _COMM="gate keeper"';
    const { decisions, lines } = heard(match, unit('gate.service', { PRIORITY: '6' }));
    expect(decisions.map(({ net, at, untilMs }) => `${net} ${at - START} ${untilMs - START}`)).toEqual(['203.0.113.9 2000 602000']);
    expect(decisions[0]?.evidence.at(-1)).toMatchObject({ source: 'journal', line: 3, says: 'web1 gate[7]: no entry for root from 203.0.113.9' });
    expect(lines).toBe(3);
    expect(heard(match, unit('other', { _COMM: 'gate keeper' })).decisions).toHaveLength(1);
    for (const others of [unit('gate.service'), unit('gate.service', { PRIORITY: '4' }), unit('other', { PRIORITY: '5', _COMM: 'gate' })])
      expect(heard(match, others).decisions).toEqual([]);
  });

  it('tell what has to be asked of journalctl, and never hand it anything but a match', () => {
    const { journal, paths } = opened(reads('_SYSTEMD_UNIT=gate.service PRIORITY=5 + _COMM=gate'));
    expect(journal).toEqual({
      matches: [['_SYSTEMD_UNIT=gate.service', 'PRIORITY=5'], ['_COMM=gate']],
      fields: ['_SYSTEMD_UNIT', 'PRIORITY', '_COMM'],
    });
    expect(paths).toEqual([]);
    for (const odd of ['--file=/etc/shadow', '_COMM=gate --merge', 'lower=case']) {
      const { journal: none, notes } = opened(reads(odd));
      expect(none.matches).toEqual([]);
      expect(notes.join('\n')).toContain('its journalmatch names no entries or cannot be read');
    }
  });

  it('take bytes, breaks and what is no entry without harm', () => {
    const bytes = [...'no entry for r']
      .map((letter) => letter.charCodeAt(0))
      .concat(
        [0xff, 0x74],
        [...' from 203.0.113.9'].map((letter) => letter.charCodeAt(0)),
      );
    const odd = ['', '{', '[]', '{"MESSAGE":1}', entry(0, { _COMM: ['x', 'gate'] }, 'a\nno entry for root from 198.51.100.7')];
    const { decisions } = heard('_COMM=gate', [...odd, ...odd, ...odd, ...[0, 1, 2].map((at) => entry(at, { _COMM: ['x', 'gate'] }, bytes))]);
    expect(decisions.map(({ net }) => net)).toEqual(['203.0.113.9']);
  });
});

describe('jails that must not ban', () => {
  it('leave alone who comes by UDP, and say so', () => {
    const udp = new Log({ jails: jail('game', 'protocol = udp') }).tell(refused('203.0.113.9', [0, 1, 2, 3]));
    expect(udp.bans).toEqual([]);
    expect(udp.spared[0]).toContain('by UDP, where anybody can write any address');
    const names = new Log({
      jails: jail('named-refused', 'port = domain,953').replace('filter = door', 'filter = named-refused'),
      filters: { 'named-refused': DOOR },
    });
    expect(names.tell(refused('203.0.113.9', [0, 1, 2])).bans).toEqual([]);
    expect(names.jails.notes.join('\n')).toContain('it tells, and bans nobody');
    const both = new Log({ jails: jail('door', 'action = nftables[protocol="tcp,udp"]') });
    expect(both.tell(refused('203.0.113.9', [0, 1, 2])).bans).toHaveLength(1);
  });

  it('leave alone where the jail has no ban among its actions, and name what is not run', () => {
    const letters = new Log({ jails: jail('door', 'action = sendmail-whois[name=x]\n         paint-it-red') }).tell(
      refused('203.0.113.9', [0, 1, 2]),
    );
    expect(letters.bans).toEqual([]);
    expect(letters.spared[0]).toContain('none of the actions of this jail is a ban that is known here');
    expect(letters.jails.notes.join('\n')).toMatch(/jail door: .*paint-it-red is not known here and is not run/);
    expect(letters.jails.notes.join('\n')).toContain('letters are not sent for it (sendmail-whois)');
  });

  it('do not judge where they let in, read the journal, or have no filter, each with the reason', () => {
    const { jails } = new Log({
      jails: [
        jail('knock', 'action = nftables[blocktype=accept]'),
        jail('journal', 'backend = systemd'),
        jail('lost').replace('filter = door', 'filter = nowhere'),
        jail('absent', 'logpath = /var/log/absent.log'),
        jail('off').replace('enabled = true', 'enabled = false'),
      ].join('\n'),
    });
    const notes = jails.notes.join('\n');
    expect(notes).toMatch(/jail knock does not judge: .*lets addresses in/);
    expect(notes).toMatch(/jail journal does not judge: it reads the journal, and its journalmatch names no entries/);
    expect(notes).toMatch(/jail lost does not judge: .*nowhere/);
    expect(notes).toMatch(/jail absent: logpath: no file matches \/var\/log\/absent.log/);
    expect(notes).not.toContain('jail off');
    expect(jails.notes[0]).toContain('bans are for all ports');
    expect(jails.paths).toEqual(['/var/log/absent.log']);
  });

  it('say so where there is no configuration', () => {
    const nothing = jailsOf(paperFiles({}), {
      directory: '/none',
      networks: networks([]),
      own: [],
      spares: () => null,
      chance: () => 0,
      zone: (l) => l,
      now: START,
    });
    expect(nothing.notes).toEqual(['jails: no jail.conf and no jail.local could be read in /none, so no jail judges']);
    expect(nothing.sentry.chunk(chunkOf('/var/log/door.log', 'x\n', START), START, true).lines).toBe(0);
  });
});

describe('hostile lines', () => {
  it('that are too long for a costly pattern are given up and told of, and the jail goes on', () => {
    const costly = DOOR.replace('failregex = ', 'failregex = ^ (?:(?:a|a)+(?=b)|(?:(\\w+)x?)+\\1)+ from <HOST>$\n            ');
    const log = new Log({ filters: { door: costly } });
    log.raw(`${stamp(0)} ${'a'.repeat(40_000)} from 203.0.113.10\n`, 0);
    log.tell(refused('203.0.113.9', [1, 2, 3]));
    expect(log.blind).toHaveLength(1);
    expect(log.blind[0]).toMatch(/^failregex 1 of jail door \(\/paper\/filter.d\/door.conf, line \d+\) takes too long for 1 line/);
    expect(log.bans).toEqual(['203.0.113.9 3s 600s']);
  });

  it('are cut where they are longer than any daemon writes them, and no address becomes another by it', () => {
    const open = DOOR.replace('from <HOST>$', 'from <HOST>');
    for (let spare = 0; spare < 30; spare += 1) {
      const log = new Log({ filters: { door: open } });
      const name = 'x'.repeat(65_536 - ' door: no entry for  from '.length - 19 - spare);
      for (const at of [0, 1, 2]) log.raw(`${stamp(at)} door: no entry for ${name} from 203.0.113.117${'.'.repeat(100)}\n`, at);
      expect(log.bans.filter((ban) => !ban.startsWith('203.0.113.117 '))).toEqual([]);
    }
  });

  it('with bytes that are no text, NULs, carriage returns and nothing in them are lines like others', () => {
    const log = new Log();
    for (const at of [0, 1, 2]) log.raw(`\0\0\0${stamp(at)} door: no entry for r\u00ff\u00fet from 203.0.113.9\r\n\n\r\n`, at);
    expect(log.bans).toEqual(['203.0.113.9 2s 600s']);
    expect(log.evidence).toEqual([1, 4, 7]);
  });

  it('with the name of another line in them accuse nobody else', () => {
    const forged = 'x from 198.51.100.77';
    const log = new Log().tell([0, 1, 2, 3].map((at): [number, string] => [at, `door: no entry for ${forged} from 203.0.113.9`]));
    expect(log.bans.filter((ban) => ban.startsWith('198.51.100.77'))).toEqual([]);
  });
});
