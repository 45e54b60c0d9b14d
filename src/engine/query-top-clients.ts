/** The few client networks that ask most for one domain, with one address of each: four places a domain, the weakest of which a newcomer takes over. */

import { clientText, networkText } from '../core/query-client.ts';
import type { QueriedDomain } from '../core/words.ts';

const PLACES = 4;
const WORDS = 4;

/**
 * Space-saving (Metwally 2005): a newcomer takes the count of whom he drives out, so that a network that makes up a quarter of the queries
 * is always there, and its count is too high by at most a quarter of the others'.
 */
export class TopClients {
  readonly #hashes: Int32Array;
  readonly #counts: Uint32Array;
  /** What of the count is certain: since the network took its place. */
  readonly #sure: Uint32Array;
  readonly #addresses: Int32Array;
  readonly #six: Uint8Array;

  constructor(capacity: number) {
    this.#hashes = new Int32Array(capacity * PLACES);
    this.#counts = new Uint32Array(capacity * PLACES);
    this.#sure = new Uint32Array(capacity * PLACES);
    this.#addresses = new Int32Array(capacity * PLACES * WORDS);
    this.#six = new Uint8Array(capacity * PLACES);
  }

  clear(record: number): void {
    this.#counts.fill(0, record * PLACES, (record + 1) * PLACES);
    this.#sure.fill(0, record * PLACES, (record + 1) * PLACES);
  }

  /** Had it a place already? */
  hear(record: number, words: Int32Array, six: boolean, networkHash: number): boolean {
    let weakest = record * PLACES;
    let least = 0xffff_ffff;
    const last = weakest + PLACES;
    // A record's places are inside the arrays.
    for (let place = weakest; place < last; place += 1) {
      const count = this.#counts[place] as number;
      if (count > 0 && this.#hashes[place] === networkHash) {
        this.#counts[place] = count + 1;
        this.#sure[place] = (this.#sure[place] as number) + 1;
        return true;
      }
      if (count < least) {
        least = count;
        weakest = place;
      }
    }
    this.#counts[weakest] = least + 1;
    this.#sure[weakest] = 1;
    this.#hashes[weakest] = networkHash;
    this.#six[weakest] = six ? 1 : 0;
    for (let word = 0; word < WORDS; word += 1) this.#addresses[weakest * WORDS + word] = words[word] as number; // four words
    return false;
  }

  /** Those that asked more than once since they have their place, most queries first. */
  told(record: number): QueriedDomain['askers'] {
    return [0, 1, 2, 3]
      .map((place) => record * PLACES + place)
      .filter((place) => (this.#sure[place] ?? 0) > 1)
      .sort((a, b) => (this.#sure[b] ?? 0) - (this.#sure[a] ?? 0))
      .map((place) => {
        const words = this.#addresses.subarray(place * WORDS, (place + 1) * WORDS);
        const six = this.#six[place] === 1;
        const [high = 0, low = 0, , four = 0] = words;
        return { ip: clientText(six, words), network: networkText(six, high, six ? low : four), queries: this.#sure[place] ?? 0 };
      });
  }
}
