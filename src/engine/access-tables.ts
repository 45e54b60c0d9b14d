/** Writes down for the loop over access logs (src/scan-access) which characters are plain and which words no plain target has. */

import { DOOR_WORDS, PLAIN, PLAIN_WORDS } from '../core/web-interest.ts';
import type { AccessScanner } from '../core/world.ts';
import { HEADERS, PAIRS, TRIPLES, WORDS } from '../scan-access/places.ts';
import { ANY, GROUP_WORDS, GROUPS_AT_MOST, LETTER_BITS, ODD, POSTED, TRIPLE_MASK, VALUE } from '../scan-access/target.ts';

/** Two characters that no plain target has beside each other: the way up, hidden names, values that begin like paths and numbers, and `__`. */
const ODD_PAIRS: readonly string[] = ['..', '/.', '=/', '=-', '__'];
/** Letters by how often they stand in English and in addresses; whatever is not here is rarer. */
const FREQUENT = 'etaoinsrhldcumfpgwybvkxjqz';

/** Scanners whose tables are written: they never change. */
const written = new WeakSet<AccessScanner>();

export function writeAccessTables(scanner: AccessScanner): void {
  if (written.has(scanner)) return;
  const memory = scanner.all();
  memory.fill(0, PAIRS, HEADERS);
  writePairs(memory);
  writeWords(memory);
  written.add(scanner);
}

function writePairs(memory: Uint8Array): void {
  for (let first = 0; first < 256; first += 1)
    for (let second = 0; second < 256; second += 1) {
      const plain = second < 128 && PLAIN[second] !== 0;
      const letters = String.fromCharCode(first, second);
      const said = !plain || ODD_PAIRS.includes(letters) ? ODD : letters.endsWith('=') ? VALUE : 0;
      memory[PAIRS + (first << 8) + second] = said;
    }
}

function writeWords(memory: Uint8Array): void {
  const words = [...PLAIN_WORDS.map((word): [string, number] => [word, ANY]), ...DOOR_WORDS.map((word): [string, number] => [word, POSTED])];
  const groups = new Map<string, [string, number][]>();
  for (const [word, bits] of words) {
    const triple = rarest(word);
    groups.set(triple, [...(groups.get(triple) ?? []), [word, bits]]);
  }
  const numbers = new Int32Array(memory.buffer, memory.byteOffset);
  let offset = 4 * GROUP_WORDS;
  [...groups].forEach(([triple, members], index) => {
    memory[TRIPLES + placeOf(triple)] = index + 1;
    numbers[(WORDS >> 2) + index + 1] = offset;
    for (const [word, bits] of members) {
      numbers.set([bits, triplesOf(word).indexOf(triple), word.length], (WORDS + offset) >> 2);
      for (let at = 0; at < word.length; at += 1) memory[WORDS + offset + 12 + at] = word.charCodeAt(at);
      offset += 12 + ((word.length + 3) & ~3);
    }
    // A length of 0 ends the group.
    offset += 12;
  });
  if (groups.size > GROUPS_AT_MOST || WORDS + offset > HEADERS) throw new Error('the table of words is too small');
}

/** The three letters of a word that stand least often beside each other, so that little is compared. What agrees in five bits is the same. */
function rarest(word: string): string {
  const rarity = (triple: string) => [...triple].reduce((sum, letter) => sum + rank(letter), 0);
  return triplesOf(word).reduce((best, triple) => (rarity(triple) > rarity(best) ? triple : best));
}

/** In five bits, as the table of triples has them. */
function triplesOf(word: string): string[] {
  const folded = [...word].map((letter) => String.fromCharCode((letter.charCodeAt(0) & 31) | 96)).join('');
  return Array.from({ length: word.length - 2 }, (_, at) => folded.slice(at, at + 3));
}

function placeOf(triple: string): number {
  return [...triple].reduce((sum, letter) => ((sum << LETTER_BITS) | (letter.charCodeAt(0) & 31)) & TRIPLE_MASK, 0);
}

function rank(letter: string): number {
  const at = FREQUENT.indexOf(letter);
  return at < 0 ? FREQUENT.length : at;
}
