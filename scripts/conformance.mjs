/**
 * How much of what others wrote down as right this program gets right: `npm run conformance -- KIND [options]`.
 * Each kind is a file of scripts/conformance/ that exports `run(args)`, works on the built dist/, prints `N of M` and each miss,
 * and returns true when nothing was missed. New kinds are found by their file name.
 */

import * as fs from 'node:fs';

const KINDS = new URL('./conformance/', import.meta.url);
const kinds = fs
  .readdirSync(KINDS)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length));

const [kind, ...args] = process.argv.slice(2);
if (kind === undefined || !kinds.includes(kind)) {
  console.error(`usage: npm run conformance -- KIND [options]\nkinds: ${kinds.join(', ')}`);
  process.exitCode = 2;
} else {
  const { run } = await import(new URL(`${kind}.mjs`, KINDS).href);
  process.exitCode = (await run(args)) ? 0 : 1;
}
