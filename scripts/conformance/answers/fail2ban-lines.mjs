/** Answers single lines of fail2ban's samples (JSON lines with `id`, `filter`, `filter_options`, `line`) in the form in which they are scored. */

import * as fs from 'node:fs';
import { readFilter } from '../../../dist/guests/fail2ban/filter-reader.js';
import { IniShelf } from '../../../dist/guests/fail2ban/includes.js';
import { openFilter } from '../../../dist/guests/fail2ban/running-filter.js';
import { holdsThat } from '../../../dist/guests/fail2ban/sample-file.js';
import { withSiblings } from '../../../dist/guests/fail2ban/sample-places.js';
import { SAMPLE_NOW_MS } from '../../../dist/guests/fail2ban/sample-suite.js';

/** Samples of one filter may lie in several files, as `sshd-journal` for `sshd`. */
function filterNamed(name, configs) {
  for (let tried = name; tried !== ''; tried = tried.slice(0, Math.max(0, tried.lastIndexOf('-')))) {
    const config = configs.find((directory) => fs.existsSync(`${directory}/filter.d/${tried}.conf`));
    if (config !== undefined) return { name: tried, config };
  }
  return null;
}

export function answerLines(cases, out, configs, { files, zone }) {
  const rows = fs
    .readFileSync(cases, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((row) => JSON.parse(row));
  const opened = new Map();
  const readable = withSiblings(files, configs[0]);
  const shelves = new Map(configs.map((config) => [config, new IniShelf(readable)]));
  const filterOf = (row, options) => {
    const own = Object.fromEntries(Object.entries(options).filter(([key]) => !key.startsWith('test.')));
    const key = `${row.filter} ${JSON.stringify(own)}`;
    const found = opened.has(key) ? null : filterNamed(row.filter, configs);
    if (found !== null)
      opened.set(
        key,
        openFilter(readFilter(readable, found.config, found.name, own, { shelf: shelves.get(found.config) }), {
          zone,
          now: () => SAMPLE_NOW_MS,
          all: true,
        }),
      );
    return opened.get(key);
  };
  const answers = rows.map((row) => {
    const hits = [].concat(row.filter_options ?? {}).flatMap((options) => {
      if (row.constraint && holdsThat(row.constraint, filterNamed(row.filter, configs)?.name ?? row.filter, options) === false) return [];
      const line = (options['test.prefix-line'] ?? '') + row.line;
      return filterOf(row, options)?.feed(line, options.logtype === 'journal' ? SAMPLE_NOW_MS : null) ?? [];
    });
    const events = hits
      .filter((hit) => !hit.ignored && !hit.waits)
      .map((hit) => ({ attack: true, ip: hit.ip ?? hit.id, ...(hit.user === null ? {} : { user: hit.user }), outcome: 'failure' }));
    return JSON.stringify({ id: row.id, events });
  });
  fs.writeFileSync(out, `${answers.join('\n')}\n`);
  console.log(`${answers.length} lines answered`);
  return true;
}
