/**
 * Lines that nobody wrote, made of lines that somebody did, and what becomes of them: crashes, lines that take too long, memory that
 * grows. The same lines for the same seed.
 */

import { random } from './random.mjs';

/** What leads patterns astray. */
const ODD = [
  '\u0000',
  '\t',
  '\r',
  '\n',
  '\u001b[2J',
  '\\',
  '"',
  "'",
  '%',
  '%00',
  '${x}',
  '<',
  '>',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  ':',
  ';',
  '=',
  ' ',
  '  ',
  '-',
  '+',
  '.',
  '/../',
  '::',
  '::1',
  '::ffff:192.0.2.1',
  '192.0.2.1',
  '999.999.999.999',
  '0',
  '-1',
  '4294967296',
  '99999999999999999999',
  'ü',
  '\u00a0',
  '\u0130',
  '\u017f',
  '\u2028',
  '\ufffd',
  '\ufeff',
  '\ud800',
  '😀',
  'Feb 30 25:61:61 ',
  '2026-13-45T99:99:99Z ',
  ' from ',
  ' user=',
  ' rhost=',
  ' port ',
  'ssh2',
  '[preauth]',
  'HTTP/1.1" 404 ',
  'null',
  '__proto__',
];
const LONG = 8_192;
const LONGEST = 65_536;

const pick = (chance, list) => list[Math.floor(chance() * list.length)] ?? '';
const placeIn = (chance, text) => Math.floor(chance() * (text.length + 1));

function span(chance, text) {
  const from = placeIn(chance, text);
  return [from, Math.min(text.length, from + 1 + Math.floor(chance() ** 3 * text.length))];
}

/** Each takes a line and gives another one. */
const CHANGES = [
  (line, chance) => {
    const at = placeIn(chance, line);
    return line.slice(0, at) + pick(chance, ODD) + line.slice(at);
  },
  (line, chance) => {
    const [from, to] = span(chance, line);
    return line.slice(0, from) + line.slice(to);
  },
  (line, chance) => {
    const [from, to] = span(chance, line);
    return line.slice(0, to) + line.slice(from);
  },
  (line, chance) => {
    const at = placeIn(chance, line);
    return line.slice(0, at) + String.fromCharCode(Math.floor(chance() * 256)) + line.slice(at + 1);
  },
  (line, chance, lines) => {
    const other = pick(chance, lines);
    return line.slice(0, placeIn(chance, line)) + other.slice(placeIn(chance, other));
  },
  (line, chance) => line.slice(0, placeIn(chance, line)),
  (line, chance) =>
    line.replace(/\d+/g, (digits) => (chance() < 0.3 ? pick(chance, ['0', '-1', '65536', '4294967296', '99999999999999999999', '']) : digits)),
  (line, chance) => (chance() < 0.5 ? line.toUpperCase() : line.toLowerCase()),
];

/** One piece over and over: what nested repeats choke on. */
function drawn(line, chance, length) {
  const [from, to] = span(chance, line);
  const piece = line.slice(from, Math.min(to, from + 40)) || pick(chance, ODD);
  return (line.slice(0, from) + piece.repeat(Math.ceil(length / piece.length)) + line.slice(to)).slice(0, length);
}

export function mutated(lines, chance) {
  let line = pick(chance, lines);
  for (let left = 1 + Math.floor(chance() ** 2 * 5); left > 0; left -= 1) line = pick(chance, CHANGES)(line, chance, lines);
  const kind = chance();
  if (kind < 0.0005) return drawn(line, chance, LONGEST);
  return kind < 0.01 ? drawn(line, chance, LONG) : line.slice(0, LONG);
}

/** One call may take so long: a line of up to 8 KiB, one of 64 KiB; each of a filter's expressions and date forms may use up its own budget of steps. A pause of the machine is no fault of the line, so the quickest of some tries counts. */
const ORDINARY_MS = 100;
const LONGEST_MS = 2_000;
const TRIES = 4;

const shown = (line) => JSON.stringify(line.length > 300 ? `${line.slice(0, 300)}… (${line.length} characters)` : line);

/** `readers`: `{ name, read(line) }`. Faults as sentences, ten at most. */
export function fuzzed({ lines, readers, count, seed, heard = () => {} }) {
  const chance = random(seed);
  const faults = [];
  const sums = { lines: 0, longest: 0, crashes: 0, slow: 0, worstMs: 0, worst: '' };
  const fault = (says) => faults.length < 10 && faults.push(says);
  for (let n = 0; n < count; n += 1) {
    const line = mutated(lines, chance);
    for (const reader of readers) {
      const took = timed(reader, line);
      if (typeof took === 'string') {
        sums.crashes += 1;
        fault(`${reader.name} threw ${took} on ${shown(line)}`);
        continue;
      }
      const most = line.length > LONG ? LONGEST_MS : ORDINARY_MS;
      const sure =
        took <= most / 4 ? took : Math.min(took, ...Array.from({ length: TRIES }, () => timed(reader, line)).filter((ms) => typeof ms === 'number'));
      if (sure > sums.worstMs) Object.assign(sums, { worstMs: sure, worst: `${reader.name}, ${line.length} characters` });
      if (sure <= most) continue;
      sums.slow += 1;
      fault(`${reader.name} took ${Math.round(sure)} ms for ${shown(line)}`);
    }
    sums.lines += 1;
    sums.longest = Math.max(sums.longest, line.length);
    heard(n + 1);
  }
  return { ...sums, faults };
}

/** Milliseconds, or what was thrown. */
function timed(reader, line) {
  const from = performance.now();
  try {
    reader.read(line);
  } catch (error) {
    return String(error?.stack ?? error)
      .split('\n')
      .slice(0, 3)
      .join(' ');
  }
  return performance.now() - from;
}

/** Each line of a parser's samples as a whole line of syslog. */
export function wholeLines(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.flatMap((line) => [line, `Mar 10 11:00:00 host ${line}`]);
}

/** Every parser, on the line as a message of its own program. */
export function parserReaders(parsers) {
  return parsers.map((parser) => ({
    name: `parser ${parser.name}`,
    read(raw) {
      for (const program of parser.programs) {
        const tag = /^(?:.{15} \S+ )?[\w./()-]+(?:\[\d+\])?: /.exec(raw.slice(0, 200))?.[0].length ?? 0;
        for (const message of tag === 0 ? [raw] : [raw, raw.slice(tag)]) {
          parser.parse({ source: 'fuzz.log', line: 1, at: 0, host: 'host', program, pid: 7, message, raw });
        }
      }
    },
  }));
}

export function filterReaders(filters) {
  return filters.map((filter) => ({ name: `filter ${filter.name}`, read: (line) => filter.feed(line) }));
}
