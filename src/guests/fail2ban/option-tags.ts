/** Fills in `<option>` in values, also nested as `<mdre-<mode>>`; tags that no option is named after (`<HOST>`, `<F-USER>`) stay for the matcher. */

import type { Place } from './definition.ts';
import { ConfigFault, REFERENCES_AT_MOST, VALUE_CHARACTERS_AT_MOST } from './files.ts';

/** As often as fail2ban puts one option into one value before it takes it for an endless loop. */
const SAME_TAG_AT_MOST = 25;
/** Tags in tags in tags: sshd's own filter needs three rounds. */
const ROUNDS_AT_MOST = 50;
/** Characters written while one set of options is filled in; sshd's own filter writes 0.3 million. */
const WRITTEN_AT_MOST = 1 << 25;
const TAG = /<([^ <>]{1,500})>/g;
const CONDITIONAL_OPTION = /^(\w+)\?.+$/;

export type Sought = (option: string) => string | null;

/** `options` in their order, each with every option named in it filled in; `elsewhere` is asked for those that are not among them. */
export function withTagsFilled(options: ReadonlyMap<string, string>, elsewhere: Sought, place: Place): Map<string, string> {
  return new TagFilling(options, elsewhere, place).run();
}

/** One text that is no option, by options that are filled in already. */
export function textWithTagsFilled(text: string, options: ReadonlyMap<string, string>, elsewhere: Sought, place: Place): string {
  return new TagFilling(options, elsewhere, place).text(text);
}

class TagFilling {
  readonly #values: Map<string, string>;
  readonly #elsewhere: Sought;
  readonly #place: Place;
  /** Options that have a form for one address family are filled in when they are used. */
  readonly #left: ReadonlySet<string>;
  readonly #finished = new Set<string>();
  readonly #counts = new Map<string, Map<string, number>>();
  #references = 0;
  #written = 0;

  constructor(options: ReadonlyMap<string, string>, elsewhere: Sought, place: Place) {
    this.#values = new Map(options);
    this.#elsewhere = elsewhere;
    this.#place = place;
    this.#left = new Set([...options.keys()].flatMap((name) => CONDITIONAL_OPTION.exec(name)?.[1] ?? []));
  }

  /** Again and again, since filling in an inner tag can make an outer one. */
  run(): Map<string, string> {
    let again = true;
    for (let round = 0; again; round++) {
      again = false;
      if (round === ROUNDS_AT_MOST) throw this.#fault('', `tags stand in tags more than ${ROUNDS_AT_MOST} deep`);
      for (const [option, before] of this.#values) {
        if (this.#left.has(option) || this.#finished.has(option)) continue;
        const after = this.#fill(option, before);
        if (after !== before) {
          this.#values.set(option, after);
          if (hasTag(after)) again = true;
        }
        if (!after.includes('<')) this.#finished.add(option);
      }
    }
    return this.#values;
  }

  text(before: string): string {
    for (let value = before; ; ) {
      const after = this.#fill('', value);
      if (after === value) return value;
      value = after;
    }
  }

  #fill(option: string, before: string): string {
    const counts = this.#counts.get(option) ?? new Map<string, number>();
    this.#counts.set(option, counts);
    let value = before;
    for (let at = 0; ; ) {
      TAG.lastIndex = at;
      const found = TAG.exec(value);
      if (found === null) return value;
      const tag = found[1] ?? '';
      const filler = this.#left.has(tag) ? null : this.#filler(option, tag, counts);
      if (filler === null) {
        at = found.index + found[0].length;
        continue;
      }
      value = value.replaceAll(found[0], () => filler);
      this.#written += value.length;
      if (value.length > VALUE_CHARACTERS_AT_MOST || this.#written > WRITTEN_AT_MOST)
        throw this.#fault(option, `is longer than ${VALUE_CHARACTERS_AT_MOST} characters once filled in`);
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
      at = found.index;
    }
  }

  #filler(option: string, tag: string, counts: ReadonlyMap<string, number>): string | null {
    if (tag === option || (counts.get(tag) ?? 1) > SAME_TAG_AT_MOST) throw this.#fault(option, `refers to itself by <${tag}>`);
    const filler = this.#values.get(tag) ?? this.#elsewhere(tag);
    if (filler !== null && ++this.#references > REFERENCES_AT_MOST)
      throw this.#fault(option, `refers to others more than ${REFERENCES_AT_MOST} times`);
    return filler;
  }

  #fault(option: string, says: string): ConfigFault {
    return new ConfigFault(this.#place, option, says);
  }
}

function hasTag(value: string): boolean {
  TAG.lastIndex = 0;
  return TAG.test(value);
}
