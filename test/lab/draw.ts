/** Draws the dressing of a story by a seed: the same seed gives the same names, addresses and counts. */

import { seedOfRun } from '../seed.ts';

export class Draw {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed | 0;
  }

  /** mulberry32: from 0 up to, but not including, 1. */
  chance(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.chance() * (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    const one = list[this.between(0, list.length - 1)];
    if (one === undefined) throw new Error('nothing to draw from');
    return one;
  }

  /** `count` different ones. */
  some<T>(list: readonly T[], count: number): T[] {
    const left = [...list];
    return Array.from({ length: Math.min(count, list.length) }, () => {
      const one = this.pick(left);
      left.splice(left.indexOf(one), 1);
      return one;
    });
  }

  /** A pronounceable name of letters that means nothing. */
  word(syllables = 2): string {
    return Array.from({ length: syllables }, () => `${this.pick([...'bdfgklmnprstvz'])}${this.pick([...'aeiou'])}`).join('');
  }

  /** An address of a network given by its first two or three bytes: `198.18`, `192.0.2`. */
  address(network: string): string {
    const given = network.split('.').map(Number);
    const drawn = Array.from({ length: 4 - given.length }, (_, at) => (at === 3 - given.length ? this.between(10, 250) : this.between(0, 250)));
    return [...given, ...drawn].join('.');
  }
}

/** The seed of this run; each dressing of a story takes its own from it. */
export const labSeed = seedOfRun;

export function dressingSeeds(story: string, count: number): number[] {
  const salt = [...story].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  return Array.from({ length: count }, (_, at) => Math.abs(Math.imul(labSeed + at, 0x9e3779b1) ^ salt) % 1_000_000_000);
}
