/** A filter while it is read: its files put together, the options that were chosen for it, and what they make of each other. */

import type { Place } from './definition.ts';
import { type Configuration, type IniShelf, readConfiguration } from './includes.ts';
import type { RawValue } from './ini.ts';
import { type Filled, type Given, optionAnywhere, optionOf, partFilled } from './interpolate.ts';
import { textWithTagsFilled, withTagsFilled } from './option-tags.ts';

/** What fail2ban itself asks a filter for. */
export const FILTER_OPTIONS = ['usedns', 'prefregex', 'ignoreregex', 'failregex', 'maxlines', 'datepattern', 'journalmatch'] as const;

/** A filter while a jail is read: fail2ban asks it twice, before and after the jail's own options are known. */
export class FilterReading {
  readonly name: string;
  readonly all: Configuration;
  /** Options in brackets, then those of `[Init]`. */
  readonly #chosen: Map<string, string>;
  readonly #inBrackets: ReadonlySet<string>;
  readonly #found = new Map<string, string | null>();
  readonly #own = new Map<string, Filled>();
  #given: Given = {};

  constructor(shelf: IniShelf, directory: string, name: string, options: Given) {
    this.name = name;
    this.all = readConfiguration(shelf, `${directory}/filter.d/${name}`);
    this.#chosen = new Map(Object.entries(options));
    this.#inBrackets = new Set(this.#chosen.keys());
  }

  get there(): boolean {
    return this.all.files.length > 0;
  }

  get place(): Place {
    const file = this.all.files.findLast((path) => path.endsWith(`/${this.name}.conf`)) ?? this.all.files[0] ?? '';
    return { file, line: 1 };
  }

  /** Log lines come from files or from the journal, unless the filter says itself which. */
  chooseLogtype(backend: string): void {
    if (!this.#chosen.get('logtype') && !this.all.sections.get('Definition')?.has('logtype'))
      this.#chosen.set('logtype', backend.startsWith('systemd') ? 'journal' : 'file');
  }

  /** `given` comes from the jail and counts more than the filter's own. With `everything` also what fail2ban does not ask for. */
  ask(given: Given, everything: boolean): Map<string, string> {
    const jailAndChosen: Record<string, string> = Object.assign(Object.create(null), given, Object.fromEntries(this.#chosen));
    this.#given = jailAndChosen;
    this.#own.clear();
    for (const option of FILTER_OPTIONS) if (!Object.hasOwn(jailAndChosen, option)) this.#take(option, jailAndChosen);
    this.#takeInit();
    if (everything) for (const option of this.all.sections.get('Definition')?.keys() ?? []) if (!this.#own.has(option)) this.#take(option, {});
    return this.#combined();
  }

  #take(option: string, given: Given): void {
    const filled = optionOf(this.all, 'Definition', option, given);
    if (filled !== null) this.#own.set(option, filled);
  }

  #takeInit(): void {
    for (const option of this.all.sections.get('Init')?.keys() ?? []) {
      if (option.startsWith('known/') && this.#chosen.has(option)) continue;
      const value = optionOf(this.all, 'Init', option, {})?.value ?? '';
      if (!option.startsWith('known/')) this.#chosen.set(`known/${option}`, value);
      if (!this.#chosen.has(option)) this.#chosen.set(option, value);
    }
  }

  #combined(): Map<string, string> {
    const options = new Map<string, string>();
    for (const [option, filled] of this.#own) options.set(option, filled.value);
    for (const [option, value] of this.#chosen) options.set(option, value);
    return withTagsFilled(options, (option) => this.#elsewhere(option), this.place);
  }

  /** Remembered from the first time on, as fail2ban does. */
  #elsewhere(option: string): string | null {
    const known = this.#found.get(option);
    if (known !== undefined) return known;
    const value = optionAnywhere(this.all, 'Definition', option, this.#given)?.value ?? null;
    this.#found.set(option, value);
    return value;
  }

  /** An option as the files have it; null when it was chosen in brackets. */
  rawOf(option: string): RawValue | null {
    if (this.#inBrackets.has(option)) return null;
    return this.all.sections.get('Definition')?.get(option) ?? this.all.sections.get('Init')?.get(option) ?? this.all.defaults.get(option) ?? null;
  }

  placeOf(option: string): Place {
    return this.rawOf(option)?.place ?? this.place;
  }

  /** A part of an option's value, with everything filled in as in the whole. */
  filled(option: string, part: string, combined: ReadonlyMap<string, string>): string {
    const references = partFilled(this.all, 'Definition', option, part, this.#given);
    return textWithTagsFilled(references, combined, (name) => this.#elsewhere(name), this.place);
  }
}
