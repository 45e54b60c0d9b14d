/** A shell line taken apart into commands and their words, without running or expanding anything. */

/** Signs that end a command outside quotes. */
const ENDS = new Set([';', '|', '&', '(', ')', '`', '\n']);

/** Commands of one line, each as its words with quotes taken off; a `#` at the start of a word ends the line. Linear in its length. */
export function commandsOf(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  let quote = '';
  const endWord = (): void => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
      else word = (word ?? '') + sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (sign === '\\') {
      at += 1;
      word = (word ?? '') + (text[at] ?? '');
    } else if (ENDS.has(sign)) endCommand();
    else if (sign === ' ' || sign === '\t') endWord();
    else if (sign === '#' && word === null) break;
    else word = (word ?? '') + sign;
  }
  endCommand();
  return commands;
}
