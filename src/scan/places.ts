/** Where records, tables and text lie in the memory of the innermost loop, in bytes from its beginning. What is fixed in the compiled module lies between LAYOUT and NAMES. */

export const RECORDS: i32 = 1_024;
export const LAYOUT: i32 = 147_456;
export const NAMES: i32 = 196_608;
export const PAIRS: i32 = 1_245_184;
export const PROGRAMS: i32 = 1_310_720;
export const NEEDLES: i32 = 1_376_256;
export const INPUT: i32 = 1_441_792;
