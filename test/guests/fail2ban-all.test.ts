/** Many filters at once say what each says alone, and lines that concern none of them cost one search. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AllFilters } from '../../src/guests/fail2ban/all-filters.ts';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { IniShelf } from '../../src/guests/fail2ban/includes.ts';
import { NeedleSearch } from '../../src/guests/fail2ban/needle-search.ts';
import { openFilter } from '../../src/guests/fail2ban/running-filter.ts';
import { SharedDates } from '../../src/guests/fail2ban/shared-dates.ts';
import { realFiles } from './disk-files.ts';

const CONFIGURATION = '/etc/fail2ban';
const SAMPLES = '/usr/lib/python3/dist-packages/fail2ban/tests/files/logs';
const NOW = Date.UTC(2026, 2, 10, 12);
const SETTINGS = { zone: (local: number) => local, now: () => NOW };

describe('a search for the needles of many filters', () => {
  const found = (needles: readonly (readonly string[])[], line: string) => {
    const into = new Uint16Array(needles.length);
    return [...into.subarray(0, new NeedleSearch(needles).search(line, into))].sort();
  };

  it('finds all that stand in the line, in either case, at both ends, each filter once', () => {
    const needles = [['failed ', 'invalid'], ['abc'], ['xyz', 'ed p'], ['not there']];
    expect(found(needles, 'abc: Failed password, INVALID xyz')).toEqual([0, 1, 2]);
    expect(found(needles, 'xyz')).toEqual([2]);
    expect(found(needles, '')).toEqual([]);
  });

  it('takes letters beyond ASCII that Python takes for letters of ASCII', () => {
    expect(found([['disk']], 'D\u0130\u017fK')).toEqual([0]);
    expect(found([['disk']], 'd\u00eesk')).toEqual([]);
  });

  it('finds needles that share their two letters, and needles that hold others', () => {
    expect(found([['quux'], ['quuz'], ['uu']], 'a quuz b')).toEqual([1, 2]);
  });
});

describe('all filters at once', () => {
  const there = fs.existsSync(`${CONFIGURATION}/filter.d`) && fs.existsSync(SAMPLES);
  const test = there ? it : it.skip;
  const missing = there ? '' : ` (not run: ${CONFIGURATION}/filter.d or ${SAMPLES} is not there)`;
  const names = there
    ? realFiles
        .list(`${CONFIGURATION}/filter.d`)
        .flatMap((name) => (name.endsWith('.conf') && !name.endsWith('common.conf') ? [name.slice(0, -'.conf'.length)] : []))
    : [];

  test(`each sample line of each filter is answered as by the filter alone${missing}`, () => {
    const shelf = new IniShelf(realFiles);
    const definitions = names.map((name) => readFilter(realFiles, CONFIGURATION, name, {}, { shelf }));
    const alone = definitions.map((definition) => openFilter(definition, SETTINGS));
    const dates = new SharedDates();
    const all = new AllFilters(definitions.map((definition) => ({ filter: openFilter(definition, { ...SETTINGS, dates }), hears: () => true })));
    let hits = 0;
    for (const file of realFiles.list(SAMPLES)) {
      const lines = (realFiles.read(`${SAMPLES}/${file}`) ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      for (const line of lines) {
        const said = (list: readonly { readonly filter: string; readonly id: string | null; readonly pattern: { readonly index: number } }[]) =>
          list.map(({ filter, id, pattern }) => `${filter} ${pattern.index} ${id}`).sort();
        const together = said(all.feed(line, file, NOW));
        expect(together, line).toEqual(said(alone.flatMap((filter) => filter.feed(line, NOW))));
        hits += together.length;
      }
    }
    expect(hits).toBeGreaterThan(500);
  }, 120_000);

  test(`filters without needles are asked of their own logs only${missing}`, () => {
    const slow = names
      .map((name) => openFilter(readFilter(realFiles, CONFIGURATION, name), SETTINGS))
      .filter(({ needles, troubles }) => needles === null && troubles.length === 0);
    const asked: string[] = [];
    const all = new AllFilters(
      slow.map((filter) => ({
        filter: Object.assign(Object.create(filter), {
          name: filter.name,
          needles: null,
          furtherNeedles: [],
          feed: () => asked.push(filter.name) && [],
        }),
        hears: (source: string) => source === `/var/log/${filter.name}.log`,
      })),
    );
    expect(all.slow).toEqual(slow.map(({ name }) => name));
    all.feed('any line', '/var/log/other.log', NOW);
    expect(asked).toEqual([]);
    const [first] = slow;
    all.feed('any line', `/var/log/${first?.name}.log`, NOW);
    expect(asked).toEqual([first?.name]);
  });
});
