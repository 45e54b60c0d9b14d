/**
 * The forms of sshd's messages that come by the million on a host that is guessed at. Each is read to its very end; whatever is not
 * exactly so is UNSURE and read by the parsers, which must come to the same answer (a property test holds both against each other).
 */

import { address, BLANK, begins, COLON, digits, endOfAddress, endOfDigits, endOfName, endOfPort, isName } from './cursor.ts';
import { byteAt } from './memory.ts';
import * as kind from './record.ts';

/** What `kindOfSshd` read last. */
export let port: i32 = 0;
export let nameStart: i32 = -1;
export let nameEnd: i32 = -1;
export let peer: i32 = 0;

const INVALID = 'invalid user ';
const TRYING = 'authenticating user ';
const PREAUTH = ' [preauth]';
const OF_PAM = 'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=';
const CHECK_PASS = 'pam_unix(sshd:auth): check pass; user unknown';
/** `Disconnected from ` and an address. */
const SHORTEST: i32 = 20;

/** What kind of record the message from `start` to `end` is. */
export function kindOfSshd(start: i32, end: i32): i32 {
  port = 0;
  peer = 0;
  nameStart = -1;
  nameEnd = -1;
  // Parsers take blanks off the end.
  const last: i32 = byteAt(end - 1);
  if (end - start < SHORTEST || last < BLANK || last > 126) return kind.UNSURE;
  const first: i32 = byteAt(start);
  if (first === 70) return failed(start, end);
  if (first === 73) return invalid(start, end);
  if (first === 112) return toldByPam(start, end);
  if (last === BLANK) return kind.UNSURE;
  if (first === 67) return ending(start, end, 'Connection ');
  if (first === 68) return departed(start, end);
  if (first === 82) return farewell(start, end);
  if (first === 105) return begins(start, end, 'input_userauth_request: invalid user ') ? kind.NOTHING : kind.UNSURE;
  if (first === 114) return begins(start, end, 'reverse mapping checking getaddrinfo for ') ? kind.NOTHING : kind.UNSURE;
  return kind.UNSURE;
}

/** `Failed METHOD for [invalid user ]NAME from HOST port N ssh2`. */
function failed(start: i32, end: i32): i32 {
  if (begins(start, end, 'Failed password for ')) return tried(start + 20, end, kind.FAILED_KNOWN, kind.FAILED_UNKNOWN);
  if (begins(start, end, 'Failed none for ')) return tried(start + 16, end, kind.METHODS, kind.METHODS);
  if (begins(start, end, 'Failed keyboard-interactive/pam for ')) return tried(start + 36, end, kind.ASKED_KNOWN, kind.ASKED_UNKNOWN);
  return kind.UNSURE;
}

function tried(at: i32, end: i32, known: i32, unknown: i32): i32 {
  const invalidName: boolean = begins(at, end, INVALID);
  const hostEnd: i32 = nameFrom(at + (invalidName ? INVALID.length : 0), end);
  const portEnd: i32 = hostEnd < 0 ? -1 : endOfPort(hostEnd, end);
  if (portEnd < 0 || portEnd + 5 !== end || !begins(portEnd, end, ' ssh2')) return kind.UNSURE;
  port = digits;
  return invalidName ? unknown : known;
}

/** `NAME from HOST`; where the host ends. */
function nameFrom(at: i32, end: i32): i32 {
  nameStart = at;
  nameEnd = endOfName(at, end);
  if (nameEnd < 0 || !begins(nameEnd, end, ' from ')) return -1;
  const hostEnd: i32 = endOfAddress(nameEnd + 6, end);
  peer = address;
  return hostEnd;
}

/** `Invalid user NAME from HOST[ port N]`. */
function invalid(start: i32, end: i32): i32 {
  if (!begins(start, end, 'Invalid user ')) return kind.UNSURE;
  const hostEnd: i32 = nameFrom(start + 13, end);
  return hostEnd === end || (hostEnd > 0 && endOfPort(hostEnd, end) === end) ? kind.INVALID_USER : kind.UNSURE;
}

/** pam_unix's line about a refusal: behind the address stands a blank, and the name where the account exists. */
function toldByPam(start: i32, end: i32): i32 {
  if (!begins(start, end, OF_PAM)) return end - start === CHECK_PASS.length && begins(start, end, CHECK_PASS) ? kind.NOTHING : kind.UNSURE;
  const hostEnd: i32 = endOfAddress(start + OF_PAM.length, end);
  peer = address;
  if (hostEnd < 0) return kind.UNSURE;
  if (hostEnd === end || (hostEnd + 1 === end && byteAt(hostEnd) === BLANK)) return kind.PAM_REFUSED;
  const name: i32 = hostEnd + 7;
  if (!begins(hostEnd, end, '  user=') || !isName(name, end)) return kind.UNSURE;
  nameStart = name;
  nameEnd = end;
  return kind.PAM_REFUSED;
}

/** `Connection closed by …`, `Connection reset by …`. */
function ending(start: i32, end: i32, word: string): i32 {
  if (!begins(start, end, word)) return kind.UNSURE;
  if (begins(start, end, 'Connection closed by ')) return who(start + 21, end, kind.CLOSED);
  if (begins(start, end, 'Connection reset by ')) return who(start + 20, end, kind.RESET);
  return kind.UNSURE;
}

function departed(start: i32, end: i32): i32 {
  if (begins(start, end, 'Disconnected from ')) return who(start + 18, end, kind.DISCONNECTED);
  if (!begins(start, end, 'Did not receive identification string from ')) return kind.UNSURE;
  const hostEnd: i32 = endOfAddress(start + 43, end);
  peer = address;
  return hostEnd === end || (hostEnd > 0 && endOfPort(hostEnd, end) === end) ? kind.NO_IDENTIFICATION : kind.UNSURE;
}

/** `[authenticating user NAME |invalid user NAME ]HOST[ port N] [preauth]`; after a log-in it says nothing. */
function who(at: i32, end: i32, nameless: i32): i32 {
  const last: i32 = end - PREAUTH.length;
  if (!begins(last, end, PREAUTH)) return kind.NOTHING;
  const skipped: i32 = begins(at, last, INVALID) ? INVALID.length : begins(at, last, TRYING) ? TRYING.length : 0;
  let host: i32 = at;
  if (skipped > 0) {
    nameStart = at + skipped;
    nameEnd = endOfName(nameStart, last);
    if (nameEnd < 0) return kind.UNSURE;
    host = nameEnd + 1;
  }
  const hostEnd: i32 = endOfAddress(host, last);
  peer = address;
  if (hostEnd !== last && (hostEnd < 0 || endOfPort(hostEnd, last) !== last)) return kind.UNSURE;
  return skipped > 0 ? kind.GAVE_UP : nameless;
}

/** `Received disconnect from HOST port N:CODE: …`, before OpenSSH 7 `… from HOST: CODE: …`; codes 3 and 14 (RFC 4253, 11.1) may tell of a try. */
function farewell(start: i32, end: i32): i32 {
  if (!begins(start, end, 'Received disconnect from ')) return kind.UNSURE;
  const hostEnd: i32 = endOfAddress(start + 25, end);
  peer = address;
  if (hostEnd < 0) return kind.UNSURE;
  const portEnd: i32 = endOfPort(hostEnd, end);
  const colon: i32 = portEnd > 0 ? portEnd : hostEnd;
  if (colon + 2 >= end || byteAt(colon) !== COLON) return kind.UNSURE;
  const blank: boolean = byteAt(colon + 1) === BLANK;
  if (portEnd < 0 && !blank) return kind.UNSURE;
  const codeEnd: i32 = endOfDigits(colon + (blank ? 2 : 1), end, 3);
  if (codeEnd < 0 || !begins(codeEnd, end, ': ') || digits === 3 || digits === 14) return kind.UNSURE;
  return portEnd > 0 || !begins(end - PREAUTH.length, end, PREAUTH) ? kind.NOTHING : kind.DISCONNECTED;
}
