/** Filters and jails of fail2ban as data: what its files say, with includes and interpolation done and nothing run yet. */

/** Where something stands, for people who have to mend it. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Something that was not taken over, and why. `refused` = the filter or jail cannot be used at all; `partly` = the rest works. */
export interface Trouble {
  readonly place: Place;
  readonly option: string;
  readonly says: string;
  readonly weight: 'refused' | 'partly';
}

/** One regular expression of a filter: Python's syntax, still with the tags that mean captures (`<HOST>`, `<F-USER>…</F-USER>`, `<SKIPLINES>`). */
export interface RegexLine {
  readonly source: string;
  readonly place: Place;
}

/** One filter with one set of options: all `%(x)s` and all `<x>` that name options are filled in. */
export interface FilterDefinition {
  /** `sshd`, without options. */
  readonly name: string;
  /** `{ mode: 'aggressive' }` of `filter = sshd[mode=aggressive]`. */
  readonly options: Readonly<Record<string, string>>;
  readonly file: string;
  readonly prefregex: RegexLine | null;
  readonly failregex: readonly RegexLine[];
  readonly ignoreregex: readonly RegexLine[];
  /** As written; null = fail2ban's default detector. */
  readonly datepattern: RegexLine | null;
  readonly maxlines: number;
  readonly journalmatch: string | null;
  readonly logtype: string;
  readonly usedns: 'yes' | 'warn' | 'no' | 'raw';
  readonly troubles: readonly Trouble[];
}

/** How long bans last. Times are milliseconds; -1 = for ever. */
export interface BanTime {
  readonly banMs: number;
  readonly increment: boolean;
  readonly factor: number;
  readonly multipliers: readonly number[] | null;
  /** The Python formula as written where it is not one of those that are understood. */
  readonly unknownFormula: string | null;
  /** How bans grow without `multipliers`: doubling up to the 20th time (fail2ban's own way, also taken for an unknown formula), or e to the power of count × factor. */
  readonly formula: 'doubling' | 'exponential';
  readonly maxMs: number | null;
  readonly randomMs: number;
  readonly overAllJails: boolean;
}

/** One jail with what it watches, whom it spares and what it does. */
export interface JailDefinition {
  readonly name: string;
  readonly enabled: boolean;
  readonly place: Place;
  readonly filter: FilterDefinition | null;
  /** As written, a glob each; `tail` is cut off. */
  readonly logpath: readonly string[];
  readonly backend: string;
  readonly maxRetry: number;
  readonly findMs: number;
  readonly ban: BanTime;
  /** Addresses and networks in canonical form are for the reader to make: these are the words as written, files read in. */
  readonly ignoreip: readonly string[];
  readonly ignoreSelf: boolean;
  readonly ignoreCommand: string | null;
  readonly port: string;
  readonly protocol: string;
  /** Zone of stamps that name none, as `UTC+01:00` or `Europe/Berlin`; null = that of the machine. */
  readonly logTimezone: string | null;
  /** What its actions mean here. */
  readonly actions: readonly JailAction[];
  readonly troubles: readonly Trouble[];
}

/** `ban` = our own ban takes its place; `mail` = our own letters do; `none` = not taken over. */
export interface JailAction {
  readonly name: string;
  /** What stands in its brackets. */
  readonly options: Readonly<Record<string, string>>;
  readonly becomes: 'ban' | 'mail' | 'none';
  readonly says: string;
}
