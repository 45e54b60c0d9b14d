/** The window through which a guest's files are read, the bounds that no hostile or damaged file gets past, and how a fault is said. */

import type { Place } from './definition.ts';

/** Read-only and bounded by the one who implements it; `read` gives null where there is no such file, `list` names in order. */
export interface GuestFiles {
  read(path: string): string | null;
  list(directory: string): readonly string[];
}

/** The largest of fail2ban's own files has 27 KiB. */
export const FILE_CHARACTERS_AT_MOST = 1 << 20;
/** jail.conf with everything that it includes has about 700 options. */
export const OPTIONS_AT_MOST = 10_000;
/** fail2ban's own filters include two deep. */
export const INCLUDE_DEPTH_AT_MOST = 20;
/** Files that one filter or all jails are put together from. */
export const FILES_AT_MOST = 500;
/** The longest value of fail2ban's own files has 14 KiB once everything is filled in. */
export const VALUE_CHARACTERS_AT_MOST = 1 << 18;
/** References that one value may lead to, so that ten options that each name another ten times end. */
export const REFERENCES_AT_MOST = 5_000;

/** Something in a configuration that makes the value, and what needs it, unusable. */
export class ConfigFault extends Error {
  readonly place: Place;
  readonly option: string;

  constructor(place: Place, option: string, says: string) {
    super(says);
    this.name = 'ConfigFault';
    this.place = place;
    this.option = option;
  }
}
