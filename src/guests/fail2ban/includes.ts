/** Puts a configuration together from its files, in fail2ban's order: NAME.conf, NAME.d/*.conf, NAME.local, NAME.d/*.local, each with its includes. */

import type { Trouble } from './definition.ts';
import { ConfigFault, FILES_AT_MOST, type GuestFiles, INCLUDE_DEPTH_AT_MOST } from './files.ts';
import { type IniFile, readIni, type Section } from './ini.ts';
import { optionOf } from './interpolate.ts';

/** All files as one. `KNOWN/x` sections hold what a later file has replaced in section x. */
export interface Configuration {
  readonly defaults: Section;
  readonly sections: Map<string, Section>;
  /** In the order in which they were read. */
  readonly files: readonly string[];
  readonly troubles: readonly Trouble[];
}

/** `[Init?family=inet6]`: its options become `x?family=inet6` of `[Init]`. */
const CONDITIONAL_SECTION = /^(\w+)(\?.+)$/;

const TROUBLES_AT_MOST = 100;

/** Files read already, so that `common.conf` is read once for a hundred filters. */
export class IniShelf {
  readonly files: GuestFiles;
  readonly #read = new Map<string, IniFile | null>();

  constructor(files: GuestFiles) {
    this.files = files;
  }

  open(path: string): IniFile | null {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const text = this.files.read(path);
    const ini = text === null ? null : readIni(text, path);
    this.#read.set(path, ini);
    return ini;
  }
}

/** `base` without ending, as `/etc/fail2ban/jail`. Without any file `files` is empty. */
export function readConfiguration(shelf: IniShelf, base: string): Configuration {
  const names = shelf.files.list(`${base}.d`).filter((name) => !name.startsWith('.'));
  const inOrder = (ending: string) =>
    names
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => `${base}.d/${name}`);
  const wanted = [`${base}.conf`, ...inOrder('.conf'), `${base}.local`, ...inOrder('.local')];
  const walk = new IncludeWalk(shelf);
  walk.add(wanted, []);
  return merged(shelf, walk);
}

class IncludeWalk {
  readonly files: string[] = [];
  readonly troubles: Trouble[] = [];
  readonly #shelf: IniShelf;
  #full = false;

  constructor(shelf: IniShelf) {
    this.#shelf = shelf;
  }

  /** An included `x.conf` brings its `x.local` along. */
  add(paths: readonly string[], above: readonly string[]): void {
    for (const path of paths) {
      this.#one(path, above);
      const local = path.replace(/\.[^./]+$/, '.local');
      if (local !== path && !paths.includes(local)) this.#one(local, above);
    }
  }

  #one(path: string, above: readonly string[]): void {
    if (this.#full) return;
    const ini = this.#shelf.open(path);
    if (ini === null) return;
    if (this.files.length >= FILES_AT_MOST || above.length >= INCLUDE_DEPTH_AT_MOST) {
      this.#full = this.files.length >= FILES_AT_MOST;
      this.#complain(path, 1, this.#full ? `more than ${FILES_AT_MOST} files` : `more than ${INCLUDE_DEPTH_AT_MOST} includes deep`);
      return;
    }
    this.#includes(ini, path, 'before', above);
    if (this.files.length < FILES_AT_MOST) this.files.push(path);
    this.#includes(ini, path, 'after', above);
  }

  #includes(ini: IniFile, path: string, option: 'before' | 'after', above: readonly string[]): void {
    if (!ini.sections.has('INCLUDES')) return;
    const written = included(ini, option, this.troubles);
    if (written === null) return;
    const directory = path.slice(0, path.lastIndexOf('/'));
    for (const name of written.value.split('\n')) {
      if (name === '') continue;
      const target = name.startsWith('/') ? name : `${directory}/${name}`;
      if (above.includes(target)) this.#complain(path, written.line, `includes ${name}, which includes this file: read once`);
      else this.add([target], [...above, path]);
    }
  }

  #complain(file: string, line: number, says: string): void {
    if (this.troubles.length < TROUBLES_AT_MOST) this.troubles.push({ place: { file, line }, option: 'includes', says, weight: 'partly' });
  }
}

/** The names after `before =` or `after =`, with what the file itself says filled in. */
function included(ini: IniFile, option: string, troubles: Trouble[]): { readonly value: string; readonly line: number } | null {
  try {
    const got = optionOf(ini, 'INCLUDES', option, {});
    return got && { value: got.value, line: got.place.line };
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    troubles.push({ place: error.place, option, says: `${error.message}: nothing was included here`, weight: 'partly' });
    return null;
  }
}

function merged(shelf: IniShelf, walk: IncludeWalk): Configuration {
  const whole: Configuration = { defaults: new Map(), sections: new Map(), files: walk.files, troubles: walk.troubles };
  const told = new Set<string>();
  for (const path of walk.files) {
    const ini = shelf.open(path);
    if (ini === null) continue;
    if (!told.has(path)) walk.troubles.push(...ini.troubles);
    told.add(path);
    for (const [option, raw] of ini.defaults) whole.defaults.set(option, raw);
    for (const [name, section] of ini.sections) mergeSection(whole.sections, name, section);
  }
  return whole;
}

function mergeSection(sections: Map<string, Section>, fullName: string, section: Section): void {
  const conditional = CONDITIONAL_SECTION.exec(fullName);
  const name = conditional?.[1] ?? fullName;
  const suffix = conditional?.[2] ?? '';
  const there = sections.get(name) ?? new Map();
  const known: Section = sections.get(`KNOWN/${name}`) ?? new Map();
  if (sections.has(name)) sections.set(`KNOWN/${name}`, known);
  sections.set(name, there);
  for (const [option, raw] of section) {
    const key = option + suffix;
    const before = there.get(key);
    if (before !== undefined) known.set(key, before);
    there.set(key, raw);
  }
}
