/** Reads all jails: jail.conf, jail.d/*.conf, jail.local, jail.d/*.local, with the filter of each and what its actions mean here. */

import { type Call, callOf } from './calls.ts';
import type { FilterDefinition, JailDefinition, Place, Trouble } from './definition.ts';
import { ConfigFault, type GuestFiles } from './files.ts';
import { definitionOf, missing, refusedFilter, troubleOf } from './filter-reader.ts';
import { FILTER_OPTIONS, FilterReading } from './filter-reading.ts';
import { type Configuration, IniShelf, readConfiguration } from './includes.ts';
import type { RawValue, Section } from './ini.ts';
import { type Given, optionOf, type Sections } from './interpolate.ts';
import { JailWords } from './jail-words.ts';

export interface JailsRead {
  readonly jails: readonly JailDefinition[];
  /** Of the files as a whole: lines that could not be read, includes in circles. */
  readonly troubles: readonly Trouble[];
  /** In the order in which they were read; empty when there is no jail.conf or the like. */
  readonly files: readonly string[];
}

/** What fail2ban asks a jail for before the filter is read, and after. */
const ASKED = [
  ...['enabled', 'backend', 'filter', 'maxretry', 'maxmatches', 'findtime', 'bantime', 'bantime.increment', 'bantime.factor'],
  ...['bantime.formula', 'bantime.multipliers', 'bantime.maxtime', 'bantime.rndtime', 'bantime.overalljails', 'ignorecommand'],
  ...['ignoreself', 'ignoreip', 'ignorecache', 'logtimezone', 'logencoding', 'logpath', 'action', ...FILTER_OPTIONS],
];
const DEFAULTS: Given = { enabled: 'false', backend: 'auto', filter: '', action: '' };
const TRUE = /^(?:1|on|true|yes)$/i;
/** Only the word that actions tell others as their version depends on it. */
const VERSION = '1.0.2';

/** `directory` is fail2ban's, as `/etc/fail2ban`. */
export function readJails(files: GuestFiles, directory: string, shelf = new IniShelf(files)): JailsRead {
  const all = readConfiguration(shelf, `${directory}/jail`);
  for (const [option, value] of [
    ['fail2ban_version', VERSION],
    ['fail2ban_confpath', directory],
  ] as const)
    all.defaults.set(option, { value, place: { file: directory, line: 0 }, lines: [] });
  const names = [...all.sections.keys()].filter((name) => name !== 'INCLUDES' && !name.startsWith('KNOWN/'));
  const jails = names.map((name) => {
    const section = all.sections.get(name) ?? new Map();
    // What the filter knows is put into a copy, so that no jail sees what another's filter says.
    const own: Section = new Map(section);
    all.sections.set(name, own);
    const jail = new JailReading(shelf, directory, all, name, own).read();
    all.sections.set(name, section);
    return jail;
  });
  return { jails, troubles: all.troubles, files: all.files };
}

class JailReading {
  readonly #shelf: IniShelf;
  readonly #directory: string;
  readonly #name: string;
  readonly #own: Section;
  readonly #all: Sections;
  readonly #place: Place;

  constructor(shelf: IniShelf, directory: string, all: Configuration, name: string, own: Section) {
    this.#shelf = shelf;
    this.#directory = directory;
    this.#name = name;
    this.#own = own;
    this.#all = all;
    this.#place = this.#own.values().next().value?.place ?? { file: all.files.at(-1) ?? '', line: 1 };
  }

  read(): JailDefinition {
    try {
      return this.#readWhole();
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      return this.#words({}, null, [troubleOf(error, this.#place)]);
    }
  }

  #readWhole(): JailDefinition {
    const first = this.#ask(['enabled', 'backend', 'filter']);
    const call = callOf(first['filter'] ?? '');
    if ('says' in call) return this.#words(this.#ask(ASKED), null, [this.#refused('filter', this.#noFilter(first, call.says))]);
    const filter = new FilterReading(this.#shelf, this.#directory, call.name, call.options);
    if (!filter.there) return this.#withoutFilter(call);
    const backend = first['backend'] ?? 'auto';
    filter.chooseLogtype(backend);
    this.#remember(filter.ask(first, true));
    const options = this.#ask(ASKED);
    return this.#words(
      options,
      definitionOf(filter, call.options, filter.ask(options, false), options, (option) => this.#placeOf(option)),
      [],
    );
  }

  #noFilter(options: Given, says: string): string {
    return options['filter'] === '' ? 'the jail names no filter' : `the filter's name cannot be read: ${says}`;
  }

  #withoutFilter(call: Call): JailDefinition {
    const { name, options } = call;
    const several = name.includes('\n') ? this.#refused('filter', 'a jail can have one filter only') : missing(this.#directory, name);
    return this.#words(this.#ask(ASKED), refusedFilter(name, options, several), []);
  }

  /** What the filter says becomes `%(known/x)s` in the jail. */
  #remember(combined: ReadonlyMap<string, string>): void {
    for (const [option, value] of combined) {
      const raw: RawValue = { value, place: this.#place, lines: [] };
      if (!option.startsWith('known/')) this.#own.set(`known/${option}`, raw);
    }
  }

  #ask(options: readonly string[]): Given {
    const found: Record<string, string> = Object.create(null);
    for (const option of options) {
      const value = optionOf(this.#all, this.#name, option, {})?.value ?? DEFAULTS[option];
      if (value !== undefined) found[option] = converted(option, value);
    }
    return found;
  }

  #refused(option: string, says: string): Trouble {
    return { place: this.#placeOf(option), option, says, weight: 'refused' };
  }

  #placeOf(option: string): Place {
    return (this.#own.get(option) ?? this.#all.defaults.get(option))?.place ?? this.#place;
  }

  #words(options: Given, filter: FilterDefinition | null, troubles: readonly Trouble[]): JailDefinition {
    const other = (option: string): string => {
      try {
        return optionOf(this.#all, this.#name, option, {})?.value ?? '';
      } catch (error) {
        if (error instanceof ConfigFault) return '';
        throw error;
      }
    };
    const given = 'enabled' in options ? options : { ...options, enabled: other('enabled') };
    const words = new JailWords(given, (option) => this.#placeOf(option), this.#shelf.files, this.#directory);
    return words.jail({ name: this.#name, place: this.#place, filter, port: other('port'), protocol: other('protocol') }, troubles);
  }
}

/** As fail2ban hands them on to the filter, where `%(enabled)s` could name them. */
function converted(option: string, value: string): string {
  if (!['enabled', 'bantime.increment', 'bantime.overalljails', 'ignoreself'].includes(option)) return value;
  return TRUE.test(value) ? 'True' : 'False';
}
