/**
 * Whoever is at the other end, as a number: an IPv4 address is its own, other addresses are numbered from 2^32 upwards, names of hosts from -2
 * downwards. Numbers are compared and looked up where there are millions of lines; texts are for people.
 */

import { addressOf } from './peer.ts';

const FIRST_OF_OTHERS = 2 ** 32;
const FIRST_NAME = -2;
/** Whoever writes the log chooses what stands there. */
const OTHERS_AT_MOST = 200_000;
const ZERO = 48;
const POINT = 46;

/** An event of a log line that the innermost loop has read: its numbers, where a text would have to be made first. */
export interface Numbered {
  /** IPv4 as 32 bits, not negative. */
  readonly peer?: number;
  /** Place of the account in the table of names. */
  readonly place?: number;
}

export class Peers {
  readonly #numbers = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  #next = FIRST_OF_OTHERS;
  #nextName = FIRST_NAME;

  numberOf(ip: string): number {
    const four = numberOfFour(ip);
    if (four >= 0) return four;
    const old = this.#numbers.get(ip);
    if (old !== undefined) return old;
    const number = addressOf(ip) === null ? this.#nextName : this.#next;
    if (number < 0) this.#nextName -= 1;
    else this.#next += 1;
    this.#numbers.set(ip, number);
    this.#texts.set(number, ip);
    return number;
  }

  textOf(number: number): string {
    return this.#texts.get(number) ?? textOfFour(number);
  }

  /** Is it time to forget those that nobody has any more? */
  get full(): boolean {
    return this.#numbers.size >= OTHERS_AT_MOST;
  }

  /** A number is never given twice. */
  keep(numbers: ReadonlySet<number>): void {
    for (const [text, number] of this.#numbers) {
      if (numbers.has(number)) continue;
      this.#numbers.delete(text);
      this.#texts.delete(number);
    }
  }
}

export function isHostName(peer: number): boolean {
  return peer < 0;
}

/** Four numbers of 0 to 255 without leading zeroes; -1 where it is no such text. */
function numberOfFour(ip: string): number {
  let sum = 0;
  let byte = -1;
  let points = 0;
  for (let at = 0; at < ip.length; at += 1) {
    const code = ip.charCodeAt(at);
    if (code === POINT && byte >= 0 && points < 3) {
      sum = 256 * sum + byte;
      byte = -1;
      points += 1;
    } else if (code >= ZERO && code <= ZERO + 9 && byte !== 0) {
      byte = (byte < 0 ? 0 : 10 * byte) + code - ZERO;
      if (byte > 255) return -1;
    } else return -1;
  }
  return points === 3 && byte >= 0 ? 256 * sum + byte : -1;
}

export function textOfFour(number: number): string {
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}
