/**
 * Debian's filters of fail2ban against its own annotated samples: `npm run conformance -- fail2ban [--dir DIR] [--only FILTER]`.
 * DIR (or TOCSIN_FAIL2BAN) holds filter.d/ and logs/ of another release, or is a checkout of fail2ban.
 * `--lines CASES.jsonl --out OUT.jsonl` answers a file of single lines instead, for scoring by others.
 */

import * as fs from 'node:fs';
import { zoneOf } from '../../dist/eyes/zone.js';
import { readFilter } from '../../dist/guests/fail2ban/filter-reader.js';
import { placesOf, tryAll } from '../../dist/guests/fail2ban/sample-places.js';
import { answerLines } from './answers/fail2ban-lines.mjs';

function orElse(otherwise, read) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const files = {
  read: (path) => orElse(null, () => fs.readFileSync(path, 'utf8')),
  list: (directory) => orElse([], () => fs.readdirSync(directory).sort()),
};

const { toUtc } = zoneOf({}, () => {}, 'Europe/Zurich');

function option(args, name) {
  const at = args.indexOf(name);
  return at < 0 ? null : (args[at + 1] ?? null);
}

export async function run(args) {
  const places = placesOf(files, option(args, '--dir') ?? process.env.TOCSIN_FAIL2BAN ?? null);
  const lines = option(args, '--lines');
  if (lines !== null) return answerLines(lines, option(args, '--out'), places.configs, { files, zone: toUtc });
  const result = tryAll(files, { places, only: option(args, '--only'), zone: toUtc, filter: readFilter });
  for (const miss of result.misses) console.log(`missed: ${miss}`);
  if (result.without.length > 0) console.log(`filters without samples: ${result.without.join(', ')}`);
  console.log(`samples: ${result.right} of ${result.tried}`);
  console.log(`failregexes exercised: ${result.exercised} of ${result.expressions}`);
  return result.misses.length === 0 && result.tried > 0;
}
