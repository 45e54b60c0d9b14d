/** Configurations that nobody wrote: made by chance, read by us and by fail2ban's own readers: the same strings, or both refuse. Skipped by name where it is not installed. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, callsIn } from '../../src/guests/fail2ban/calls.ts';
import type { Trouble } from '../../src/guests/fail2ban/definition.ts';
import { secondsOf } from '../../src/guests/fail2ban/durations.ts';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { readJails } from '../../src/guests/fail2ban/jail-reader.ts';
import { seedOfRun } from '../seed.ts';
import { realFiles } from './disk-files.ts';
import { absent, filtersAsPython, jailsAsPython, wordsAsPython } from './fail2ban-oracle.ts';
import { jailParts, ourParts, ours, partsOf } from './fail2ban-parts.ts';

const missing = absent();
const CONFIGURATIONS = 400;
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-guests-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const OPTIONS = ['failregex', 'ignoreregex', 'prefregex', 'datepattern', 'maxlines', 'mode', 'logtype', 'pre', 'user-part', 'x_a', 'x_b'];
const SECTIONS = ['Definition', 'DEFAULT', 'Init', 'Init?family=inet6', 'lt_file', 'lt_short'];
const name = fc.constantFrom(...OPTIONS, 'none', 'X_A');
const where = fc.constantFrom('known/', 'default/', 'lt_file/', 'Definition/', 'gone/', 'KNOWN/', '');

/** Pieces of values; references are rarer than words, so that not every value runs in circles. */
const piece = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('a', 'B c', '<HOST>', '<F-USER>\\S+</F-USER>', '^x$', '%%', 'é', '"q"', '=', ': ', '#', 'y;z', ' ; gone', '\\d+'),
  },
  { weight: 1, arbitrary: fc.tuple(where, name).map(([section, option]) => `%(${section}${option})s`) },
  { weight: 1, arbitrary: fc.tuple(where, name).map(([section, option]) => `<${section}${option}>`) },
  { weight: 1, arbitrary: fc.constantFrom('<x_<mode>>', '<lt_<logtype>/pre>', '<user-<x_b>>', '<__name__>', '%(__name__)s') },
);
const between = fc.constantFrom('\n  ', '\n\t', '\n\n  ', '\n# said\n  ', '\n  ; said\n  ', '\n  # said\n    ');
const value = fc
  .array(
    fc.tuple(
      fc.array(piece, { maxLength: 3 }).map((parts) => parts.join('')),
      between,
    ),
    { maxLength: 3 },
  )
  .map((lines) => lines.flat().slice(0, -1).join(''));
const written = (option: string, text: string, sign: string) =>
  `${option}${option === 'mode' || option === 'logtype' || option === 'x_b' ? sign + (text.length % 2 ? 'file' : 'part') : sign + text}\n`;
const signs = fc.constantFrom(' = ', '=', ': ', ' : ', ' =');

function section(names: readonly string[], options: readonly string[]) {
  const option = fc.tuple(fc.constantFrom(...options), value, signs);
  const body = fc.uniqueArray(option, { maxLength: 6, selector: ([key]) => key }).map((all) => all.map((one) => written(...one)).join(''));
  return fc.tuple(fc.constantFrom(...names), body, fc.constantFrom('', '\n', '# said\n'));
}

function file(names: readonly string[], options: readonly string[], includes: fc.Arbitrary<string>) {
  const sections = fc.uniqueArray(section(names, options), { minLength: 1, maxLength: 4, selector: ([key]) => key });
  return fc.tuple(includes, sections).map(([first, all]) => first + all.map(([key, body, after]) => `[${key}]\n${body}${after}`).join(''));
}

const noIncludes = fc.constant('');
const someIncludes = fc.constantFrom(
  '',
  '[INCLUDES]\nbefore = inc.conf\n',
  '[INCLUDES]\nafter = inc.conf\n  nowhere.local\n',
  '[INCLUDES]\nbefore = inc.conf\nafter = inc.local\n',
  '[INCLUDES]\nbefore = x.conf\n',
);
const maybe = (content: fc.Arbitrary<string>) => fc.option(content, { nil: undefined, freq: 1 });

function place(base: string, files: Readonly<Record<string, string | undefined>>): string {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    fs.mkdirSync(path.dirname(path.join(base, name)), { recursive: true });
    fs.writeFileSync(path.join(base, name), content);
  }
  return base;
}

const filterFiles = fc.record({
  'filter.d/x.conf': file(['Definition', ...SECTIONS], OPTIONS, someIncludes),
  'filter.d/x.local': maybe(file(SECTIONS, OPTIONS, noIncludes)),
  'filter.d/x.d/10.conf': maybe(file(SECTIONS, OPTIONS, noIncludes)),
  'filter.d/x.d/05.local': maybe(file(SECTIONS, OPTIONS, noIncludes)),
  'filter.d/inc.conf': maybe(file(SECTIONS, OPTIONS, someIncludes)),
  'filter.d/inc.local': maybe(file(SECTIONS, OPTIONS, noIncludes)),
});

const JAIL_OPTIONS = ['maxretry', 'findtime', 'logpath', 'port', 'failregex', 'ignoreregex', 'datepattern', 'mode', 'x_a', 'x_b'];
const jailFiles = fc.record({
  'jail.conf': file(['DEFAULT', 'ftp', 'web'], JAIL_OPTIONS, fc.constantFrom('', '[INCLUDES]\nbefore = inc.conf\n')),
  'jail.local': maybe(file(['DEFAULT', 'ftp', 'mail'], JAIL_OPTIONS, noIncludes)),
  'jail.d/a.conf': maybe(file(['ftp', 'web'], JAIL_OPTIONS, noIncludes)),
  'inc.conf': maybe(file(['DEFAULT', 'ftp'], JAIL_OPTIONS, noIncludes)),
});

const unit = fc.constantFrom(
  '',
  's',
  'sec',
  ' seconds',
  'm',
  'min',
  ' minutes',
  'h',
  'hou',
  'd',
  'Days',
  'w',
  ' week',
  'mo',
  'mon',
  'month',
  'y',
  'years',
  'x',
  'mins',
);
const amount = fc.tuple(fc.constantFrom('10', '2.5', '30', '-12', '604800', '1.2.3'), unit).map((parts) => parts.join(''));
const joint = fc.constantFrom(' ', '  ', ' + ', '-', '*', '/ 4 + ', '');
const gap = fc.constantFrom(' ', '\n', '\n   ', '  ', '\n\n');
const setting = fc.constantFrom('x=1', 'y="a, b]"', "z='[q r'", 'w-2=', 'v=two words', 'u.t="line\n two"');
const group = fc
  .tuple(fc.constantFrom('[', ' [', '\n['), fc.array(setting, { minLength: 1, maxLength: 3 }), fc.constantFrom(',', ', ', ',\n  ', ' , '))
  .map(([open, all, comma]) => `${open}${all.join(comma)}]`);
const aCall = fc
  .tuple(fc.constantFrom('iptables', 'a-b_c', 'smtp.py', 'x=y'), fc.array(group, { maxLength: 2 }))
  .map(([first, groups]) => first + groups.join(''));

/** Sums are made in another order. */
function rounded(seconds: number | null | undefined): string | null {
  return seconds === null || seconds === undefined ? null : seconds.toPrecision(10);
}

/** What we refuse because it cannot be read, not because nothing is in it. */
function faults(troubles: readonly Trouble[]): readonly Trouble[] {
  return troubles.filter((trouble) => trouble.weight === 'refused' && !trouble.says.startsWith('the filter has no failregex'));
}

describe.skipIf(missing !== null)(`configurations by chance${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  it('filters are the same, or both refuse', () => {
    const sets = [{}, { mode: 'part' }, { logtype: 'short', x_b: '<mode>' }, { failregex: '<known/failregex>', X_A: 'up' }];
    const made = fc.sample(filterFiles, { numRuns: CONFIGURATIONS, seed: seedOfRun });
    const asked = made.map((files, index) => ({ base: place(`${folder}/f${index}`, files), filter: 'x', options: sets[index % sets.length] ?? {} }));
    const theirs = filtersAsPython('', asked);
    let taken = 0;
    for (const [index, { base, filter, options }] of asked.entries()) {
      const answer = theirs[index];
      const read = readFilter(realFiles, base, filter, options);
      const about = `${JSON.stringify(made[index], null, 1)} ${JSON.stringify(options)}`;
      if (answer === undefined || 'error' in answer) expect(faults(read.troubles), `${about} ${answer?.error}`).not.toEqual([]);
      else {
        expect(ours(read), about).toEqual(partsOf(answer.stream));
        taken++;
      }
    }
    expect(taken).toBeGreaterThan(CONFIGURATIONS / 4);
    console.info(`filters by chance: ${taken} the same, ${asked.length - taken} refused by both, of ${asked.length}`);
  });

  it('jails are the same, or both refuse', () => {
    const made = fc.sample(fc.tuple(jailFiles, filterFiles), { numRuns: CONFIGURATIONS / 4, seed: seedOfRun });
    const bases = made.map(([jail, filter], index) =>
      place(`${folder}/j${index}`, { ...filter, ...jail, 'jail.d/z.conf': '[DEFAULT]\nfilter = x[mode=%(mode)s]\nmode = file\n' }),
    );
    const theirs = jailsAsPython(bases);
    let taken = 0;
    for (const [index, base] of bases.entries()) {
      const { jails } = readJails(realFiles, base);
      const answers = theirs[index] ?? [];
      expect(jails.map((jail) => jail.name)).toEqual(answers.map((answer) => answer.name));
      for (const [at, jail] of jails.entries()) {
        const answer = answers[at];
        const about = `${JSON.stringify(made[index], null, 1)} ${jail.name}`;
        if (answer === undefined || 'error' in answer)
          expect(faults([...jail.troubles, ...(jail.filter?.troubles ?? [])]), `${about} ${answer?.error}`).not.toEqual([]);
        else if (!answer.stream.some((command) => command[0] === 'config-error')) {
          expect(jail.filter && ours(jail.filter), about).toEqual(partsOf(answer.stream));
          const expected = jailParts(answer.stream);
          const { findMs, banMs, maxRetry, ...rest } = ourParts(jail, []);
          expect({ ...expected, ...rest }, about).toEqual(expected);
          taken++;
        }
      }
    }
    expect(taken).toBeGreaterThan(20);
    console.info(`jails by chance: ${taken} the same, in ${bases.length} configurations`);
  });

  it('names with options, lists of them and spans of time are read alike', () => {
    const bit = fc.constantFrom('a', 'b-c', ' ', '\n', '[', ']', '[x=1]', 'y="a,b]"', "z='q r'", ',', '=', '"', 'w=', 'name=%(x)s', '][');
    const calls = fc.sample(
      fc.array(bit, { maxLength: 9 }).map((bits) => bits.join('')),
      { numRuns: 2_000, seed: seedOfRun },
    );
    const spans = fc.sample(
      fc.tuple(fc.array(fc.tuple(amount, joint), { maxLength: 4 }), amount).map(([all, last]) => [...all.flat(), last].join('')),
      { numRuns: 2_000, seed: seedOfRun },
    );
    const lists = fc.sample(
      fc.array(fc.tuple(aCall, gap), { maxLength: 5 }).map((all) => all.flat().join('')),
      { numRuns: 2_000, seed: seedOfRun },
    );
    const theirs = wordsAsPython([...calls, ...lists], spans);
    for (const [index, text] of calls.entries()) {
      const [call] = theirs.calls[index] ?? [null];
      const read = callOf(text);
      expect('says' in read ? null : [read.name, { ...read.options }], JSON.stringify(text)).toEqual(call);
    }
    for (const [index, text] of lists.entries()) {
      const [, list] = theirs.calls[calls.length + index] ?? [null, []];
      expect(callsIn(text), JSON.stringify(text)).toEqual(list.map((one) => one.trim()));
    }
    for (const [index, text] of spans.entries()) expect(rounded(secondsOf(text)), JSON.stringify(text)).toEqual(rounded(theirs.spans[index]));
  });
});
