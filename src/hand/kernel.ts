/** Keeps the kernel's table as the book says: changes in one transaction each, asked back afterwards, and all of it laid anew when it was lost. */

import { type Net, netOf, overlap } from '../core/nets.ts';
import type { Book } from './book.ts';
import type { Nft, Tallies } from './nft.ts';
import { Spreads } from './spreads.ts';
import {
  AGAIN,
  declaration,
  elementOf,
  emptying,
  familyOf,
  flushSets,
  forget,
  rangeText,
  type SetName,
  SPREAD_SETS,
  setOf,
  statement,
  TABLE,
  tail,
  turnSet,
  witnesses,
} from './table.ts';
import { type Act, type Clock, type Held, type Kind, keyOf } from './words.ts';

/** What ends sooner than this may be gone before it is asked for. */
const ASKED_FROM_MS = 3000;
/** Lifted addresses that keep sending may be marked again while they are lifted: so often it is looked. */
const LIFTS_AT_MOST = 4;
const SOME = 1000;

interface Change {
  readonly kind: Kind;
  readonly net: Net;
  readonly set: SetName;
  /** What the kernel has now: nothing, something without an end, or something with one. */
  readonly had: 'nothing' | 'lasting' | 'timed';
  readonly held: Held | null;
}

export class Kernel {
  readonly #nft: Nft;
  readonly #book: Book;
  readonly #clock: Clock;
  readonly #lingerS: number;
  readonly #renews: boolean;
  readonly #spreads: Spreads;

  /** `renews`: can `add` renew the time of an element that is there? (Linux 6.12) */
  constructor(nft: Nft, book: Book, clock: Clock, { lingerS, renews }: { readonly lingerS: number; readonly renews: boolean }) {
    this.#nft = nft;
    this.#book = book;
    this.#clock = clock;
    this.#lingerS = lingerS;
    this.#renews = renews;
    this.#spreads = new Spreads(nft, book, clock);
  }

  /** Lays the whole table in one transaction, from nothing or over what is there; null when it stands, else why not. */
  async lay(tallies: Tallies): Promise<string | null> {
    const put = new Elements();
    for (const held of this.#book.all()) {
      const set = setOf(held.kind, held.net);
      if (SPREAD_SETS.includes(set) || !this.#book.lives(held)) continue;
      const element = elementOf(held.net);
      put.push(set, element + tail(this.#left(held), tallies.get(set)?.get(element) ?? null));
    }
    const spreads = SPREAD_SETS.map((set) => ({ set, parts: this.#spreads.wanted(set) }));
    const laid = spreads.map(({ set, parts }) => this.#spreads.text(set, parts, tallies));
    const script = `${declaration(this.#lingerS)}${flushSets}${witnesses}${put.said('add')}${laid.join('')}`;
    let ran = await this.#nft.change(script, turnSet);
    // A table of another form: its sets cannot be declared anew, so it is replaced.
    if (!ran.ok) ran = await this.#nft.change(script, `add table ${TABLE}\n${forget}${turnSet}`);
    if (!ran.ok) return ran.fault;
    for (const { set, parts } of spreads) this.#spreads.laid(set, parts);
    return this.lost();
  }

  /** Asks the kernel for every single thing that should be there; null when it has it all. */
  async lost(): Promise<string | null> {
    if (!(await this.#nft.intact())) return 'the table is not as it was laid';
    const wanted = new Elements();
    for (const held of this.#book.all()) {
      const set = setOf(held.kind, held.net);
      if (!SPREAD_SETS.includes(set) && this.#lasts(held)) wanted.push(set, elementOf(held.net));
    }
    for (const set of SPREAD_SETS) for (const part of this.#spreads.lasting(set, ASKED_FROM_MS)) wanted.push(set, rangeText(familyOf(set), part));
    const answer = await this.#nft.ask(wanted.said('delete'));
    return answer.ok ? null : `the kernel lacks what should be there (${answer.fault})`;
  }

  /** Carries out acts that the book already has; null when the kernel has them, else why not. */
  async change(acts: readonly Act[]): Promise<string | null> {
    const changes = this.#changesOf(acts);
    const put = new Elements();
    const clear = new Elements();
    const emptied = new Set<SetName>();
    for (const { set, net, kind, had, held } of changes) {
      if (SPREAD_SETS.includes(set)) continue;
      if (!this.#book.hasAny(kind, net)) {
        emptied.add(set);
        continue;
      }
      const renewed = this.#renews && had === 'timed' && held !== null && held.endsAt !== null;
      if (had !== 'nothing' && !renewed) clear.push(set, elementOf(net));
      if (held) put.push(set, elementOf(net) + tail(this.#left(held), null));
    }
    const sets = SPREAD_SETS.filter((set) => changes.some((change) => change.set === set));
    const spreads = await Promise.all(sets.map((set) => this.#spreads.change(set)));
    const lifted = changes.filter((change) => change.held === null && change.kind === 'ban').map((change) => change.net);
    const rest = [...[...emptied].map(emptying), put.said('add'), ...spreads.map((one) => one.text), await this.#quiet(lifted)].join('');
    let ran = await this.#nft.change(clear.said('delete') + rest);
    // What the kernel has let go a moment ago cannot be deleted, and would undo the whole transaction.
    if (!ran.ok) ran = await this.#nft.change(clear.cleared() + rest);
    if (!ran.ok) return ran.fault;
    for (const { set, parts } of spreads) this.#spreads.laid(set, parts);
    await this.#quieten(lifted);
    return this.#missing(changes);
  }

  #changesOf(acts: readonly Act[]): Change[] {
    const first = new Map<string, Act>();
    for (const act of acts) if (!first.has(keyOf(act.kind, act.net))) first.set(keyOf(act.kind, act.net), act);
    return [...first.values()].flatMap(({ kind, net: text, was }): Change[] => {
      const net = netOf(text);
      if (typeof net === 'string') return [];
      const had = was === null ? 'nothing' : was.untilMs === null ? 'lasting' : 'timed';
      return [{ kind, net, set: setOf(kind, net), had, held: this.#book.get(kind, text) }];
    });
  }

  #left(held: Held): number | null {
    return held.endsAt === null ? null : held.endsAt - this.#clock.steady();
  }

  #lasts(held: Held): boolean {
    return (this.#left(held) ?? Number.POSITIVE_INFINITY) > ASKED_FROM_MS;
  }

  /** Ends what the packet path holds of lifted addresses, also what it took up while they were lifted. */
  async #quieten(lifted: readonly Net[]): Promise<void> {
    for (let times = 0; lifted.length > 0 && times < LIFTS_AT_MOST; times += 1) {
      const rest = await this.#quiet(lifted);
      if (rest === '') return;
      await this.#nft.change(rest);
    }
  }

  async #quiet(lifted: readonly Net[]): Promise<string> {
    if (lifted.length === 0) return '';
    const single = new Set(lifted.filter((net) => net.first === net.last).map(elementOf));
    const wide = lifted.filter((net) => net.first !== net.last);
    const held = new Elements();
    for (const [set, elements] of await this.#nft.tallies(AGAIN)) {
      for (const ip of elements.keys()) {
        const net = netOf(ip);
        if (typeof net === 'string' || !(single.has(ip) || wide.some((one) => overlap(one, net)))) continue;
        if (this.#book.touching('ban', net).length === 0) held.push(set, ip);
      }
    }
    return held.cleared();
  }

  /** Asks the kernel for what was changed: is what was put there, and what was taken gone? */
  async #missing(changes: readonly Change[]): Promise<string | null> {
    const put = new Elements();
    const gone = new Elements();
    for (const { set, net, kind, held } of changes) {
      if (SPREAD_SETS.includes(set)) continue;
      if (held === null) {
        // All of a set goes by one word, and then some of it stand for the rest.
        if (this.#book.hasAny(kind, net) || gone.count < SOME) gone.push(set, elementOf(net));
      } else if (this.#lasts(held)) put.push(set, elementOf(net));
    }
    for (const set of SPREAD_SETS.filter((one) => changes.some((change) => change.set === one))) {
      for (const part of this.#spreads.lasting(set, ASKED_FROM_MS)) put.push(set, rangeText(familyOf(set), part));
    }
    const asked = await this.#nft.ask(put.said('delete') + gone.said('create'));
    return asked.ok ? null : `the kernel was asked afterwards and has it otherwise (${asked.fault})`;
  }
}

/** Elements by set, on their way into statements. */
class Elements {
  readonly #bySet = new Map<string, string[]>();
  count = 0;

  push(set: string, element: string): void {
    this.count += 1;
    const list = this.#bySet.get(set);
    if (list) list.push(element);
    else this.#bySet.set(set, [element]);
  }

  said(verb: 'add' | 'delete' | 'create'): string {
    return [...this.#bySet].map(([set, elements]) => statement(verb, set, elements)).join('');
  }

  /** Added and deleted, so that an element which the kernel has just let go does not undo the whole transaction. */
  cleared(): string {
    const brief = [...this.#bySet].map(([set, elements]) =>
      statement(
        'add',
        set,
        elements.map((element) => `${element} timeout 1s`),
      ),
    );
    return brief.join('') + this.said('delete');
  }
}
