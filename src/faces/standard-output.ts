/** Writes to standard output, whole before the program ends; a reader that went away is no fault, a full disk is told in a sentence. */

import * as fs from 'node:fs';
import { UserError } from '../core/errors.ts';

/** A piece may be a few letters: they are written in lots. */
const LOT_CHARACTERS = 1 << 18;

export function writeInTurn(pieces: Iterable<string>): void {
  let lot = '';
  for (const piece of pieces) {
    lot += piece;
    if (lot.length < LOT_CHARACTERS) continue;
    writeAll(lot);
    lot = '';
  }
  writeAll(`${lot}\n`);
}

/** Synchronous, so that nothing is cut off when the process ends. Throws UserError. */
export function writeAll(text: string, fd = 1): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(fd, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EPIPE') return;
      if (code === 'EAGAIN') continue;
      throw new UserError(
        `standard output cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        'Make room, or send the report elsewhere.',
      );
    }
  }
}
