/** Turns a pattern into a small program for the bounded engine: a list of steps, repeats written out, one memory slot per choice. */

import { type Node, partsOf, some, widthOf } from './ast.ts';
import type { CharSet } from './charset.ts';
import { LOOK_BEHIND, LOOK_GROUPS, LOOK_NEGATIVE, LOOK_WIDTH_SHIFT, OP, PLACES, type Program } from './steps.ts';

/** Groups asked for by conditions: more are searched without memory. */
const CONDITIONS_AT_MOST = 6;
/** Rounds that may be empty, one in the other: deeper ones are searched without memory. */
const ROUNDS_AT_MOST = 6;

/** A pattern that grows beyond this when its repeats are written out is refused. */
export const STEPS_AT_MOST = 20_000;

class Writer {
  readonly op: number[] = [];
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly slot: number[] = [];
  readonly sets: CharSet[] = [];
  readonly rounds: (readonly number[] | undefined)[] = [];
  openRounds: readonly number[] = [];
  deepest = 0;
  slots = 0;
  registers = 0;

  add(op: number, x = 0, y = 0): number {
    if (this.op.length >= STEPS_AT_MOST) throw new TooLarge();
    const choice = op === OP.SPLIT || op === OP.RUN || op === OP.LAZY_RUN;
    this.slot.push(choice ? this.slots : -1);
    if (choice) this.slots += 2 ** this.openRounds.length;
    this.rounds.push(this.openRounds.length === 0 ? undefined : this.openRounds);
    this.op.push(op);
    this.x.push(x);
    return this.y.push(y) - 1;
  }

  get here(): number {
    return this.op.length;
  }

  setOf(set: CharSet): number {
    const known = this.sets.indexOf(set);
    return known >= 0 ? known : this.sets.push(set) - 1;
  }
}

class TooLarge extends Error {}

function askedGroups(node: Node, into = new Set<number>()): Set<number> {
  if (node.kind === 'cond') into.add(node.group);
  for (const part of partsOf(node)) askedGroups(part, into);
  return into;
}

/** Null when the pattern is too large. */
export function makeProgram(root: Node, groups: number): Program | null {
  const writer = new Writer();
  const conditions = [...askedGroups(root)];
  writer.registers = groups * 2;
  try {
    emit(root, writer);
    writer.add(OP.END);
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
  return {
    op: Int32Array.from(writer.op),
    x: Int32Array.from(writer.x),
    y: Int32Array.from(writer.y),
    slot: Int32Array.from(writer.slot),
    slots: writer.slots * 2 ** conditions.length,
    conditions,
    rounds: writer.rounds,
    sets: writer.sets,
    registers: writer.registers,
    remembers: writer.deepest <= ROUNDS_AT_MOST && conditions.length <= CONDITIONS_AT_MOST && !some(root, (part) => part.kind === 'back'),
  };
}

function emit(node: Node, writer: Writer): void {
  switch (node.kind) {
    case 'set': {
      const unit = singleUnit(node.set);
      writer.add(unit === null ? OP.SET : OP.CHAR, unit ?? writer.setOf(node.set));
      return;
    }
    case 'cat':
      for (const item of node.items) emit(item, writer);
      return;
    case 'alt':
      emitAlternatives(node.branches, writer);
      return;
    case 'group':
      writer.add(OP.SAVE, node.index * 2);
      emit(node.body, writer);
      writer.add(OP.SAVE, node.index * 2 + 1);
      return;
    case 'repeat':
      emitRepeat(node, writer);
      return;
    case 'look': {
      const groups = some(node.body, (part) => part.kind === 'group') ? LOOK_GROUPS : 0;
      const how = (node.negative ? LOOK_NEGATIVE : 0) | (node.ahead ? 0 : LOOK_BEHIND) | groups | (node.width << LOOK_WIDTH_SHIFT);
      emitSide(OP.LOOK, node.body, how, writer);
      return;
    }
    case 'atomic':
      emitSide(OP.ATOMIC, node.body, 0, writer);
      return;
    case 'back':
      writer.add(OP.BACK, node.group, node.fold ? 1 : 0);
      return;
    case 'at':
      writer.add(OP.AT, PLACES.indexOf(node.place), node.ascii ? 1 : 0);
      return;
    case 'cond': {
      const condition = writer.add(OP.COND, node.group);
      emit(node.yes, writer);
      const over = writer.add(OP.JUMP);
      writer.y[condition] = writer.here;
      emit(node.no, writer);
      writer.x[over] = writer.here;
    }
  }
}

/** The UTF-16 unit of a set of one character below U+D800. */
function singleUnit(set: CharSet): number | null {
  const only = set.ranges[0];
  if (set.negated || set.classes.length > 0 || set.ranges.length !== 1 || only === undefined) return null;
  return only[0] === only[1] && only[0] < 0xd800 ? only[0] : null;
}

function emitAlternatives(branches: readonly Node[], writer: Writer): void {
  if (branches.length === 0) writer.add(OP.FAIL);
  const ends: number[] = [];
  branches.forEach((branch, i) => {
    const last = i === branches.length - 1;
    const split = last ? -1 : writer.add(OP.SPLIT, writer.here + 1);
    emit(branch, writer);
    if (last) return;
    ends.push(writer.add(OP.JUMP));
    writer.y[split] = writer.here;
  });
  for (const end of ends) writer.x[end] = writer.here;
}

function emitSide(op: number, body: Node, how: number, writer: Writer): void {
  const side = writer.add(op, 0, how);
  emit(body, writer);
  writer.add(OP.END);
  writer.x[side] = writer.here;
}

function emitRepeat(node: Node & { kind: 'repeat' }, writer: Writer): void {
  if (node.greed === 'possessive') {
    emitSide(OP.ATOMIC, { ...node, greed: 'greedy' }, 0, writer);
    return;
  }
  const lazy = node.greed === 'lazy';
  const [low, high] = widthOf(node.body);
  // rounds that take no character change nothing after the first
  const min = high === 0 ? Math.min(node.min, 1) : node.min;
  const max = high === 0 ? Math.min(node.max, min + 1) : node.max;
  for (let i = 0; i < min; i++) emit(node.body, writer);
  if (max !== Number.POSITIVE_INFINITY) emitOptional(node.body, max - min, lazy, low === 0, writer);
  else if (node.body.kind === 'set') {
    const run = writer.add(lazy ? OP.LAZY_RUN : OP.RUN, writer.setOf(node.body.set));
    writer.y[run] = writer.here;
  } else emitLoop(node.body, lazy, low === 0, writer);
}

function emitLoop(body: Node, lazy: boolean, mayBeEmpty: boolean, writer: Writer): void {
  const split = writer.add(OP.SPLIT);
  const round = emitRound(body, mayBeEmpty, writer);
  writer.add(OP.JUMP, split);
  aim(writer, split, lazy);
  if (round >= 0) writer.y[round] = writer.here;
}

/** One round; the step to be told where an empty one leaves to, or -1. */
function emitRound(body: Node, mayBeEmpty: boolean, writer: Writer): number {
  if (!mayBeEmpty) {
    emit(body, writer);
    return -1;
  }
  const register = writer.registers++;
  const outer = writer.openRounds;
  writer.add(OP.SAVE, register);
  writer.openRounds = [...outer, register];
  writer.deepest = Math.max(writer.deepest, writer.openRounds.length);
  emit(body, writer);
  writer.openRounds = outer;
  return writer.add(OP.ROUND, register);
}

function aim(writer: Writer, split: number, lazy: boolean): void {
  writer.x[split] = lazy ? writer.here : split + 1;
  writer.y[split] = lazy ? split + 1 : writer.here;
}

function emitOptional(body: Node, times: number, lazy: boolean, mayBeEmpty: boolean, writer: Writer): void {
  const splits: number[] = [];
  const rounds: number[] = [];
  for (let i = 0; i < times; i++) {
    splits.push(writer.add(OP.SPLIT));
    rounds.push(emitRound(body, mayBeEmpty && times > 1, writer));
  }
  for (const split of splits) aim(writer, split, lazy);
  for (const round of rounds) if (round >= 0) writer.y[round] = writer.here;
}
