/** What the innermost loop says of a line: sixteen words of 32 bits each, in the order of the lines. */

export const RECORD_BYTES: i32 = 64;
export const RECORDS_AT_MOST: i32 = 1_024;

/** Byte offsets in a record. Positions in the text are relative to its beginning. */
export const KIND: i32 = 0;
export const START: i32 = 4;
export const END: i32 = 8;
/** Of the line in this text, from 0. */
export const LINE: i32 = 12;
/** Since the midnight that the stamp names, in its own zone, milliseconds. */
export const TIME: i32 = 16;
/** -1 where the header has none. */
export const PID: i32 = 20;
/** IPv4, the first number in the highest byte. */
export const ADDRESS: i32 = 24;
/** 0 where there is none. */
export const PORT: i32 = 28;
/** Place of the name in the table of names, -1 where there is none. */
export const NAME: i32 = 32;
/** 1 = the table has a new name in this place. */
export const NAME_IS_NEW: i32 = 36;
export const NAME_START: i32 = 40;
export const NAME_END: i32 = 44;

/** The line has to be read in full. */
export const UNSURE: i32 = 0;
/** As UNSURE, and its header is not like that of the line before: the scan stops behind it. */
export const STRANGE: i32 = 1;
/** Nobody makes anything of it. */
export const NOTHING: i32 = 2;
/** `Failed password`, by an account that exists, and by one that does not. */
export const FAILED_KNOWN: i32 = 3;
export const FAILED_UNKNOWN: i32 = 4;
/** `Failed keyboard-interactive/pam`. */
export const ASKED_KNOWN: i32 = 5;
export const ASKED_UNKNOWN: i32 = 6;
/** `Failed none`. */
export const METHODS: i32 = 7;
export const INVALID_USER: i32 = 8;
export const PAM_REFUSED: i32 = 9;
export const GAVE_UP: i32 = 10;
export const CLOSED: i32 = 11;
export const RESET: i32 = 12;
export const DISCONNECTED: i32 = 13;
export const NO_IDENTIFICATION: i32 = 14;
/** Sessions of cron jobs; PORT is 1 where the service is called crond. */
export const CRON_OPENED: i32 = 15;
export const CRON_CLOSED: i32 = 16;
