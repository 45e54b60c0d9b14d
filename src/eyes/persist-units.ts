/**
 * Units and timers of systemd that an administrator, a user or an intruder made, not a package. Cannot see: units in /usr/lib,
 * which packages own, what generators make, and the socket or bus names that start a unit.
 */

import { posix } from 'node:path';
import { nameOf } from '../core/entity.ts';
import { inside } from '../core/places.ts';
import type { AccountSeen } from '../core/words.ts';
import { type Home, type Joined, joined, type Look, type ReadFile, targetOf } from './persist-look.ts';

/** systemd.unit(5), without what packages (/usr/lib) and generators fill; `transient` holds what systemd-run made. */
const SYSTEM = ['/etc/systemd/system', '/run/systemd/system', '/run/systemd/transient', '/usr/local/lib/systemd/system'];
const USER = ['/etc/systemd/user', '/run/systemd/user', '/usr/local/lib/systemd/user'];
const HOME = ['.config/systemd/user', '.local/share/systemd/user'];
const PACKAGED = ['/lib/systemd', '/usr/lib/systemd'];

const COMMENT = /^[#;]/;
/** systemd.service(5): marks before the program. */
const MARKS = /^[-@:+!|]+/;
const COMMANDS = /^Exec(?:Start|Stop|Reload|Condition)(?:Pre|Post)?$/;
const WHEN_TIMER = /^On(?:Active|Boot|Startup|UnitActive|UnitInactive)Sec$|^OnCalendar$/;
const WHEN_PATH = /^(?:Path(?:Exists|ExistsGlob|Changed|Modified)|DirectoryNotEmpty)$/;

/** Whose units these are: null where a unit without User= runs as whoever is logged in. */
interface Place {
  readonly directory: string;
  readonly account: string | null;
  readonly system: boolean;
}

interface Setting extends Joined {
  readonly name: string;
  readonly value: string;
}

export function units(look: Look, accounts: readonly AccountSeen[], homes: readonly Home[]): void {
  const reader = new UnitReader(look, accounts);
  for (const directory of SYSTEM) reader.directory({ directory, account: 'root', system: true });
  for (const directory of USER) reader.directory({ directory, account: null, system: false });
  for (const home of homes) {
    for (const below of HOME) reader.directory({ directory: posix.join(home.path, below), account: home.account, system: false });
  }
}

class UnitReader {
  readonly #look: Look;
  readonly #accounts: readonly AccountSeen[];
  readonly #read = new Set<string>();

  constructor(look: Look, accounts: readonly AccountSeen[]) {
    this.#look = look;
    this.#accounts = accounts;
  }

  directory(place: Place): void {
    for (const entry of this.#look.entries(place.directory)) {
      if (entry.kind === 'directory') this.#below(entry.path, place);
      else this.#unit(entry.path, place);
    }
  }

  /** Drop-ins (`x.service.d`) and links of what is wanted (`multi-user.target.wants`). */
  #below(directory: string, place: Place): void {
    const links = /\.(?:wants|requires|upholds)$/.test(directory);
    if (!links && !directory.endsWith('.d')) return;
    for (const entry of this.#look.entries(directory)) {
      if (links) this.#unit(entry.path, place);
      else if (entry.path.endsWith('.conf') && entry.kind !== 'directory') this.#dropIn(entry.path, place, nameOf(directory).slice(0, -2));
    }
  }

  /** Who runs a packaged unit is not written in its drop-in. */
  #dropIn(path: string, place: Place, unit: string): void {
    this.#told(path, place.system ? { ...place, account: null } : place, unit);
  }

  /** A unit once, under the path that a link leads to; a link to /dev/null masks a unit, and packages have their own sums. */
  #unit(path: string, place: Place): void {
    const target = targetOf(this.#look.disk, path) ?? path;
    if (target === '/dev/null' || PACKAGED.some((directory) => inside(target, directory))) return;
    if (/\.(?:service|socket|mount|swap|timer|path)$/.test(nameOf(path))) this.#told(target, place, nameOf(path), path);
  }

  #told(path: string, place: Place, unit: string, from = path): void {
    if (this.#read.has(path)) return;
    const file = this.#look.file(path, from);
    if (!file) return;
    this.#read.add(path);
    const settings = joined(file.lines, COMMENT).flatMap(settingOf);
    if (unit.endsWith('.timer')) this.#starter(file, settings, place, unit, WHEN_TIMER);
    else if (unit.endsWith('.path')) this.#starter(file, settings, place, unit, WHEN_PATH);
    else this.#commands(file, settings, place);
  }

  #commands(file: ReadFile, settings: readonly Setting[], place: Place): void {
    const account = this.#accountOf(settings, place);
    const restart = settings.findLast((setting) => setting.name === 'Restart')?.value;
    const schedule = restart === undefined || restart === '' || restart === 'no' ? {} : { schedule: `Restart=${restart}` };
    for (const { name, value, line } of settings) {
      const preload = name === 'Environment' && value.includes('LD_PRELOAD=');
      if (value === '' || !(preload || COMMANDS.test(name))) continue;
      const command = preload ? `Environment=${value}` : value.replace(MARKS, '');
      this.#look.add({ place: 'unit', path: file.path, line, account, command, ...schedule, changedAt: file.changedAt });
    }
  }

  /** Timers and path units: what they start is `Unit=` or the service of the same name. */
  #starter(file: ReadFile, settings: readonly Setting[], place: Place, unit: string, when: RegExp): void {
    const whens = settings.filter((setting) => when.test(setting.name) && setting.value !== '');
    const named = settings.findLast((setting) => setting.name === 'Unit' && setting.value !== '')?.value;
    const command = named ?? unit.replace(/\.(?:timer|path)$/, '.service');
    const first = whens[0];
    if (!first) return;
    const schedule = whens.map((setting) => `${setting.name}=${setting.value}`).join(', ');
    const kind = unit.endsWith('.timer') ? 'timer' : 'unit';
    this.#look.add({ place: kind, path: file.path, line: first.line, account: place.account, command, schedule, changedAt: file.changedAt });
  }

  /** User= by name or number; a specifier such as `%i` is known to systemd only. User managers cannot change the user. */
  #accountOf(settings: readonly Setting[], place: Place): string | null {
    const user = place.system ? settings.findLast((setting) => setting.name === 'User' && setting.value !== '')?.value : undefined;
    if (user === undefined)
      return settings.some((setting) => setting.name === 'DynamicUser' && /^(?:1|yes|true|on)$/i.test(setting.value)) ? null : place.account;
    if (user.includes('%')) return null;
    return /^\d+$/.test(user) ? (this.#accounts.find((account) => account.uid === Number(user))?.name ?? null) : user;
  }
}

function settingOf(whole: Joined): Setting[] {
  const equals = whole.text.indexOf('=');
  if (equals <= 0 || whole.text.startsWith('[')) return [];
  return [{ ...whole, name: whole.text.slice(0, equals).trim(), value: whole.text.slice(equals + 1).trim() }];
}
