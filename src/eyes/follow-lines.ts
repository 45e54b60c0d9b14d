/** Where lines end in a piece of a log, and where one that has no end may be cut so that no address in it becomes another's. */

/** A longer line is cut. sshd, rsyslog and web servers write less than 10 KiB at most. */
export const LINE_BYTES = 1 << 16;
/** No address, port and host name together is longer. */
const ADDRESS_BYTES = 300;

/** Behind the last line end; 0 = no line ends here. */
export function lineEnd(bytes: Buffer): number {
  return bytes.lastIndexOf(10) + 1;
}

/** How many NULs it begins with. */
export function nulsBefore(bytes: Buffer): number {
  if (bytes[0] !== 0) return 0;
  let count = 1;
  while (count < bytes.length && bytes[count] === 0) count += 1;
  return count;
}

/** At most `LINE_BYTES`: who sets the length of a line must not turn 192.0.2.17 into 192.0.2.1 by it. */
export function safeCut(bytes: Buffer): number {
  let cut = LINE_BYTES;
  while (cut > LINE_BYTES - ADDRESS_BYTES && isOfAddress(bytes[cut - 1] ?? 0)) cut -= 1;
  return cut;
}

/** Digits, letters, `.`, `:`, `-` and `%`: of addresses and host names. */
function isOfAddress(code: number): boolean {
  const lower = code | 32;
  return (code >= 48 && code <= 58) || (lower >= 97 && lower <= 122) || code === 46 || code === 45 || code === 37;
}
