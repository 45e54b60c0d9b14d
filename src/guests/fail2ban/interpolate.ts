/** Fills in `%(x)s`, `%(known/x)s`, `%(section/x)s` and `%(default/x)s` in values of a configuration. */

import type { Place } from './definition.ts';
import { ConfigFault, REFERENCES_AT_MOST, VALUE_CHARACTERS_AT_MOST } from './files.ts';
import type { RawValue, Section } from './ini.ts';

export interface Sections {
  readonly defaults: Section;
  readonly sections: ReadonlyMap<string, Section>;
}

export type Given = Readonly<Record<string, string>>;

export interface Filled {
  readonly value: string;
  readonly place: Place;
}

/** As deep as Python's configparser follows references. */
const DEPTH_AT_MOST = 10;
/** Names are bounded, so that a value full of openings is not searched to its end for each. */
const SECTION_REFERENCE = /%\(([\w-]{1,200})\/([^)]{1,200})\)s/g;
const GIVEN_BY_JAIL: Place = { file: '', line: 0 };

/** The value of an option, filled in; null when neither the section, nor the defaults, nor what was `given` has it. Throws ConfigFault. */
export function optionOf(all: Sections, section: string, option: string, given: Given): Filled | null {
  const own = section === 'DEFAULT' ? all.defaults : all.sections.get(section);
  if (own === undefined) return null;
  const layers = [loweredKeys(given), own, all.defaults];
  const raw = find(layers, option.toLowerCase());
  if (raw === undefined) return null;
  if (!raw.value.includes('%')) return raw;
  const filling = new Filling(all, section, option, raw.place);
  filling.fill(raw.value, layers, 1);
  return { value: filling.text, place: raw.place };
}

/** A part of an option's value, filled in as the whole would be. */
export function partFilled(all: Sections, section: string, option: string, part: string, given: Given): string {
  const own = all.sections.get(section) ?? new Map();
  const filling = new Filling(all, section, option, own.get(option)?.place ?? GIVEN_BY_JAIL);
  filling.fill(part, [loweredKeys(given), own, all.defaults], 1);
  return filling.text;
}

/** As `optionOf`, but an option named `section/x`, `known/x` or `default/x` is first sought there. */
export function optionAnywhere(all: Sections, section: string, option: string, given: Given): Filled | null {
  const parts = /^([\w-]+)\/([^\s>]+)$/.exec(option);
  if (parts !== null) {
    const [, where = '', name = ''] = parts;
    const lower = where.toLowerCase();
    const places = lower === 'known' ? [`KNOWN/${section}`, section] : [lower === 'default' ? 'DEFAULT' : where];
    for (const place of places) {
      const got = optionOf(all, place, name, {});
      if (got !== null) return got;
    }
  }
  return optionOf(all, section, option, given);
}

function loweredKeys(given: Given): Section {
  const layer: Section = new Map();
  for (const [key, value] of Object.entries(given)) layer.set(key.toLowerCase(), { value, place: GIVEN_BY_JAIL, lines: [] });
  return layer;
}

function find(layers: readonly Section[], key: string): RawValue | undefined {
  for (const layer of layers) {
    const raw = layer.get(key);
    if (raw !== undefined) return raw;
  }
  return undefined;
}

/** One value being filled in; counts what it has cost. */
class Filling {
  text = '';
  #references = 0;
  readonly #all: Sections;
  readonly #section: string;
  readonly #option: string;
  readonly #place: Place;

  constructor(all: Sections, section: string, option: string, place: Place) {
    this.#all = all;
    this.#section = section;
    this.#option = option;
    this.#place = place;
  }

  fill(value: string, outer: readonly Section[], depth: number): void {
    if (depth > DEPTH_AT_MOST) throw this.#fault(`refers to others more than ${DEPTH_AT_MOST} deep`);
    const layers = [this.#sectionReferences(value, outer), ...outer];
    for (let at = 0; at < value.length; ) {
      const percent = value.indexOf('%', at);
      this.#write(value.slice(at, percent < 0 ? value.length : percent));
      if (percent < 0) return;
      if (value[percent + 1] === '%') {
        this.#write('%');
        at = percent + 2;
        continue;
      }
      at = this.#reference(value, percent, layers, depth);
    }
  }

  /** Fills in the reference at `percent`; gives where the text goes on. */
  #reference(value: string, percent: number, layers: readonly Section[], depth: number): number {
    const close = value[percent + 1] === '(' ? value.indexOf(')', percent) : -1;
    if (close < percent + 3 || value[close + 1] !== 's') throw this.#fault('has a "%" that is neither "%%" nor "%(option)s"');
    const key = value.slice(percent + 2, close).toLowerCase();
    const raw = find(layers, key);
    if (raw === undefined) throw this.#fault(`refers to "${key}", which is nowhere set`);
    if (++this.#references > REFERENCES_AT_MOST) throw this.#fault(`refers to others more than ${REFERENCES_AT_MOST} times`);
    if (raw.value.includes('%')) this.fill(raw.value, layers, depth + 1);
    else this.#write(raw.value);
    return close + 2;
  }

  #write(text: string): void {
    this.text += text;
    if (this.text.length > VALUE_CHARACTERS_AT_MOST) throw this.#fault(`is longer than ${VALUE_CHARACTERS_AT_MOST} characters once filled in`);
  }

  /** What `%(section/x)s` means in this value, and `%(__name__)s`. */
  #sectionReferences(value: string, outer: readonly Section[]): Section {
    const layer: Section = new Map();
    layer.set('__name__', { value: this.#section, place: this.#place, lines: [] });
    if (!value.includes('/')) return layer;
    for (const [, where = '', name = ''] of value.matchAll(SECTION_REFERENCE)) {
      const key = `${where}/${name}`;
      if (find(outer, key) !== undefined) continue;
      const raw = this.#inSection(where, name);
      if (raw !== undefined) layer.set(key, raw);
    }
    return layer;
  }

  /** Sections that are not there give nothing; an option that is not in its section is sought in the defaults. */
  #inSection(where: string, name: string): RawValue | undefined {
    const lower = where.toLowerCase();
    if (lower === 'default') return this.#all.defaults.get(name);
    if (lower === 'known') return this.#all.sections.get(`KNOWN/${this.#section}`)?.get(name) ?? this.#all.defaults.get(name);
    const section = this.#all.sections.get(where);
    return section && (section.get(name) ?? this.#all.defaults.get(name));
  }

  #fault(says: string): ConfigFault {
    return new ConfigFault(this.#place, this.#option, says);
  }
}
