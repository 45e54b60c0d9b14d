/** fail2ban's files line by line: sections, values over several lines, comments, includes and references. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { IniShelf, readConfiguration } from '../../src/guests/fail2ban/includes.ts';
import { readIni } from '../../src/guests/fail2ban/ini.ts';
import { readJails } from '../../src/guests/fail2ban/jail-reader.ts';
import { fail2banReport } from '../../src/guests/fail2ban/report.ts';
import { paperFiles } from './disk-files.ts';

const BASE = '/etc/fail2ban';

function filter(content: string, options: Record<string, string> = {}, others: Record<string, string> = {}) {
  return readFilter(paperFiles({ [`${BASE}/filter.d/door.conf`]: content, ...others }), BASE, 'door', options);
}

const sources = (lines: readonly { readonly source: string }[]) => lines.map((line) => line.source);

describe('one file', () => {
  const value = (text: string, section = 'S', option = 'a') => readIni(text, 'f').sections.get(section)?.get(option)?.value;

  it.each([
    ['a value', '[S]\na = b', 'b'],
    ['a colon', '[S]\nA: b', 'b'],
    ['what comes first divides', '[S]\na : b = c', 'b = c'],
    ['continuation lines', '[S]\na = b\n   c\n\td', 'b\nc\nd'],
    ['an empty first line', '[S]\na =\n  c', '\nc'],
    ['empty lines within', '[S]\na = b\n\n  c\n\n\n', 'b\n\nc'],
    ['comments within', '[S]\na = b\n# no\n  ; no\n  c', 'b\nc'],
    ['a comment after a blank', '[S]\na = b ; no', 'b'],
    ['a semicolon without a blank', '[S]\na = b;c', 'b;c'],
    ['a number sign later', '[S]\na = b # yes', 'b # yes'],
    ['line ends of Windows', '[S]\r\na = b\r\n  c\r\n', 'b\nc'],
    ['a section that is indented like the option', '[S]\n a = b\n [T]\n a = c', 'b'],
    ['brackets in a continuation', '[S]\na = b\n  [T]', 'b\n[T]'],
    ['nothing', '[S]\na =', ''],
  ])('%s', (_what, text, expected) => expect(value(text)).toBe(expected));

  it('knows the line of each line', () => {
    expect(readIni('# x\n[S]\na = b\n# no\n  c\n\n  d', 'f').sections.get('S')?.get('a')).toEqual({
      value: 'b\nc\n\nd',
      place: { file: 'f', line: 3 },
      lines: [3, 5, 6, 7],
    });
  });

  it('goes on after a line that is none, and says where it stands', () => {
    const read = readIni('before = x\n[S]\nnot an option\na = b\n[S]\na = c\nA = d', 'f');
    expect(read.sections.get('S')?.get('a')?.value).toBe('d');
    expect(read.troubles.map((trouble) => trouble.place.line)).toEqual([1, 3, 5, 7]);
  });

  it('stops at ten thousand options and at a mebibyte, and says so', () => {
    const many = readIni(`[S]\n${Array.from({ length: 10_002 }, (_, index) => `o${index}=1\n`).join('')}`, 'f');
    expect(many.sections.get('S')?.size).toBe(10_000);
    expect(many.troubles.at(-1)?.says).toMatch(/more than 10000 options/);
    expect(readIni(`[S]\na=${'x'.repeat(2_000_000)}`, 'f').troubles.at(-1)?.says).toMatch(/larger/);
  });
});

describe('several files', () => {
  it('are read in the order .conf, .d/*.conf, .local, .d/*.local, includes around each', () => {
    const files = paperFiles({
      '/c/x.conf': '[INCLUDES]\nbefore = b.conf\nafter = a.conf\n  nowhere.local\n[S]\n',
      '/c/b.conf': '[S]\n',
      '/c/b.local': '[S]\n',
      '/c/a.conf': '[S]\n',
      '/c/x.local': '[S]\n',
      '/c/x.d/2.conf': '[S]\n',
      '/c/x.d/1.conf': '[S]\n',
      '/c/x.d/0.local': '[S]\n',
      '/c/x.d/.hidden.conf': '[S]\n',
      '/c/x.d/notes.txt': 'no',
    });
    const names = readConfiguration(new IniShelf(files), '/c/x').files.map((path) => path.slice(3));
    expect(names).toEqual(['b.conf', 'b.local', 'x.conf', 'a.conf', 'x.d/1.conf', 'x.d/2.conf', 'x.local', 'x.d/0.local']);
  });

  it('that include each other end, and it is said', () => {
    const files = paperFiles({ '/c/x.conf': '[INCLUDES]\nbefore = y.conf\n', '/c/y.conf': '[INCLUDES]\nafter = x.conf\n' });
    const read = readConfiguration(new IniShelf(files), '/c/x');
    expect(read.files).toContain('/c/y.conf');
    expect(read.troubles[0]?.says).toMatch(/includes/);
  });

  it('that fan out are bounded', () => {
    const content: Record<string, string> = {};
    for (let level = 0; level < 30; level++) content[`/c/${level}.conf`] = `[INCLUDES]\nbefore = ${level + 1}.conf\n  ${level + 1}.conf\n`;
    const read = readConfiguration(new IniShelf(paperFiles(content)), '/c/0');
    expect(read.files.length).toBeLessThanOrEqual(500);
    expect(read.troubles.length).toBeGreaterThan(0);
    expect(read.troubles.length).toBeLessThan(1_000);
  });
});

describe('references', () => {
  it('name options of the section, the defaults, another section, and what a later file replaced', () => {
    const read = filter(
      '[DEFAULT]\nwho = <HOST>\n[other]\ntail = end$\n[Definition]\nfailregex = ^a %(who)s %(other/tail)s\n  ^b %(default/who)s 100%%\n',
      {},
      { [`${BASE}/filter.d/door.local`]: '[Definition]\nfailregex = %(known/failregex)s\n  ^c <HOST>\n' },
    );
    expect(sources(read.failregex)).toEqual(['^a <HOST> end$', '^b <HOST> 100%', '^c <HOST>']);
    expect(read.failregex.map((line) => `${line.place.file.split('/').at(-1)}:${line.place.line}`)).toEqual([
      'door.local:2',
      'door.local:2',
      'door.local:3',
    ]);
  });

  it('in tags are filled in from within, and tags that capture stay', () => {
    const text =
      '[Definition]\nkind = soft\nre-soft = ^soft <tail>\nre-hard = ^hard <tail>\n  ^harder\ntail = <F-USER>\\S+</F-USER> from <HOST><sp>\n_sp = x\nfailregex = <re-<kind>>\n';
    expect(sources(filter(text).failregex)).toEqual(['^soft <F-USER>\\S+</F-USER> from <HOST><sp>']);
    const hard = filter(text, { kind: 'hard' });
    expect(sources(hard.failregex)).toEqual(['^hard <F-USER>\\S+</F-USER> from <HOST><sp>', '^harder']);
    expect(hard.failregex.map((line) => line.place.line)).toEqual([4, 5]);
  });

  it('to options of [Init] give way to those in brackets', () => {
    const text = '[Definition]\nfailregex = ^<word> <HOST>\n[Init]\nword = stop\nmaxlines = 4\n';
    expect(sources(filter(text).failregex)).toEqual(['^stop <HOST>']);
    expect(filter(text).maxlines).toBe(4);
    expect(sources(filter(text, { word: 'halt <known/word>' }).failregex)).toEqual(['^halt stop <HOST>']);
  });

  it.each([
    ['in a circle', '[Definition]\na = %(b)s\nb = %(a)s\nfailregex = %(a)s <HOST>\n'],
    ['to nothing', '[Definition]\nfailregex = %(gone)s <HOST>\n'],
    ['that are none', '[Definition]\nfailregex = 5% <HOST>\n'],
    ['in a circle of tags', '[Definition]\na = x<b>\nb = y<a>\nfailregex = <a> <HOST>\n'],
    [
      'that grow without end',
      `[Definition]\n${Array.from({ length: 9 }, (_, level) => `a${level} = ${`%(a${level + 1})s`.repeat(20)}\n`).join('')}a9 = x\nfailregex = %(a0)s\n`,
    ],
    [
      'that grow in tags',
      `[Definition]\n${Array.from({ length: 24 }, (_, level) => `a${level} = <a${level + 1}><a${level + 1}>\n`).join('')}a24 = xxxxxxxx\nfailregex = <a0>\n`,
    ],
  ])('%s refuse the filter, with file and line', (_what, text) => {
    const read = filter(text);
    expect(read.failregex).toEqual([]);
    expect(read.troubles.map((trouble) => trouble.weight)).toEqual(['refused']);
    expect(read.troubles[0]?.place.file).toBe(`${BASE}/filter.d/door.conf`);
  });
});

describe('whatever stands in the files', () => {
  const bit = fc.oneof(
    fc.constantFrom(
      '[',
      ']',
      '=',
      '%(',
      ')s',
      '%',
      '<',
      '>',
      '\n',
      '\n  ',
      ';',
      '#',
      '[DEFAULT]\n',
      '[Definition]\n',
      '[door]\n',
      'failregex = ',
      'a = ',
      '%(a)s',
      '<a>',
      '\u0000',
      '\udc80',
      '[INCLUDES]\nbefore = ',
    ),
    fc.constantFrom(
      'jail.conf',
      'filter = door[a=1]\n',
      'action = x[',
      'enabled = true\n',
      'bantime = 1h 2',
      '__proto__ = 1\n',
      '<__proto__>',
      'constructor: 1\n',
      '%(known/a)s',
    ),
    fc.string({ maxLength: 8 }),
  );
  const text = fc.array(bit, { maxLength: 60 }).map((bits) => bits.join(''));

  it('nothing is thrown, and every trouble has its sentence', () => {
    fc.assert(
      fc.property(text, text, text, (jail, door, local) => {
        const files = paperFiles({ [`${BASE}/jail.conf`]: jail, [`${BASE}/filter.d/door.conf`]: door, [`${BASE}/filter.d/door.local`]: local });
        const report = fail2banReport(files, BASE);
        const said = [...report.troubles, ...report.jails.flatMap((one) => one.troubles), ...report.filters.flatMap((one) => one.troubles)];
        for (const trouble of said) expect(trouble.says).not.toBe('');
        expect(readJails(files, BASE).files).toContain(`${BASE}/jail.conf`);
      }),
      { numRuns: 500 },
    );
  });
});
