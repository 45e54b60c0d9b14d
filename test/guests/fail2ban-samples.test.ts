/** Every annotated sample of the installed fail2ban, and of another release where TOCSIN_FAIL2BAN names one. Skipped by name where there are none. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Disk } from '../../src/eyes/disk.ts';
import { zoneOf } from '../../src/eyes/zone.ts';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { placesOf, tryAll } from '../../src/guests/fail2ban/sample-places.ts';
import { realFiles } from './disk-files.ts';

const { toUtc } = zoneOf(new Disk('/'), () => {}, 'Europe/Zurich');

function suite(name: string, dir: string | null): void {
  const places = placesOf(realFiles, dir);
  const there = fs.existsSync(places.logs) && places.configs.length > 0 && fs.existsSync(`${places.configs[0]}/filter.d`);
  const title = `${name}: every sample is judged as annotated, every failregex is exercised`;
  if (!there) {
    it.skip(`${title} (not run: ${places.logs} or its filters are not there)`, () => {});
    return;
  }
  it(title, () => {
    const result = tryAll(realFiles, { places, zone: toUtc, filter: readFilter });
    expect(result.misses).toEqual([]);
    expect(result.right).toBe(result.tried);
    expect(result.exercised).toBe(result.expressions);
    expect(result.tried).toBeGreaterThan(0);
  });
}

describe("fail2ban's own samples", () => {
  suite('the installed package', null);
  const other = process.env['TOCSIN_FAIL2BAN'];
  if (other !== undefined) suite(other, other);
});
