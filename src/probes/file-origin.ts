/** Where a suspicious file comes from: owner, age, sum, the package that should have brought it, and what starts it again. */

import type { Probe } from '../core/contracts.ts';
import { directoryOf, nameOf } from '../core/entity.ts';
import { oddPlace } from '../core/places.ts';
import { interpreter } from '../core/running.ts';
import { startsOf } from '../core/starts.ts';
import { listed, named, shown } from '../core/text.ts';
import type { FactDraft } from '../core/words.ts';

const HASH_LIMIT_BYTES = 64 << 20;

export const fileOrigin: Probe = {
  name: 'file-origin',
  about: 'Tells owner, age and sum of a file, whether a package brought it, and which cron lines or units name it.',
  cannotSee: 'who wrote it: the file system keeps the owner, not the process.',
  asks: 'file',
  look(entity, given) {
    if (entity.is !== 'file') return [];
    const facts: FactDraft[] = [];
    const file = given.eyes.stat(entity.path);
    if (file) {
      const owner = given.eyes.accounts().find((account) => account.uid === file.uid)?.name ?? `uid ${file.uid}`;
      const sum = given.eyes.sha256(entity.path, HASH_LIMIT_BYTES);
      facts.push({
        says: `${named(entity.path)} belongs to ${named(owner)}, mode ${file.mode.toString(8).padStart(4, '0')}, ${file.sizeBytes} bytes${sum ? `, sha256 ${sum}` : ''}`,
        at: file.changedAt,
        // Everybody's /usr/bin/perl is no foothold: what it runs is.
        ...(interpreter(entity.path) ? {} : { role: 'foothold' as const }),
        leadsTo: oddPlace(entity.path) === null ? [] : [{ is: 'directory', path: directoryOf(entity.path) }],
        evidence: [{ source: 'file', path: entity.path, at: file.changedAt }],
        confidence: 'strong',
      });
    }
    const homes = new Map(given.eyes.accounts().map(({ name, home }) => [name, home]));
    const direct = given.eyes.persistence().filter((entry) => entry.path !== entity.path && startsOf(entry, [entity.path], homes) !== null);
    const units = new Set(direct.filter((entry) => entry.place === 'unit').map((entry) => nameOf(entry.path)));
    // A timer starts what it starts by the name of its unit.
    const starters = [...direct, ...given.eyes.persistence().filter((entry) => units.has(entry.command))];
    if (starters.length > 0) {
      facts.push({
        says: `${named(entity.path)} is started by ${listed(
          starters.map((entry) => `${entry.path}${entry.line ? `:${entry.line}` : ''}: ${shown(entry.command, 100)}`),
          5,
        )}`,
        at: starters[0]?.changedAt ?? null,
        role: 'persistence',
        leadsTo: [],
        evidence: starters
          .slice(0, 10)
          .map((entry) => ({ source: entry.place, path: entry.path, ...(entry.line ? { line: entry.line } : {}), says: shown(entry.command, 200) })),
        confidence: 'strong',
      });
    }
    return facts;
  },
};
