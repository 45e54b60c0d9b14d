/** Where records, tables and text lie in the memory of the loop over access logs, and what a record holds. All in bytes from its beginning. */

/** Eight words of 32 bits each, in the order of the lines. */
export const RECORDS: i32 = 1_024;
export const RECORD_BYTES: i32 = 32;
export const RECORDS_AT_MOST: i32 = 1_024;

/** Byte offsets in a record. Positions in the text are relative to its beginning. */
export const KIND: i32 = 0;
export const START: i32 = 4;
export const END: i32 = 8;
/** Number of the line: the one that was given for the first, and so on. */
export const LINE: i32 = 12;
/** The header that nobody has judged yet, without its quotation marks. */
export const HEADER_START: i32 = 16;
export const HEADER_END: i32 = 20;

/** The line has to be read in full. */
export const UNSURE: i32 = 0;
/** As UNSURE, and only for a referrer or an agent that is new here: the scan stops behind it, so that it can be learned. */
export const NEW_REFERRER: i32 = 1;
export const NEW_AGENT: i32 = 2;

/** What is fixed in the compiled module lies between the records and PAIRS. */
export const PAIRS: i32 = 65_536;
export const TRIPLES: i32 = 131_072;
export const WORDS: i32 = 163_840;
export const HEADERS: i32 = 229_376;
export const LONG_HEADERS: i32 = 4_423_680;
export const INPUT: i32 = 5_472_256;
