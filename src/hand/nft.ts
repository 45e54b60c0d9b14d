/** Speaks to the kernel through nft: whole transactions, questions that change nothing, and single sets read back. */

import { found, type Ran, run } from './programs.ts';
import { AGAIN, askChains, askWitnesses, bracket, SETS, TABLE, type Tally } from './table.ts';
import { TALK_AT_MOST, Talk } from './talk.ts';

/** Turns are numbers of 32 bits; the first is drawn, so that those of a hand that was killed are not taken for ours. */
const TURNS = 0x7fff_fff0;
const OURS_AT_MOST = 1000;

/** Counters by element as nft writes it, set by set. */
export type Tallies = ReadonlyMap<string, ReadonlyMap<string, Tally>>;

export class Nft {
  readonly #find: () => string | null;
  readonly #talk: Talk;
  #turn: number;
  /** Turns that were given out here. */
  readonly ours = new Set<number>();

  constructor(firstTurn: number, find: () => string | null = () => found('nft')) {
    this.#turn = (firstTurn % TURNS) + 1;
    this.#find = find;
    this.#talk = new Talk(find);
  }

  /** Null where nft is installed, else what to do about it. */
  missing(): string | null {
    return this.#find() === null
      ? 'nft was not found: install the package "nftables", or see that it belongs to root and nobody else may write it'
      : null;
  }

  get program(): string | null {
    return this.#find();
  }

  /** All of it or nothing, marked with a turn so that the watch knows it for ours. */
  async change(script: string, preface = ''): Promise<Ran> {
    this.#turn = (this.#turn + 2) % TURNS;
    const turn = this.#turn;
    this.ours.add(turn);
    // Nobody may be listening.
    const [oldest] = this.ours;
    if (this.ours.size > OURS_AT_MOST && oldest !== undefined) this.ours.delete(oldest);
    const { open, close } = bracket(turn);
    const whole = `${preface}${open}${script}${close}`;
    const said = preface === '' && whole.length <= TALK_AT_MOST ? await this.#talk.say(whole) : null;
    const ran = said ?? (await this.#run(['-f', '-'], whole));
    if (!ran.ok) this.ours.delete(turn);
    return ran;
  }

  end(): void {
    this.#talk.end();
  }

  /** Would the kernel take it? Nothing changes. */
  ask(script: string): Promise<Ran> {
    return this.#run(['-c', '-f', '-'], script);
  }

  /** Are table, sets, hook and rules where they were put? Elements are asked for one by one elsewhere. */
  async intact(): Promise<boolean> {
    if (!(await this.ask(askWitnesses)).ok) return false;
    for (const question of askChains) if ((await this.ask(question)).ok) return false;
    return true;
  }

  /** The whole table at once: nft reads all of it for each single set too. */
  async tallies(sets: readonly string[] = [...SETS, ...AGAIN]): Promise<Tallies> {
    const { out } = await this.#run(['-n', 'list', 'table', ...TABLE.split(' ')], '');
    return new Map(sets.map((set) => [set, talliesIn(setIn(out, set))]));
  }

  #run(words: readonly string[], input: string): Promise<Ran> {
    const program = this.#find();
    return program === null ? Promise.resolve({ ok: false, out: '', fault: this.missing() ?? '' }) : run(program, words, input);
  }
}

/** What `nft list table` writes of one set. */
export function setIn(table: string, set: string): string {
  const start = table.indexOf(`\n\tset ${set} {\n`);
  const end = table.indexOf('\n\t}', start);
  return start < 0 ? '' : table.slice(start, end < 0 ? undefined : end);
}

/** The elements of one set as `nft list set` writes them; those without a counter count nothing. */
export function talliesIn(text: string): Map<string, Tally> {
  const found = new Map<string, Tally>();
  const start = text.indexOf('elements = {');
  if (start < 0) return found;
  const element = /([\da-f.:]+(?:[-/][\da-f.:]+)?)(?: counter packets (\d+) bytes (\d+))?[^,}]*[,}]/g;
  element.lastIndex = start + 'elements = {'.length;
  for (let match = element.exec(text); match !== null; match = element.exec(text)) {
    if (match[1] !== undefined) found.set(match[1], { packets: Number(match[2] ?? 0), bytes: Number(match[3] ?? 0) });
  }
  return found;
}
