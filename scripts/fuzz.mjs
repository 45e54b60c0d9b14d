/**
 * Mutated log lines through every parser, and every filter of fail2ban that is installed: `npm run fuzz [-- --lines N --seed S]`.
 * Tells of crashes, of lines that take too long and of memory that grows; status 1 on any of them.
 */

import * as fs from 'node:fs';
import { readFilter } from '../dist/guests/fail2ban/filter-reader.js';
import { IniShelf } from '../dist/guests/fail2ban/includes.js';
import { openFilter } from '../dist/guests/fail2ban/running-filter.js';
import { parsers } from '../dist/registry.js';
import { filterReaders, fuzzed, parserReaders, wholeLines } from './fuzz-lines.mjs';

const LINES = 1_000_000;
const CONFIGURATION = process.env.TOCSIN_FAIL2BAN ?? '/etc/fail2ban';
const SAMPLES = '/usr/lib/python3/dist-packages/fail2ban/tests/files/logs';
/** What filters may remember (4,096 connections each, of at most 1,024 characters a field) is reached long before a tenth of the lines. */
const GROWTH_AT_MOST = 64 * 2 ** 20;
const SHARE_BEFORE = 0.1;

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const orElse = (otherwise, read) => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};
const files = { read: (path) => orElse(null, () => fs.readFileSync(path, 'utf8')), list: (path) => orElse([], () => fs.readdirSync(path).sort()) };

function opened() {
  const shelf = new IniShelf(files);
  const names = files.list(`${CONFIGURATION}/filter.d`).filter((name) => name.endsWith('.conf') && !name.endsWith('common.conf'));
  const settings = { zone: (local) => local, now: () => Date.UTC(2026, 2, 10, 12) };
  return names.map((name) => openFilter(readFilter(files, CONFIGURATION, name.slice(0, -'.conf'.length), {}, { shelf }), settings));
}

const used = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const seed = option('--seed', Math.floor(Math.random() * 2 ** 31));
const count = option('--lines', LINES);
const own = new URL('../test/samples/', import.meta.url);
const samples = [
  ...fs.readdirSync(own).map((name) => fs.readFileSync(new URL(name, own), 'utf8')),
  ...files.list(SAMPLES).map((name) => files.read(`${SAMPLES}/${name}`) ?? ''),
];
const filters = opened();
const readers = [...parserReaders(parsers), ...filterReaders(filters)];
console.log(`seed ${seed}: ${count} lines through ${parsers.length} parsers and ${filters.length} filters`);
if (filters.length === 0) console.log(`no filters are in ${CONFIGURATION}: only our own parsers are tried`);
if (globalThis.gc === undefined) console.log('memory is not measured: node needs --expose-gc');

let before = used();
let peak = before;
const began = performance.now();
const told = fuzzed({
  lines: samples.flatMap(wholeLines),
  readers,
  count,
  seed,
  heard(lines) {
    if (lines === Math.floor(count * SHARE_BEFORE)) before = used();
    if (lines % Math.max(1, Math.floor(count / 20)) !== 0) return;
    peak = Math.max(peak, used());
    if (process.stderr.isTTY) process.stderr.write(`\r${lines} lines `);
  },
});
const growth = Math.max(0, used() - before);
const given = filters.filter(({ blind }) => blind.count > 0).map(({ name, blind }) => `${name} ${blind.count}`);
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
console.log(`lines: ${told.lines} in ${Math.round((performance.now() - began) / 1000)} s, the longest of ${told.longest} characters`);
console.log(`crashes: ${told.crashes}`);
console.log(`over their time: ${told.slow}; the slowest call took ${told.worstMs.toFixed(1)} ms (${told.worst})`);
console.log(`memory after collection: grew by ${megabytes(growth)} since the first tenth, ${megabytes(peak)} at most`);
console.log(`lines given up and told of: ${given.length === 0 ? 'none' : given.join(', ')}`);
for (const fault of told.faults) console.log(`fault: ${fault}`);
const grew = globalThis.gc !== undefined && growth > GROWTH_AT_MOST;
if (grew) console.log(`fault: memory grew by more than ${megabytes(GROWTH_AT_MOST)}`);
process.exitCode = told.crashes + told.slow > 0 || grew ? 1 : 0;
