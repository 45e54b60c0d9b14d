/**
 * Our own engine for patterns that could stall JavaScript's: it tries the same ways in the same order, but remembers
 * for each choice and position that it failed there, so that no way is gone twice (the BitState of RE2 does this too).
 * Where the memory would lie (back references) a budget of steps ends the search instead.
 */

import { BITS_AT_MOST, stepBudget, TEXT_AT_MOST } from './budget.ts';
import { unitsIn } from './charset.ts';
import { type Firsts, findFirsts, mayStart } from './first.ts';
import { inPlace, insidePair, sameText, stepBack, unitAt } from './places.ts';
import { Marks, Stack } from './scratch.ts';
import { LOOK_BEHIND, LOOK_GROUPS, LOOK_NEGATIVE, LOOK_WIDTH_SHIFT, OP, type Program, startsAnchored } from './steps.ts';

/** Registers of a match (two per group), null, or the word that the budget is used up. */
export type Outcome = Int32Array | null | 'over-budget';

const OVER = -2;
const NONE = -1;
const marks = new Marks();
const stack = new Stack();

export class Machine {
  readonly program: Program;
  private readonly firsts: Firsts;
  private readonly registers: Int32Array;
  private readonly anchored: boolean;
  private text = '';
  private at = 0;
  private limit = 0;
  /** Marks set inside side programs, to be taken back when these succeed; null outside. */
  private sideMarks: number[] | null = null;
  /** Steps of the last search. */
  steps = 0;

  constructor(program: Program) {
    this.program = program;
    this.firsts = findFirsts(program);
    this.registers = new Int32Array(program.registers);
    this.anchored = startsAnchored(program);
  }

  search(text: string, from: number): Outcome {
    this.steps = 0;
    if (text.length > TEXT_AT_MOST) return 'over-budget';
    const bits = this.program.slots * (text.length + 1);
    if (bits > BITS_AT_MOST) return 'over-budget';
    if (this.program.remembers) marks.clear(bits);
    stack.reset();
    this.text = text;
    this.limit = stepBudget(this.program.remembers, text.length);
    const last = this.anchored ? 0 : text.length;
    for (let start = from; start <= last; start++) {
      if (insidePair(text, start)) continue;
      if (++this.steps > this.limit) return 'over-budget';
      if (!mayStart(this.firsts, 0, unitAt(text, start))) continue;
      this.registers.fill(-1);
      stack.top = 0;
      this.sideMarks = null;
      const end = this.run(0, start);
      if (end === NONE) continue;
      if (end === OVER) return 'over-budget';
      this.registers[0] = start;
      this.registers[1] = end;
      return this.registers;
    }
    return null;
  }

  /** Marks a choice at a position; true when it was there already. */
  private seen(step: number, at: number): boolean {
    if (!this.program.remembers) return false;
    let slot = this.program.slot[step] ?? 0;
    const rounds = this.program.rounds[step];
    if (rounds !== undefined) for (let i = 0; i < rounds.length; i++) if (this.registers[rounds[i] ?? 0] === at) slot += 1 << i;
    for (const group of this.program.conditions) slot = slot * 2 + ((this.registers[group * 2 + 1] ?? -1) >= 0 ? 1 : 0);
    const bit = slot * (this.text.length + 1) + at;
    if (marks.mark(bit)) return true;
    if (this.sideMarks !== null) this.sideMarks.push(bit);
    return false;
  }

  /** Sets a register so that going back restores it; restoring entries are negative. */
  private save(register: number, value: number): void {
    stack.push(~register, this.registers[register] ?? -1);
    this.registers[register] = value;
  }

  /** Goes from a step and position to the end of the (side) program; the end position, NONE or OVER. */
  private run(entry: number, from: number): number {
    const base = stack.top;
    let step = entry;
    this.at = from;
    for (;;) {
      if (++this.steps > this.limit || stack.full) return this.exhausted();
      if (this.program.op[step] === OP.END) return this.at;
      step = this.perform(step);
      if (step >= 0) continue;
      if (step === OVER) return OVER;
      step = this.goBack(base);
      if (step < 0) return NONE;
    }
  }

  /** The budget is used up, by steps or by open ways. */
  private exhausted(): number {
    this.steps = this.limit + 1;
    return OVER;
  }

  /** Takes back what was done since the last choice that has another way; its step, or NONE. */
  private goBack(base: number): number {
    while (stack.top > base) {
      stack.top -= 2;
      const step = stack.at(stack.top);
      const value = stack.at(stack.top + 1);
      if (step >= 0) {
        this.at = value;
        return step;
      }
      this.registers[~step] = value;
    }
    return NONE;
  }

  /** Does one step; the next one, NONE where it fails, or OVER. */
  private perform(step: number): number {
    const { op, x, y } = this.program;
    const a = x[step] ?? 0;
    switch (op[step]) {
      case OP.CHAR:
        if (unitAt(this.text, this.at) !== a) return NONE;
        this.at++;
        return step + 1;
      case OP.SET: {
        const size = unitsIn(this.program.sets[a], this.text, this.at);
        this.at += size;
        return size > 0 ? step + 1 : NONE;
      }
      case OP.JUMP:
        return a;
      case OP.SPLIT:
        return this.split(step, a, y[step] ?? 0);
      case OP.SAVE:
        this.save(a, this.at);
        return step + 1;
      case OP.RUN:
        return this.greedyRun(step, a, y[step] ?? 0);
      case OP.LAZY_RUN:
        return this.lazyRun(step, a, y[step] ?? 0);
      case OP.AT:
        return inPlace(this.text, this.at, a, y[step] === 1) ? step + 1 : NONE;
      default:
        return this.seldom(step, a, y[step] ?? 0);
    }
  }

  private seldom(step: number, a: number, b: number): number {
    switch (this.program.op[step]) {
      case OP.LOOK:
        return this.look(step, a, b);
      case OP.ATOMIC:
        return this.side(step, this.at, true) ? a : this.steps > this.limit ? OVER : NONE;
      case OP.BACK:
        return this.again(a, b === 1) ? step + 1 : NONE;
      case OP.COND:
        return (this.registers[a * 2 + 1] ?? -1) >= 0 ? step + 1 : b;
      case OP.ROUND:
        return this.registers[a] === this.at ? b : step + 1;
      default:
        return NONE;
    }
  }

  private split(step: number, first: number, second: number): number {
    if (this.seen(step, this.at)) return NONE;
    const code = unitAt(this.text, this.at);
    if (!mayStart(this.firsts, first, code)) return mayStart(this.firsts, second, code) ? second : NONE;
    if (mayStart(this.firsts, second, code)) stack.push(second, this.at);
    return first;
  }

  private greedyRun(step: number, set: number, exit: number): number {
    for (;;) {
      if (this.seen(step, this.at)) return NONE;
      if (++this.steps > this.limit) return OVER;
      const size = unitsIn(this.program.sets[set], this.text, this.at);
      if (size === 0) return exit;
      if (mayStart(this.firsts, exit, this.text.charCodeAt(this.at))) stack.push(exit, this.at);
      this.at += size;
    }
  }

  private lazyRun(step: number, set: number, exit: number): number {
    for (;;) {
      if (this.seen(step, this.at)) return NONE;
      if (++this.steps > this.limit) return OVER;
      const size = unitsIn(this.program.sets[set], this.text, this.at);
      if (size === 0) return exit;
      const here = this.at;
      this.at += size;
      if (!mayStart(this.firsts, exit, this.text.charCodeAt(here))) continue;
      // the run goes on behind this character when the rest fails from here
      stack.push(step, this.at);
      this.at = here;
      return exit;
    }
  }

  /** Runs the side program behind a step; when it ends, its open choices are dropped and its groups kept or taken back. */
  private side(step: number, from: number, keep: boolean): boolean {
    const outer = this.sideMarks;
    const own: number[] = [];
    this.sideMarks = own;
    const base = stack.top;
    const end = this.run(step + 1, from);
    this.sideMarks = outer;
    if (end < 0) return false;
    // marks on the way that succeeded are no failures
    for (const bit of own) marks.unmark(bit);
    if (keep) stack.keepRestores(base);
    else this.dropAll(base);
    return true;
  }

  private dropAll(base: number): void {
    while (this.goBack(base) !== NONE);
  }

  private look(step: number, over: number, how: number): number {
    const at = this.at;
    const from = how & LOOK_BEHIND ? stepBack(this.text, at, how >> LOOK_WIDTH_SHIFT) : at;
    const negative = (how & LOOK_NEGATIVE) !== 0;
    const held = from >= 0 && this.side(step, from, !negative && (how & LOOK_GROUPS) !== 0);
    if (this.steps > this.limit) return OVER;
    this.at = at;
    return held !== negative ? over : NONE;
  }

  /** The text of a group once more; a group that took no part fails. */
  private again(group: number, fold: boolean): boolean {
    const start = this.registers[group * 2] ?? -1;
    const end = this.registers[group * 2 + 1] ?? -1;
    if (start < 0 || end < start) return false;
    if (this.at + end - start > this.text.length) return false;
    this.steps += (end - start) >> 3;
    if (!sameText(this.text, start, this.at, end - start, fold)) return false;
    this.at += end - start;
    return true;
  }
}
