/** What `tocsin doctor` makes of facts: a machine on which all is well, and one fact changed at a time. */

import { describe, expect, it } from 'vitest';
import type { DoctorLine, LogStanding, Standing } from '../../src/core/standing.ts';
import { doctorLines } from '../../src/engine/doctor.ts';
import { stampOf } from '../../src/engine/doctor-logs.ts';

const NOW = Date.UTC(2026, 2, 3, 12, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const auth: LogStanding = {
  path: '/var/log/auth.log',
  there: true,
  sizeBytes: 5000,
  modifiedAt: NOW - MINUTE,
  readable: true,
  lastStampAt: NOW - MINUTE,
};
const WELL: Standing = {
  now: NOW,
  asRoot: true,
  systemd: true,
  container: null,
  kernel: '6.12.3-amd64',
  setpriv: true,
  account: true,
  lostPowers: [],
  logs: [auth],
  logsGiven: false,
  journal: { program: true, kept: 'disk', followed: false },
  loggers: ['rsyslogd'],
  nft: { path: '/usr/sbin/nft', version: '1.0.6', trusted: true },
  table: true,
  chains: [],
  iptablesLegacy: false,
  neighbours: [],
  makers: [],
  flushers: [],
  hand: { answers: true, says: '', bans: 3, allows: 1, stoppedPackets: 4112, answeredMs: 12 },
  brain: { running: 1, acts: true },
  units: { hand: { installed: true, switchedOn: true }, brain: { installed: true, switchedOn: true } },
  setMode: 'act',
  neverHarm: { there: true, fault: null, nets: 2, odd: [] },
  spared: { own: ['192.0.2.10'], gateways: ['192.0.2.1'], resolvers: ['192.0.2.53'], sessions: ['198.51.100.7'], here: '198.51.100.7' },
  sshd: { logLevel: 'VERBOSE' },
  state: { path: '/var/lib/tocsin', freeBytes: 10 * 2 ** 30, readOnly: false },
};
const OBSERVING: Partial<Standing> = { brain: { running: 1, acts: false }, setMode: 'observe', hand: null };

const lines = (change: Partial<Standing> = {}) => doctorLines({ ...WELL, ...change });
const amiss = (change: Partial<Standing>) => lines(change).filter(({ state }) => state !== 'ok');
/** The one line that is not ok. */
function only(change: Partial<Standing>): DoctorLine {
  const found = amiss(change);
  expect(found.map(({ topic, says }) => `${topic}: ${says}`)).toHaveLength(1);
  return found[0] as DoctorLine;
}

describe('a machine on which all is well', () => {
  it('has no line that is not ok, in either mode', () => {
    expect(amiss({})).toEqual([]);
    expect(amiss({ ...OBSERVING, neverHarm: { there: false, fault: null, nets: 0, odd: [] } })).toEqual([]);
  });

  it('is told with what was counted', () => {
    expect(lines().find(({ topic }) => topic === 'hand')?.says).toContain('3 bans, 1 allowed network, 4,112 packets stopped');
  });
});

it('whatever is amiss, each line says what to do next', () => {
  const all: Partial<Standing> = {
    brain: { running: 0, acts: false },
    container: 'docker',
    lostPowers: ['CAP_SYS_PTRACE'],
    logs: [{ ...auth, readable: false }],
    loggers: [],
    nft: { path: null, version: null, trusted: false },
    hand: { ...WELL.hand, answers: false, says: 'gone', bans: 0, allows: 0, stoppedPackets: 0, answeredMs: 0 },
    neighbours: ['fail2ban'],
    neverHarm: { there: true, fault: 'longer than 1 MB', nets: 0, odd: [] },
    spared: { ...WELL.spared, here: '203.0.113.9' },
    sshd: { logLevel: 'QUIET' },
    state: { path: '/var/lib/tocsin', freeBytes: 1000, readOnly: false },
  };
  const found = amiss(all);
  expect(found.length).toBeGreaterThan(8);
  for (const { next } of found) expect(next).toMatch(/^\S.*\.$|^Look: /);
});

describe('watching', () => {
  it('by nobody is a fault, by two a warning, and without a unit a warning where systemd could start it', () => {
    expect(only({ brain: { running: 0, acts: false } })).toMatchObject({
      topic: 'watch',
      state: 'fault',
      next: expect.stringContaining('systemctl start'),
    });
    expect(only({ brain: { running: 2, acts: true } })).toMatchObject({ topic: 'watch', state: 'warning' });
    const units = { ...WELL.units, brain: { installed: false, switchedOn: false } };
    expect(only({ units })).toMatchObject({ topic: 'watch', state: 'warning', next: expect.stringContaining('tocsin setup') });
    expect(amiss({ units, systemd: false })).toEqual([]);
  });

  it('in another mode than the file says is a warning; a mode that is none is a fault', () => {
    expect(only({ setMode: 'observe' })).toMatchObject({ topic: 'mode', state: 'warning' });
    expect(only({ setMode: 'Act' })).toMatchObject({ topic: 'mode', state: 'fault' });
  });

  it('needs the powers to read', () => {
    expect(only({ lostPowers: ['CAP_DAC_READ_SEARCH'] })).toMatchObject({
      state: 'fault',
      next: expect.stringContaining('--cap-add DAC_READ_SEARCH'),
    });
    expect(only({ account: false })).toMatchObject({ topic: 'rights', state: 'warning' });
    expect(only({ setpriv: false, units: { ...WELL.units, brain: { installed: false, switchedOn: false } }, systemd: false })).toMatchObject({
      topic: 'rights',
      state: 'fault',
    });
  });
});

describe('logs', () => {
  const log = (change: Partial<LogStanding>) => ({ logs: [{ ...auth, ...change }] });

  it('that nobody writes to hide the journal: a fault', () => {
    expect(only({ loggers: [] })).toMatchObject({ topic: 'log-ins', state: 'fault', next: expect.stringContaining('rsyslog') });
  });

  it('are not needed where a journal is kept', () => {
    expect(amiss({ logs: [], loggers: [] })).toEqual([]);
    expect(lines({ logs: [], journal: { program: true, kept: 'memory', followed: true } }).find(({ topic }) => topic === 'log-ins')?.says).toContain(
      'lost',
    );
    expect(only({ logs: [], journal: { program: true, kept: null, followed: true } }).state).toBe('fault');
    expect(only({ logs: [], journal: { program: false, kept: null, followed: true } }).state).toBe('fault');
  });

  it('that cannot be read are a fault; what only root can try is said', () => {
    expect(only(log({ readable: false }))).toMatchObject({ topic: 'log', state: 'fault' });
    expect(lines(log({ readable: null })).find(({ topic }) => topic === 'log')).toMatchObject({
      state: 'ok',
      says: expect.stringContaining('only root can try'),
    });
  });

  it('that do not grow: a warning after hours, a fault after a day; a mail log may be silent', () => {
    const old = (ageMs: number) => ({ modifiedAt: NOW - ageMs, lastStampAt: NOW - ageMs });
    expect(amiss(log(old(HOUR)))).toEqual([]);
    expect(only(log(old(3 * HOUR))).state).toBe('warning');
    expect(only(log(old(25 * HOUR))).state).toBe('fault');
    expect(amiss({ logs: [auth, { ...auth, ...old(90 * HOUR), path: '/var/log/mail.log' }] })).toEqual([]);
  });

  it('whose stamps are of another clock are told, with what it looks like', () => {
    expect(only(log({ lastStampAt: auth.modifiedAt + 2 * HOUR }))).toMatchObject({ state: 'warning', says: expect.stringContaining('time zone') });
    expect(only(log({ lastStampAt: auth.modifiedAt - 7 * MINUTE })).says).not.toContain('time zone');
    expect(amiss(log({ lastStampAt: auth.modifiedAt - MINUTE }))).toEqual([]);
    // Touched long after its last line: that says nothing about a clock.
    expect(amiss(log({ lastStampAt: auth.modifiedAt - 30 * HOUR }))).toEqual([]);
  });

  it('that a person named and that are not there are a warning', () => {
    expect(
      only({
        logsGiven: true,
        logs: [
          { ...auth, path: '/srv/a.log' },
          { ...auth, path: '/srv/b.log', there: false },
        ],
      }).says,
    ).toContain('/srv/b.log');
  });

  it('are stamped as their last line says, in the zone of the machine', () => {
    const toUtc = (local: number) => local - HOUR;
    expect(stampOf('Mar  3 11:59:00 web sshd[7]: Connection closed', 2026, toUtc)).toBe(Date.UTC(2026, 2, 3, 10, 59));
    expect(stampOf('2026-03-03T11:59:00+01:00 web sshd[7]: x', 2026, toUtc)).toBe(Date.UTC(2026, 2, 3, 10, 59));
    expect(stampOf('no stamp at all', 2026, toUtc)).toBeNull();
  });
});

describe('bans', () => {
  it('without nft: a fault where it acts, a warning where it only tells', () => {
    const nft = { path: null, version: null, trusted: false };
    expect(only({ nft })).toMatchObject({ topic: 'nft', state: 'fault' });
    expect(only({ ...OBSERVING, nft })).toMatchObject({ topic: 'nft', state: 'warning' });
    expect(only({ nft: { ...nft, path: '/usr/local/sbin/nft' } }).says).toContain('root');
    for (const [version, state] of [
      ['0.9.3', 'fault'],
      ['0.8', 'fault'],
      ['0.9.4', 'ok'],
      ['1.0.6', 'ok'],
      ['1.10', 'ok'],
    ] as const)
      expect(lines({ nft: { ...WELL.nft, version } }).find(({ topic }) => topic === 'nft')?.state).toBe(state);
  });

  it('keep their counters from Linux 6.12 on', () => {
    const says = (kernel: string) => lines({ kernel }).find(({ topic }) => topic === 'kernel')?.says;
    expect(says('6.12.0')).toContain('made longer keeps its counter');
    expect(says('7.0.1')).toContain('made longer keeps its counter');
    expect(says('6.1.0-28-amd64')).toContain('counts from nothing');
    expect(says('5.19.0')).toContain('counts from nothing');
  });

  it('need a hand that answers only where it acts', () => {
    expect(only({ hand: null })).toMatchObject({ topic: 'hand', state: 'fault' });
    const mute = { answers: false, says: 'no answer', bans: 0, allows: 0, stoppedPackets: 0, answeredMs: 0 };
    expect(only({ hand: mute, asRoot: false }).next).toContain('root');
    expect(only({ ...OBSERVING, hand: mute })).toMatchObject({ topic: 'hand', state: 'warning' });
  });

  it('are not in force without the table; whether it stands is not told where it could not be asked', () => {
    expect(only({ table: false })).toMatchObject({ topic: 'table', state: 'fault' });
    expect(lines({ table: null }).some(({ topic }) => topic === 'table')).toBe(false);
  });

  it('beside another that bans are a warning where both do', () => {
    expect(only({ neighbours: ['fail2ban'] })).toMatchObject({ topic: 'beside', state: 'warning' });
    expect(amiss({ ...OBSERVING, neighbours: ['fail2ban'] })).toEqual([]);
    expect(only({ container: 'lxc' })).toMatchObject({ topic: 'beside', state: 'warning' });
  });

  it('come after chains of others that see packets earlier, and those are named', () => {
    const chain = (priority: number) => ({ chains: [{ table: 'ip early', name: 'first', hook: 'prerouting', priority }] });
    expect(lines(chain(-400)).some(({ says }) => says.includes('ip early first'))).toBe(true);
    expect(lines(chain(-300)).some(({ says }) => says.includes('ip early first'))).toBe(false);
  });
});

describe('nobody is locked out', () => {
  it('where the list can be relied on', () => {
    const list = (change: Partial<Standing['neverHarm']>) => only({ neverHarm: { ...WELL.neverHarm, ...change } });
    expect(list({ fault: 'it is a directory' }).state).toBe('fault');
    expect(list({ odd: ['line 3'] }).state).toBe('warning');
    expect(list({ nets: 0 })).toMatchObject({ state: 'warning', next: expect.stringContaining('where you work from') });
  });

  it('and where the one who asks is seen to be logged in', () => {
    expect(only({ spared: { ...WELL.spared, sessions: [] } })).toMatchObject({
      topic: 'locked out',
      state: 'warning',
      says: expect.stringContaining('198.51.100.7'),
    });
    expect(amiss({ spared: { ...WELL.spared, sessions: [], here: null } })).toEqual([]);
  });

  it('and hostile names come escaped', () => {
    expect(JSON.stringify(lines({ container: '\u001b[2J', spared: { ...WELL.spared, here: '\u001b[2J' } }))).not.toContain('\\u001b');
  });
});

it('a disk that is full or cannot be written is a fault', () => {
  expect(only({ state: { ...WELL.state, readOnly: true } })).toMatchObject({ topic: 'disk', state: 'fault' });
  expect(only({ state: { ...WELL.state, freeBytes: 1 << 20 } })).toMatchObject({
    topic: 'disk',
    state: 'fault',
    says: expect.stringContaining('1 MB left'),
  });
  expect(only({ state: { ...WELL.state, freeBytes: null } }).state).toBe('warning');
});
