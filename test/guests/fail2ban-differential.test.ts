/** Every filter and jail of the installed fail2ban, read by us and by fail2ban's own readers: the same strings. Skipped by name where it is not installed. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { IniShelf } from '../../src/guests/fail2ban/includes.ts';
import { readJails } from '../../src/guests/fail2ban/jail-reader.ts';
import { realFiles } from './disk-files.ts';
import { type Asked, absent, CONFIGURATION, filtersAsPython, jailsAsPython, sampleOptions } from './fail2ban-oracle.ts';
import { jailParts, ourParts, ours, partsOf } from './fail2ban-parts.ts';

const missing = absent();

function everyVariant(): Asked[] {
  const filters = fs.readdirSync(`${CONFIGURATION}/filter.d`).flatMap((name) => (name.endsWith('.conf') ? name.slice(0, -5) : []));
  const general = [{}, { logtype: 'journal' }, { logtype: 'rfc5424' }, { mode: 'aggressive' }];
  return filters.flatMap((filter) => {
    const sets = new Map([...general, ...sampleOptions(filter)].map((options) => [JSON.stringify(options), options]));
    return [...sets.values()].map((options) => ({ filter, options }));
  });
}

describe.skipIf(missing !== null)(`fail2ban's own readers and ours${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  it('make the same of every filter with every option set of its samples', () => {
    const asked = everyVariant();
    const theirs = filtersAsPython(CONFIGURATION, asked);
    const shelf = new IniShelf(realFiles);
    let same = 0;
    for (const [index, { filter, options }] of asked.entries()) {
      const answer = theirs[index];
      const read = readFilter(realFiles, CONFIGURATION, filter, options, { shelf });
      if (answer && 'error' in answer)
        expect(
          read.troubles.map((trouble) => trouble.weight),
          `${filter} ${answer.error}`,
        ).toContain('refused');
      else expect(ours(read), `${filter} ${JSON.stringify(options)}`).toEqual(partsOf(answer?.stream ?? []));
      same++;
    }
    expect(same).toBe(asked.length);
    expect(asked.length).toBeGreaterThan(300);
    console.info(`filters: ${same} of ${asked.length} variants`);
  });

  it('make the same of every jail of jail.conf, switched on or not', () => {
    const [theirs = []] = jailsAsPython([CONFIGURATION]);
    const { jails, files, troubles } = readJails(realFiles, CONFIGURATION);
    expect(files).toContain(`${CONFIGURATION}/jail.conf`);
    expect(troubles).toEqual([]);
    expect(jails.map((jail) => jail.name)).toEqual(theirs.map((jail) => jail.name));
    for (const [index, jail] of jails.entries()) {
      const answer = theirs[index];
      if (answer === undefined || 'error' in answer) throw new Error(`${jail.name}: ${answer?.error}`);
      const expected = jailParts(answer.stream);
      expect(jail.filter && ours(jail.filter), jail.name).toEqual(partsOf(answer.stream));
      expect(ourParts(jail, expected['settings'] as Record<string, string>[]), jail.name).toEqual(expected);
      expect(jail.enabled, jail.name).toBe(answer.enabled);
    }
    expect(jails.length).toBeGreaterThan(80);
    console.info(`jails: ${jails.length} of ${theirs.length}`);
  });
});
