/** Writes down for the innermost loop (src/scan) which programs' lines are wanted, by which parsers, and what must stand in them. */

import type { Scanner } from '../core/world.ts';
import { FNV_START, placeIn } from '../scan/cursor.ts';
import { mixed } from '../scan/memory.ts';
import { GROUP_WORDS, GROUPS_AT_MOST } from '../scan/needles.ts';
import { NEEDLES, PAIRS, PROGRAMS } from '../scan/places.ts';
import { PROGRAM_BYTES, PROGRAM_NAME_AT_MOST, PROGRAM_PLACES } from '../scan/programs.ts';
import type { Wanted } from './wanted.ts';

const TABLE_BYTES = 65_536;
/** What a scanner's tables hold now: they are written anew only for another question. */
const written = new WeakMap<Scanner, { readonly wanted: Wanted; readonly skip: ReadonlySet<string> }>();

export function writeTables(scanner: Scanner, wanted: Wanted, skip: ReadonlySet<string>): void {
  const old = written.get(scanner);
  if (old?.wanted === wanted && old.skip === skip) return;
  const memory = scanner.all();
  writePrograms(memory, wanted, skip);
  writeNeedles(memory, wanted);
  written.set(scanner, { wanted, skip });
}

/** Names that are longer, or more than fit, would be missed: there are a few hundred short ones. */
function writePrograms(memory: Uint8Array, { readers }: Wanted, skip: ReadonlySet<string>): void {
  const words = new Int32Array(memory.buffer, memory.byteOffset);
  memory.fill(0, PROGRAMS, PROGRAMS + TABLE_BYTES);
  const names = [...readers].filter(([name]) => !skip.has(name.toLowerCase()));
  if (names.length > PROGRAM_PLACES / 2 || names.some(([name]) => name.length > PROGRAM_NAME_AT_MOST))
    throw new Error('the table of programs is too small');
  for (const [name, bits] of names) {
    let place = placeOf(name);
    while (words[(PROGRAMS + place * PROGRAM_BYTES + 4) >> 2] !== 0) place = (place + 1) & (PROGRAM_PLACES - 1);
    const slot = PROGRAMS + place * PROGRAM_BYTES;
    words[slot >> 2] = bits;
    words[(slot + 4) >> 2] = name.length;
    for (let index = 0; index < name.length; index += 1) memory[slot + 8 + index] = name.charCodeAt(index);
  }
}

/** Where the loop begins to look for a name. */
function placeOf(name: string): number {
  let hash = FNV_START;
  for (let index = 0; index < name.length; index += 1) hash = mixed(hash, name.charCodeAt(index));
  return placeIn(hash, PROGRAM_PLACES);
}

function writeNeedles(memory: Uint8Array, { needles }: Wanted): void {
  const words = new Int32Array(memory.buffer, memory.byteOffset);
  memory.fill(0, PAIRS, PAIRS + TABLE_BYTES);
  memory.fill(0, NEEDLES, NEEDLES + TABLE_BYTES);
  const groups = new Map<string, [string, number][]>();
  for (const [needle, bits] of needles) groups.set(needle.slice(0, 2), [...(groups.get(needle.slice(0, 2)) ?? []), [needle, bits]]);
  if (groups.size > GROUPS_AT_MOST) throw new Error('the table of needles is too small');
  let offset = 4 * GROUP_WORDS;
  let group = 0;
  for (const [pair, members] of groups) {
    group += 1;
    memory[PAIRS + (pair.charCodeAt(0) << 8) + pair.charCodeAt(1)] = group;
    words[(NEEDLES >> 2) + group] = offset;
    for (const [needle, bits] of members) {
      words[(NEEDLES + offset) >> 2] = bits;
      words[(NEEDLES + offset + 4) >> 2] = needle.length;
      for (let index = 0; index < needle.length; index += 1) memory[NEEDLES + offset + 8 + index] = needle.charCodeAt(index);
      offset += 8 + ((needle.length + 3) & ~3);
    }
    // A length of 0 ends the group.
    offset += 8;
  }
  if (offset > TABLE_BYTES) throw new Error('the table of needles is too small');
}
