/** The list of those whom a jail spares: addresses, networks and names as written, and lists in files (`file:/etc/…`) read in. */

import type { Place, Trouble } from './definition.ts';
import type { GuestFiles } from './files.ts';

const WORDS = /[ ,\n\t]+/;
/** A list from a file is bounded like the options of a file. */
const WORDS_AT_MOST = 10_000;

export interface Spared {
  readonly words: readonly string[];
  readonly troubles: readonly Trouble[];
}

export function sparedIn(text: string, files: GuestFiles, place: Place): Spared {
  const troubles: Trouble[] = [];
  const words: string[] = [];
  const trouble = (says: string) => troubles.push({ place, option: 'ignoreip', says, weight: 'partly' });
  for (const word of text.split(WORDS)) {
    if (word === '') continue;
    if (!/^file:/i.test(word)) {
      words.push(word);
      continue;
    }
    const path = word.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
    const content = files.read(path);
    if (content === null) trouble(`the list ${path} could not be read: nobody on it is spared`);
    else words.push(...listed(content));
  }
  if (words.length > WORDS_AT_MOST) trouble(`more than ${WORDS_AT_MOST} entries: the rest is not spared`);
  return { words: words.slice(0, WORDS_AT_MOST), troubles };
}

/** Comments start with `#` or `;`, at a line's start or after a blank. */
function listed(content: string): string[] {
  return content.split(/\r?\n/).flatMap((line) => {
    const cut = line.search(/(?:^|\s)[#;]/);
    return (cut < 0 ? line : line.slice(0, cut)).split(WORDS).filter((word) => word !== '');
  });
}
