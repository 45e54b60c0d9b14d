/** Whether the rounds of a repeat can be told apart by their next character alone (Glushkov's construction, made into a loop). */

import { type Node, some, widthOf } from './ast.ts';
import { ANY_CHAR, type CharSet, mayOverlap } from './charset.ts';

/** Larger bodies are not looked through. */
const PLACES_AT_MOST = 400;

interface Shape {
  readonly empty: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

export interface Rounds {
  /** At most one way goes on for each next character. */
  readonly clear: boolean;
  /** What may go on after a full round: the next round, or more of this one. */
  readonly goesOn: readonly CharSet[];
  /** When not clear: ways that one round can be gone in at most; Infinity when that depends on the text. */
  readonly ways: number;
}

class Places {
  readonly sets: CharSet[] = [];
  /** With repetition: the same place reached in two ways is two ways. */
  readonly follow: number[][] = [];
  /** Places that may be taken several times in a row, with how often. */
  readonly runs: (readonly [number, number])[] = [];

  add(set: CharSet): Shape {
    const place = this.sets.push(set) - 1;
    this.follow.push([]);
    return { empty: false, first: [place], last: [place] };
  }

  link(from: readonly number[], to: readonly number[]): void {
    for (const place of from) this.follow[place]?.push(...to);
  }
}

const NOTHING: Shape = { empty: true, first: [], last: [] };

function shapeOf(node: Node, places: Places): Shape {
  switch (node.kind) {
    case 'set':
      return places.add(node.set);
    case 'at':
    case 'look':
      return NOTHING;
    case 'cat':
      return node.items.reduce<Shape>((done, item) => {
        const shape = shapeOf(item, places);
        places.link(done.last, shape.first);
        return {
          empty: done.empty && shape.empty,
          first: done.empty ? [...done.first, ...shape.first] : done.first,
          last: shape.empty ? [...done.last, ...shape.last] : shape.last,
        };
      }, NOTHING);
    case 'alt':
    case 'cond': {
      const shapes = (node.kind === 'alt' ? node.branches : [node.yes, node.no]).map((branch) => shapeOf(branch, places));
      return { empty: shapes.some((s) => s.empty), first: shapes.flatMap((s) => s.first), last: shapes.flatMap((s) => s.last) };
    }
    case 'repeat': {
      const shape = shapeOf(node.body, places);
      if (node.max > 1) places.link(shape.last, shape.first);
      if (node.max > 1 && node.body.kind === 'set') places.runs.push([shape.first[0] ?? 0, node.max]);
      return node.min === 0 ? { ...shape, empty: true } : shape;
    }
    case 'back': {
      const shape = places.add(ANY_CHAR);
      places.link(shape.last, shape.first);
      return { ...shape, empty: true };
    }
    default:
      return shapeOf(node.body, places);
  }
}

/** How many of these may go on with the same character. */
function alike(sets: readonly CharSet[]): number {
  return Math.max(1, ...sets.map((a) => sets.filter((b) => a === b || mayOverlap(a, b)).length));
}

/** Ways to pass a part without taking a character beyond the first: no next character tells these apart. */
function emptyTwice(node: Node): boolean {
  return some(node, (part) => {
    if (part.kind === 'repeat') return part.min === 0 && widthOf(part.body)[0] === 0;
    return part.kind === 'alt' && part.branches.filter((branch) => widthOf(branch)[0] === 0).length > 1;
  });
}

const UNCLEAR: Rounds = { clear: false, goesOn: [ANY_CHAR], ways: Number.POSITIVE_INFINITY };

/** Looks at a body as if it were repeated without end. */
export function roundsOf(body: Node): Rounds {
  const places = new Places();
  const shape = shapeOf(body, places);
  const setsOf = (numbers: Iterable<number>) => [...numbers].map((number) => places.sets[number] ?? ANY_CHAR);
  if (places.sets.length > PLACES_AT_MOST || some(body, (part) => part.kind === 'back')) return UNCLEAR;
  places.link(shape.last, shape.first);
  const goesOn = setsOf(new Set(shape.last.flatMap((place) => places.follow[place] ?? [])));
  const after = places.follow.map((next) => alike(setsOf(next)));
  const choices = [alike(setsOf(shape.first)), ...after, ...places.runs.map(([place, most]) => ((after[place] ?? 1) > 1 ? most : 1))];
  const uncountable = shape.empty || emptyTwice(body);
  // inside an inner loop a choice comes back as often as the text likes
  const loops = some(body, (part) => part.kind === 'repeat' && part.max > 1 && part.body.kind !== 'set');
  const ways = uncountable || loops ? Number.POSITIVE_INFINITY : choices.reduce((product, one) => product * one, 1);
  return { clear: !uncountable && choices.every((one) => one === 1), goesOn, ways };
}
