/** Where a message may begin in a line that names no program: behind stamps, levels, threads and classes, which differ with every application. */

import type { Headed } from './line-form.ts';

const PREAMBLE_CHARACTERS = 160;
const CUTS_AT_MOST = 12;
/** Stamps, levels, threads and classes: nothing in front of the message that a visitor could have sent. */
const PREAMBLE = /^[\w\s:.,()[\]{}|#/+-]*$/;

/** Where the message may begin behind what an application writes before it: the whole, and what follows each separator. */
export function cuts(message: string): string[] {
  const texts = [message];
  for (const found of message.slice(0, PREAMBLE_CHARACTERS).matchAll(/(?: - |\] {1,2}|(?<=[A-Z]): {1,2}|(?<=[A-Z]{4}) )/g)) {
    const end = found.index + found[0].length;
    if (texts.length >= CUTS_AT_MOST || !PREAMBLE.test(message.slice(0, end))) break;
    texts.push(message.slice(end));
  }
  return texts;
}

/** What may be the message where host and tag are none. */
export function tails({ line }: Headed): string[] {
  const head = line.raw.length - line.message.length;
  const before = line.raw.slice(0, head);
  const host = line.host === '' ? -1 : before.lastIndexOf(`${line.host} `);
  return [line.message, ...(host < 0 ? [] : [line.raw.slice(host)])];
}
