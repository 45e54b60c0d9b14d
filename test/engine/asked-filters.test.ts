/** Filters by name, file, jail or as an expression; what is not there is told with what to do next. */

import { describe, expect, it } from 'vitest';
import { filtersOf } from '../../src/engine/asked-filters.ts';
import { paperFiles } from '../guests/disk-files.ts';

const FILTER = '[Definition]\nfailregex = ^<mode> refused <HOST>$\n[Init]\nmode = soft\n';
const files = paperFiles({
  '/etc/fail2ban/jail.conf': '[front]\nenabled = true\nfilter = door[mode=hard]\nlogpath = /x\n[off]\nfilter = door\nlogpath = /x\n',
  '/etc/fail2ban/filter.d/door.conf': FILTER,
  '/etc/fail2ban/filter.d/door-common.conf': '[Definition]\n',
  '/etc/fail2ban/filter.d/gate.local': FILTER,
  '/srv/f2b/filter.d/other.conf': FILTER,
});
const asked = (...names: string[]) => filtersOf(files, { names, directory: '/etc/fail2ban', whole: false });
const sources = (...names: string[]) => asked(...names).definitions.map(({ failregex }) => failregex[0]?.source);

describe('filters that are asked for', () => {
  it('by name, with options, in several ways of writing the file', () => {
    expect(sources('door', 'door[mode=hard]')).toEqual(['^soft refused <HOST>$', '^hard refused <HOST>$']);
    expect(sources('door.conf', '/srv/f2b/filter.d/other.conf', 'filter.d/door')).toHaveLength(3);
    expect(sources('gate')).toEqual(['^soft refused <HOST>$']);
  });

  it('by a jail, with the options that it gives; and without names those of jails that are switched on', () => {
    expect(sources('front')).toEqual(['^hard refused <HOST>$']);
    expect(sources()).toEqual(['^hard refused <HOST>$']);
  });

  it('as an expression of its own', () => {
    expect(sources('^no <HOST>$')).toEqual(['^no <HOST>$']);
    expect(() => asked('^no (<HOST>$')).toThrow(/the expression .* cannot be used/);
  });

  it('or there is none, and what is like it is named', () => {
    expect(() => asked('dor')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('no filter dor in /etc/fail2ban'), next: 'Did you mean door?' }),
    );
    expect(() => asked('zzz')).toThrow(expect.objectContaining({ next: expect.stringContaining('ls /etc/fail2ban/filter.d') }));
    expect(() => filtersOf(files, { names: ['x'], directory: '/none', whole: false })).toThrow(
      expect.objectContaining({ next: expect.stringContaining('--filters DIR') }),
    );
  });
});
