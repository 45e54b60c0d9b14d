/** Reads `test/samples/PARSER.log`: above each log line stands the event that it must give, as JSON, or `null`. */

import * as fs from 'node:fs';
import type { Pattern } from '../../src/core/patterns.ts';
import type { Line } from '../../src/core/words.ts';

export interface Sample {
  readonly where: string;
  readonly text: string;
  /** Undefined when no expectation stands above the line. */
  readonly expected: unknown;
  readonly line: Line;
}

const FOLDER = new URL('../samples/', import.meta.url);

export function sampleFiles(): readonly string[] {
  return fs.readdirSync(FOLDER).map((file) => file.replace(/\.log$/, ''));
}

export function samplesOf(parser: string): readonly Sample[] {
  const path = new URL(`${parser}.log`, FOLDER);
  if (!fs.existsSync(path)) return [];
  const samples: Sample[] = [];
  let expected: unknown;
  fs.readFileSync(path, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      if (text.startsWith('# {') || text === '# null') expected = JSON.parse(text.slice(2));
      else if (text !== '' && !text.startsWith('#')) {
        samples.push({ where: `${parser}.log:${index + 1}`, text, expected, line: lineOf(text) });
        expected = undefined;
      }
    });
  return samples;
}

/** `program[pid]: message`, as syslog writes it behind stamp and host. */
export function lineOf(text: string): Line {
  const found = /^([^\s[:]+)(?:\[(\d+)\])?: ?(.*)$/s.exec(text);
  if (!found) throw new Error(`no program in the sample: ${text}`);
  const [, program = '', pid, message = ''] = found;
  return { source: 'sample', line: 1, at: 0, host: 'host', program, pid: pid === undefined ? null : Number(pid), message, raw: text };
}

/** The table of patterns that every parser exports beside itself. */
export async function patternsOf(parser: string): Promise<readonly Pattern[]> {
  const room: { readonly patterns?: readonly Pattern[] } = await import(`../../src/parsers/${parser}.ts`);
  return room.patterns ?? [];
}
