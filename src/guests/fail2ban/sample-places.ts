/** Where filters and their annotated samples lie, as Debian's package, a checkout of fail2ban, or a directory with `filter.d/` and `logs/`; and all of them tried. */

import type { FilterDefinition } from './definition.ts';
import type { GuestFiles } from './files.ts';
import { type SuiteResult, trySamples } from './sample-suite.ts';

const PACKAGE = '/usr/lib/python3/dist-packages/fail2ban/tests';

export interface SamplePlaces {
  readonly logs: string;
  /** Directories with `filter.d/`: the filters, then those that only tests use. */
  readonly configs: readonly string[];
}

/** `dir` null = Debian's package. */
export function placesOf(files: GuestFiles, dir: string | null): SamplePlaces {
  if (dir === null) return { logs: `${PACKAGE}/files/logs`, configs: ['/etc/fail2ban', `${PACKAGE}/config`] };
  const holding = (paths: readonly string[], inside: string): string[] => paths.filter((path) => files.list(`${path}${inside}`).length > 0);
  const [logs = `${dir}/logs`] = holding([`${dir}/logs`, `${dir}/fail2ban/tests/files/logs`, `${dir}/tests/files/logs`], '');
  return { logs, configs: holding([dir, `${dir}/config`, `${dir}/tests/config`, `${dir}/fail2ban/tests/config`], '/filter.d') };
}

interface Sampled {
  readonly name: string;
  readonly config: string;
}

/** Filters that are more than a part of others; of a test configuration those that begin with zzz-. */
function filtersIn(files: GuestFiles, configs: readonly string[]): Sampled[] {
  return configs.flatMap((config, index) =>
    files
      .list(`${config}/filter.d`)
      .filter((name) => name.endsWith('.conf') && !name.endsWith('common.conf') && (index === 0 || name.startsWith('zzz-')))
      .map((name) => ({ name: name.slice(0, -'.conf'.length), config })),
  );
}

/** Filters of tests include those of a checkout's `config/`, which an installed package has elsewhere. */
export function withSiblings(files: GuestFiles, first: string): GuestFiles {
  const elsewhere = (path: string): string | null => {
    const [, inside] = /\/config\/(filter\.d\/[^/]+)$/.exec(path) ?? [];
    return inside === undefined ? null : files.read(`${first}/${inside}`);
  };
  return { read: (path) => files.read(path) ?? elsewhere(path), list: (directory) => files.list(directory) };
}

export interface Suite {
  readonly places: SamplePlaces;
  readonly only?: string | null;
  zone(localMs: number): number;
  filter(files: GuestFiles, config: string, name: string, options: Readonly<Record<string, string>>): FilterDefinition;
}

export interface SuitesResult extends SuiteResult {
  /** Filters without a sample file. */
  readonly without: readonly string[];
}

export function tryAll(files: GuestFiles, suite: Suite): SuitesResult {
  const { logs, configs } = suite.places;
  const without: string[] = [];
  const total: SuiteResult = { right: 0, tried: 0, exercised: 0, expressions: 0, misses: [] };
  const readable = withSiblings(files, configs[0] ?? '');
  const there = new Set(files.list(logs));
  for (const { name, config } of filtersIn(files, configs)) {
    if (suite.only && suite.only !== name) continue;
    if (!there.has(name)) {
      without.push(name);
      continue;
    }
    const result = trySamples(name, {
      samples: (file) => files.read(`${logs}/${file}`),
      filter: (options) => suite.filter(readable, config, name, options),
      zone: (localMs) => suite.zone(localMs),
    });
    total.right += result.right;
    total.tried += result.tried;
    total.exercised += result.exercised;
    total.expressions += result.expressions;
    total.misses.push(...result.misses);
  }
  return { ...total, without };
}
