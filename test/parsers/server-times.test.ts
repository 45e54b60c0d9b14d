/** Servers' lines of 8 KB, made of what their own forms are made of: none takes a pattern longer than its length allows. */

import { expect, it } from 'vitest';
import { parsers } from '../../src/registry.ts';
import { lineOf, samplesOf } from './harness.ts';

/** The sieve cuts lines at this. */
const LONG = 8_192;

it('pieces of its own samples, again and again, are read in the time of the suite', () => {
  let read = 0;
  for (const parser of parsers) {
    for (const { line } of samplesOf(parser.name)) {
      const { message } = line;
      for (let cut = 0; cut < message.length; cut += 7) {
        const head = message.slice(0, cut);
        for (const piece of [message.slice(cut, cut + 7), message.slice(cut), ' ', '[', 'a']) {
          const long = (head + piece.repeat(Math.ceil(LONG / Math.max(1, piece.length)))).slice(0, LONG);
          parser.parse({ ...lineOf('x[1]: x'), program: line.program, message: long, raw: long });
          read += 1;
        }
      }
    }
  }
  expect(read).toBeGreaterThan(10_000);
});
