/** Makes sense of a jail's options once they are filled in: numbers, spans of time, whom it spares and what it does. */

import { named } from '../../core/text.ts';
import { actionsOf, closedBy } from './actions.ts';
import { formulaOf } from './ban-formula.ts';
import type { BanTime, FilterDefinition, JailAction, JailDefinition, Place, Trouble } from './definition.ts';
import { numberOf, secondsOf } from './durations.ts';
import type { GuestFiles } from './files.ts';
import { sparedIn } from './ignore.ts';
import type { Given } from './interpolate.ts';

export interface JailItself {
  readonly name: string;
  readonly place: Place;
  readonly filter: FilterDefinition | null;
  readonly port: string;
  readonly protocol: string;
}

/** What fail2ban takes where no file says anything: 3 failures in 600 seconds, banned for 600 seconds. */
const MAX_RETRY = 3;
const FIND_SECONDS = 600;
const BAN_SECONDS = 600;
const PLAIN_ENCODINGS = /^(?:auto|utf-?8|(?:us-)?ascii)?$/i;
/** What the jail `recidive` reads. */
const OWN_LOG = /\/fail2ban\.log\b/;
const BACKENDS = /^(?:auto|pyinotify|gamin|polling|systemd)$/;

export class JailWords {
  readonly #options: Given;
  readonly #placeOf: (option: string) => Place;
  readonly #files: GuestFiles;
  readonly #directory: string;
  readonly #troubles: Trouble[] = [];

  constructor(options: Given, placeOf: (option: string) => Place, files: GuestFiles, directory: string) {
    this.#options = options;
    this.#placeOf = placeOf;
    this.#files = files;
    this.#directory = directory;
  }

  jail(itself: JailItself, before: readonly Trouble[]): JailDefinition {
    const { name, place, filter } = itself;
    const backend = this.#backend();
    const actions = this.#actions();
    const spared = sparedIn(this.#word('ignoreip'), this.#files, this.#placeOf('ignoreip'));
    const jail = {
      ...{ name, enabled: this.#truth('enabled', false), place, filter, backend },
      logpath: this.#logpath(backend, filter),
      maxRetry: this.#maxRetry(),
      findMs: this.#milliseconds('findtime', FIND_SECONDS),
      ban: this.#banTime(),
      ignoreip: spared.words,
      ignoreSelf: this.#truth('ignoreself', true),
      ignoreCommand: this.#ignoreCommand(),
      port: closedBy(actions, 'port', itself.port),
      protocol: closedBy(actions, 'protocol', itself.protocol === '' ? 'tcp' : itself.protocol),
      logTimezone: this.#word('logtimezone') || null,
      actions,
    };
    this.#encoding();
    return { ...jail, troubles: [...before, ...this.#troubles, ...spared.troubles] };
  }

  #word(option: string): string {
    return this.#options[option] ?? '';
  }

  #trouble(option: string, says: string, weight: Trouble['weight'] = 'partly'): void {
    this.#troubles.push({ place: this.#placeOf(option), option, says, weight });
  }

  #truth(option: string, otherwise: boolean): boolean {
    const word = this.#options[option];
    return word === undefined ? otherwise : /^(?:1|on|true|yes)$/i.test(word);
  }

  #maxRetry(): number {
    const word = this.#options['maxretry'];
    if (word === undefined) return MAX_RETRY;
    if (/^\s*[-+]?\d{1,9}\s*$/.test(word)) return Number(word);
    this.#trouble('maxretry', `${named(word.slice(0, 40))} is no number: ${MAX_RETRY} is taken`);
    return MAX_RETRY;
  }

  #milliseconds(option: string, otherwiseSeconds: number): number {
    const word = this.#options[option];
    const seconds = word === undefined ? otherwiseSeconds : secondsOf(word);
    if (seconds === null) this.#trouble(option, `${named((word ?? '').slice(0, 40))} is no span of time: ${otherwiseSeconds} seconds are taken`);
    return Math.round((seconds ?? otherwiseSeconds) * 1_000);
  }

  #banTime(): BanTime {
    const banMs = this.#milliseconds('bantime', BAN_SECONDS);
    const written = this.#word('bantime.formula');
    const multipliers = this.#multipliers();
    const formula = formulaOf(written);
    const increment = this.#truth('bantime.increment', false);
    if (formula === null && increment && multipliers === null)
      this.#trouble('bantime.formula', 'this Python formula is not understood and not run: bans double each time instead');
    const maxMs = this.#word('bantime.maxtime') === '' ? null : this.#milliseconds('bantime.maxtime', 0);
    return {
      banMs: banMs < 0 ? -1 : banMs,
      increment,
      factor: this.#factor(),
      multipliers,
      unknownFormula: formula === null ? written : null,
      formula: formula ?? 'doubling',
      maxMs: maxMs !== null && maxMs <= 0 ? null : maxMs,
      randomMs: this.#word('bantime.rndtime') === '' ? 0 : Math.max(0, this.#milliseconds('bantime.rndtime', 0)),
      overAllJails: this.#truth('bantime.overalljails', false),
    };
  }

  #factor(): number {
    const word = this.#word('bantime.factor');
    const factor = word === '' ? 1 : numberOf(word);
    if (factor !== null && factor > 0) return factor;
    this.#trouble('bantime.factor', `${named(word.slice(0, 40))} is no factor: 1 is taken`);
    return 1;
  }

  #multipliers(): readonly number[] | null {
    const words = this.#word('bantime.multipliers').split(/\s+/).filter(Boolean);
    if (words.length === 0) return null;
    const numbers = words.map((word) => (/^\d{1,12}$/.test(word) ? Number(word) : Number.NaN));
    if (!numbers.includes(Number.NaN)) return numbers;
    this.#trouble('bantime.multipliers', 'not all of these are whole numbers: bans double each time instead');
    return null;
  }

  #ignoreCommand(): string | null {
    const command = this.#word('ignorecommand').trim();
    if (command === '') return null;
    this.#trouble('ignorecommand', `the command ${named(command.slice(0, 100))} is not run, so nobody is spared because of it`);
    return command;
  }

  #backend(): string {
    const word = this.#word('backend').trim() || 'auto';
    const open = word.indexOf('[');
    const name = open < 0 ? word : word.slice(0, open).trim();
    if (open >= 0) this.#trouble('backend', `the options in ${named(word.slice(0, 100))} are not taken over: the machine's own journal is read`);
    if (BACKENDS.test(name)) return name;
    this.#trouble('backend', `${named(name.slice(0, 40))} is not known: log files are read`);
    return 'auto';
  }

  /** A second word on a line says only where fail2ban begins to read. */
  #logpath(backend: string, filter: FilterDefinition | null): readonly string[] {
    if (backend === 'systemd') {
      if (filter && filter.journalmatch === null)
        this.#trouble('journalmatch', 'reads the journal without a journalmatch: all of its lines are looked at');
      return [];
    }
    const lines = this.#word('logpath').split('\n').filter(Boolean);
    if (lines.length === 0) this.#trouble('logpath', 'the jail names no log file, so it watches nothing', 'refused');
    if (lines.some((line) => OWN_LOG.test(line)))
      this.#trouble('logpath', "reads fail2ban's own log, into which nobody writes once fail2ban is gone");
    return lines.map((line) => (line.includes(' ') ? line.slice(0, line.lastIndexOf(' ')) : line).trim());
  }

  #encoding(): void {
    const encoding = this.#word('logencoding');
    if (!PLAIN_ENCODINGS.test(encoding)) this.#trouble('logencoding', `lines are read as UTF-8, not as ${named(encoding.slice(0, 40))}`);
  }

  #actions(): readonly JailAction[] {
    const read = actionsOf(this.#word('action'));
    for (const says of read.unread) this.#trouble('action', `an action cannot be read: ${says}`);
    if (read.opens) this.#trouble('action', 'the jail lets addresses in instead of keeping them out: it must not ban here', 'refused');
    else for (const action of read.actions) this.#lookAt(action);
    return read.actions;
  }

  #lookAt(action: JailAction): void {
    const file = `${this.#directory}/action.d/${action.name}`;
    if (action.becomes === 'none') this.#trouble('action', `the action ${named(action.name.slice(0, 60))} ${action.says}`);
    else if (this.#files.read(`${file}.local`) !== null) this.#trouble('action', `own changes in ${file}.local are not taken over`);
  }
}
