/**
 * One search through a line for the needles of many filters: two letters at a time are looked up in a table, and only where a needle has
 * these two is anything compared. Case is not looked at: it may name a filter too many, never one too few.
 */

import { foldForNeedles } from '../../regex/pattern.ts';

const ASCII = 128;
/** Letters in the order of how often they stand in logs, the most frequent first: a needle is looked up by its rarest two. */
const FREQUENT = ' eotainsrd0c1l2mu.p:fh3g[]b5-=4y/w6v7(8)9k_,';

interface Needle {
  readonly text: string;
  /** Where its two letters stand in it. */
  readonly offset: number;
  readonly filters: number[];
}

const FOLDED = Uint8Array.from({ length: ASCII }, (_, code) => String.fromCharCode(code).toLowerCase().charCodeAt(0));

export class NeedleSearch {
  /** By two folded letters: 0, or a group's number. */
  readonly #pairs = new Uint16Array(ASCII * ASCII);
  readonly #groups: (readonly Needle[])[] = [[]];
  /** For each filter the search that found it last. */
  readonly #found: Uint32Array;
  #number = 0;

  /** Needles of each filter, two letters at least. */
  constructor(needles: readonly (readonly string[])[]) {
    this.#found = new Uint32Array(needles.length);
    const known = new Map<string, Needle>();
    needles.forEach((texts, filter) => {
      for (const written of texts) {
        const text = written.toLowerCase();
        const needle = known.get(text) ?? { text, offset: rarestPair(text), filters: [] };
        known.set(text, needle);
        needle.filters.push(filter);
      }
    });
    for (const needle of known.values()) this.#add(needle);
  }

  #add(needle: Needle): void {
    const pair = needle.text.charCodeAt(needle.offset) * ASCII + needle.text.charCodeAt(needle.offset + 1);
    const group = this.#pairs[pair] ?? 0;
    if (group === 0) this.#pairs[pair] = this.#groups.push([needle]) - 1;
    else this.#groups[group] = [...(this.#groups[group] ?? []), needle];
  }

  /** Filters of which a needle stands in the line, each once, put into `into` from its beginning; how many. */
  search(line: string, into: Uint16Array): number {
    if (++this.#number > 0xffff_fff0) {
      this.#found.fill(0);
      this.#number = 1;
    }
    const pairs = this.#pairs;
    let count = 0;
    let before = 0;
    for (let at = 0; at < line.length; at++) {
      const code = line.charCodeAt(at);
      // Some letters beyond ASCII count as one of it.
      if (code >= ASCII) return this.#beyond(line, into);
      const letter = FOLDED[code] ?? 0;
      const group = pairs[before * ASCII + letter] ?? 0;
      before = letter;
      if (group !== 0) count = this.#compare(group, line, at - 1, into, count);
    }
    return count;
  }

  #beyond(line: string, into: Uint16Array): number {
    const plain = foldForNeedles(line).replace(/[^\x00-\x7f]/g, '\x00');
    return this.search(plain, into);
  }

  #compare(group: number, line: string, at: number, into: Uint16Array, count: number): number {
    let found = count;
    for (const needle of this.#groups[group] ?? []) {
      if (!isAt(line, at - needle.offset, needle.text)) continue;
      for (const filter of needle.filters) {
        if (this.#found[filter] === this.#number) continue;
        this.#found[filter] = this.#number;
        into[found] = filter;
        found += 1;
      }
    }
    return found;
  }
}

function isAt(line: string, from: number, text: string): boolean {
  if (from < 0 || from + text.length > line.length) return false;
  for (let i = 0; i < text.length; i++) if (FOLDED[line.charCodeAt(from + i)] !== text.charCodeAt(i)) return false;
  return true;
}

function rarestPair(text: string): number {
  let best = 0;
  let most = -1;
  for (let at = 0; at + 1 < text.length; at++) {
    const rarity = rank(text.charAt(at)) + rank(text.charAt(at + 1));
    if (rarity > most) {
      most = rarity;
      best = at;
    }
  }
  return best;
}

function rank(letter: string): number {
  const place = FREQUENT.indexOf(letter);
  return place < 0 ? FREQUENT.length : place;
}
