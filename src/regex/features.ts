/** What a text looks like in few numbers, so that one proof that a pattern is safe holds for all lines that look no worse. */

/** ASCII characters that stand in it, as four words of bits, and how often or how long at most. */
export interface Features {
  readonly present: Int32Array;
  length: number;
  /** Longest run of blanks, longest run without a space. */
  gap: number;
  word: number;
  spaces: number;
  /** Of any one letter or digit; of any other character but blanks. */
  letters: number;
  marks: number;
  /** IPv6 addresses are made of these: each is a choice to the expressions that look for one. */
  colons: number;
}

const ROOM = 1.25;

export function emptyFeatures(): Features {
  return { present: new Int32Array(4), length: 0, gap: 0, word: 0, spaces: 0, letters: 0, marks: 0, colons: 0 };
}

export function within(text: Features, most: Features): boolean {
  return (
    text.length <= most.length &&
    text.gap <= most.gap &&
    text.word <= most.word &&
    text.spaces <= most.spaces &&
    text.letters <= most.letters &&
    text.marks <= most.marks &&
    text.colons <= most.colons &&
    ((text.present[0] ?? 0) & ~(most.present[0] ?? 0)) === 0 &&
    ((text.present[1] ?? 0) & ~(most.present[1] ?? 0)) === 0 &&
    ((text.present[2] ?? 0) & ~(most.present[2] ?? 0)) === 0 &&
    ((text.present[3] ?? 0) & ~(most.present[3] ?? 0)) === 0
  );
}

/** Both together, with room for lines that are a little worse: by a quarter. */
export function together(text: Features, most: Features): Features {
  return {
    present: text.present.map((word, i) => word | (most.present[i] ?? 0)),
    length: roomy(text.length, most.length),
    gap: Math.max(text.gap, most.gap),
    word: roomy(text.word, most.word),
    spaces: roomy(text.spaces, most.spaces),
    letters: roomy(text.letters, most.letters),
    marks: roomy(text.marks, most.marks),
    colons: Math.max(text.colons, most.colons),
  };
}

function roomy(text: number, most: number): number {
  return text <= most ? most : Math.ceil(text * ROOM);
}
