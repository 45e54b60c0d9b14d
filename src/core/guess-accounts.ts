/** Account names as rows of the book of guesses. The innermost loop's own table of names says most of them by a place: its last text there is known. */

import type { Forgetting } from './guess-forgetting.ts';
import type { GuessTables } from './guess-tables.ts';

/** useradd allows 32 characters, directories more; what is longer was never an account. */
const NAME_CHARACTERS = 256;
/** As many as the loop has (src/scan/names.ts). */
const PLACES = 16_384;

export class AccountNames {
  readonly #tables: GuessTables;
  readonly #forgetting: Forgetting;
  readonly #texts = new Array<string | null>(PLACES).fill(null);
  readonly #rows = new Int32Array(PLACES);
  /** The row of tries of which no name was told. */
  readonly nobody: number;

  constructor(tables: GuessTables, forgetting: Forgetting) {
    this.#tables = tables;
    this.#forgetting = forgetting;
    this.nobody = tables.newAccount('');
  }

  /** `place` is negative where the loop did not say it. */
  rowOf(called: string, place: number): number {
    if (place >= 0 && this.#texts[place] === called) return this.#rows[place] ?? this.nobody;
    const text = called.length > NAME_CHARACTERS ? called.slice(0, NAME_CHARACTERS) : called;
    const row = this.#tables.accountOf.get(text) ?? this.#newRow(text);
    if (place >= 0) {
      this.#texts[place] = called;
      this.#rows[place] = row;
    }
    return row;
  }

  #newRow(text: string): number {
    if (this.#forgetting.makeRoomForAccount(this.nobody)) this.#texts.fill(null);
    return this.#tables.newAccount(text);
  }
}
