/**
 * The logs that servers write themselves, without a syslog daemon: what stands before the message, by form. A form that says which program it is
 * has its name; others (a stamp and a level, as many write it) leave that open.
 */

import { readAccess } from './access-line.ts';
import { isoTime, type Stamp } from './access-time.ts';
import { auditForm } from './audit-record.ts';
import type { Ecs } from './ecs-words.ts';
import { known } from './ecs-words.ts';
import { keyedForm } from './keyed-log.ts';
import { monthOf } from './year-count.ts';

export interface OwnForm {
  /** In a word, for people. */
  readonly form: string;
  /** The parser that reads it goes by this; null = any could. */
  readonly program: string | null;
  /** Its name in `process.name`, where the form tells it. */
  readonly process?: string;
  readonly pid: number | null;
  readonly stamp: Stamp | null;
  readonly message: string;
  readonly facts: Ecs;
}

type Reader = (text: string) => OwnForm | null;

const CLOCK = '(\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d{1,9}))?';
/** `[Sat Jul 20 21:34:49.453232 2013] [auth_basic:error] [pid 17512:tid 1401231] [client 192.0.2.9:51380] AH01617: …` */
const APACHE = new RegExp(`^\\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\\d{1,2}) ${CLOCK} (\\d{4})\\] (?:\\[(?:\\w{0,30}:)?(\\w{1,12})\\] )`);
/** `2016/10/25 14:49:34 [error] 54053#0: *1 …` */
const NGINX = new RegExp(`^(\\d{4})/(\\d\\d)/(\\d\\d) ${CLOCK} \\[(\\w{1,12})\\] (\\d{1,10})#(\\d{1,10}): (?:\\*\\d{1,20} )?`);
/** `17-Feb-2018 23:06:56.326 queries: info: client …`, with category, severity, both or none (BIND's logging options). */
const BIND = new RegExp(`^(\\d\\d)-([A-Z][a-z]{2})-(\\d{4}) ${CLOCK} (?:[a-z-]{2,30}: )?(?:([a-z]{4,8}): )?(?=client )`);
/** `Mon Apr 12 15:19:22 2021 [pid 15685] …` (vsftpd.log); openvpn writes the same stamp and then its client. */
const CTIME = new RegExp(`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\\d{1,2}) ${CLOCK} (\\d{4}) (?:\\[pid (\\d{1,10})\\] )?`);
/** `2025-07-24T14:49:49.398440Z 89 [Note] [MY-010926] [Server] …`, `2016-02-24 12:13:42 140 [Warning] …`. */
const MYSQL =
  /^(\d{4}-\d\d-\d\d[T ] ?\d{1,2}:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?|\d{6} {1,2}\d{1,2}:\d\d:\d\d) (?:\d{1,20} )?\[(?:Note|Warning|Error|ERROR|System)\] /;
/** exim's main log: `2015-03-12 03:17:22 [1487] …`; without a pid it is any program's. */
const PLAIN =
  /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)(?: [A-Z]{3,5}(?= \[\d))?\]?:? {0,2}(?:\[(\d{1,10})\] )?/;
/** OpenVPN's access server puts what openvpn writes into lines of its own: `[stdout#info] [OVPN 0] OUT: '…'`. */
const CARRIED = /^\[\w{1,20}#\w{1,10}\] \[OVPN \d{1,4}\] OUT: ["'](.{1,2000})["']$/;
/** What PostgreSQL writes behind its log_line_prefix (`%m [%p] `, `%t [%p]: `). */
const POSTGRES = /^.{0,200}?(?:LOG|FATAL|ERROR|WARNING|DETAIL|STATEMENT|PANIC|NOTICE|HINT): {1,2}/;
/** `2023/01/01 15:33:04 …auth.go:200:SignInPost() [I] [63b199a0] `: what stands between is left off (Go's log package, gitea). */
const SLASHED = new RegExp(
  `^(\\d{4})/(\\d\\d)/(\\d\\d) ${CLOCK} (?:\\.{0,3}[\\w/.-]{1,80}:\\d{1,6}:[\\w.()]{1,80} )?(?:\\[[A-Z]\\] )?(?:\\[[\\da-f-]{1,20}\\] )?`,
);
/** Colours that terminals' logs keep (ECMA-48 SGR), also with the escape lost. */
const COLOURS = /(?:\u001b|\\x1b|(?<=^|\s|\[|\w))\[(?:\d{1,3};){0,3}\d{1,3}m|\u001b\[m/g;
const LINE_AT_MOST = 8_192;

const READERS: readonly Reader[] = [auditForm, access, keyedForm, apacheError, nginxError, bind, ctime, mysql, slashed, plain];

/** Null = a syslog line, or nothing that is known. */
export function ownFormOf(raw: string): OwnForm | null {
  const text = raw.slice(0, LINE_AT_MOST);
  for (const read of READERS) {
    const form = read(text);
    if (form) return form;
  }
  const bare = text.includes('m') ? text.replaceAll(COLOURS, '') : text;
  return bare.length === text.length ? null : ownFormOf(bare);
}

function access(text: string): OwnForm | null {
  const read = readAccess(text);
  if (!read || (text.startsWith('{') && read.request.status === null)) return null;
  return { form: 'access log', program: 'web-access', pid: null, stamp: read.stamp, message: text, facts: {} };
}

function apacheError(text: string): OwnForm | null {
  const found = APACHE.exec(text);
  if (!found) return null;
  const [head, month = '', day, hour, minute, second, fraction, year, level] = found;
  const pid = /^(?:\[pid (\d{1,10})(?::tid \d{1,20})?\] )?/.exec(text.slice(head.length, head.length + 60));
  const process = pid?.[1] === undefined ? null : Number(pid[1]);
  return {
    form: 'apache error log',
    program: 'apache-error',
    process: 'apache2',
    pid: process,
    stamp: stampOf(year, monthOf(month) + 1, day, [hour, minute, second, fraction]),
    message: text.slice(head.length + (pid?.[0].length ?? 0)),
    facts: known({ 'log.level': level }),
  };
}

function nginxError(text: string): OwnForm | null {
  const found = NGINX.exec(text);
  if (!found) return null;
  const [head, year, month, day, hour, minute, second, fraction, level, pid] = found;
  return {
    form: 'nginx error log',
    program: 'nginx-error',
    process: 'nginx',
    pid: Number(pid),
    stamp: stampOf(year, month, day, [hour, minute, second, fraction]),
    message: text.slice(head.length),
    facts: known({ 'log.level': level }),
  };
}

function bind(text: string): OwnForm | null {
  const found = BIND.exec(text);
  if (!found) return null;
  const [head, day, month = '', year, hour, minute, second, fraction, level] = found;
  const stamp = stampOf(year, monthOf(month) + 1, day, [hour, minute, second, fraction]);
  return {
    form: 'BIND log',
    program: 'named',
    process: 'named',
    pid: null,
    stamp,
    message: text.slice(head.length),
    facts: known({ 'log.level': level }),
  };
}

function ctime(text: string): OwnForm | null {
  const found = CTIME.exec(text);
  if (!found) return null;
  const [head, month = '', day, hour, minute, second, fraction, year, pid] = found;
  const stamp = stampOf(year, monthOf(month) + 1, day, [hour, minute, second, fraction]);
  const program = pid === undefined ? null : 'vsftpd';
  return {
    form: pid === undefined ? 'dated' : 'vsftpd log',
    program,
    pid: numberOf(pid),
    stamp,
    message: text.slice(head.length),
    facts: {},
    ...(program ? { process: program } : {}),
  };
}

function mysql(text: string): OwnForm | null {
  const found = MYSQL.exec(text);
  const stamp = found && isoTime((found[1] ?? '').replace('  ', ' '));
  return (
    found && { form: 'MySQL error log', program: 'mysqld', process: 'mysqld', pid: null, stamp, message: text.slice(found[0].length), facts: {} }
  );
}

function slashed(text: string): OwnForm | null {
  const found = SLASHED.exec(text);
  if (!found) return null;
  const [head, year, month, day, hour, minute, second, fraction] = found;
  return {
    form: 'dated',
    program: null,
    pid: null,
    stamp: stampOf(year, month, day, [hour, minute, second, fraction]),
    message: text.slice(head.length),
    facts: {},
  };
}

/** An ISO stamp alone may also open a syslog line (`STAMP HOST TAG: …`): that is for the reader of syslog headers to say, if it can. */
function plain(text: string): OwnForm | null {
  const found = PLAIN.exec(text);
  if (!found || (found[2] === undefined && SYSLOG_AFTER.test(text.slice(found[0].length, found[0].length + 200)))) return null;
  const stamp = isoTime((found[1] ?? '').replace(/ ?UTC$/, 'Z'));
  const message = text.slice(found[0].length);
  const carried = CARRIED.exec(message)?.[1];
  if (carried !== undefined && stamp)
    return { form: 'openvpn log', program: 'openvpn', process: 'openvpn', pid: null, stamp, message: carried.replace(CTIME, ''), facts: {} };
  const program = found[2] === undefined ? null : POSTGRES.test(message) ? 'postgres' : 'exim';
  return (
    stamp && {
      form: program ? `${program} log` : 'dated',
      program,
      pid: numberOf(found[2]),
      stamp,
      message,
      facts: {},
      ...(program ? { process: program } : {}),
    }
  );
}

/** `HOST TAG[PID]:`, `HOST TAG:`, or a tag alone with a pid. */
const SYSLOG_AFTER = /^(?:[\w.:-]{1,100} )?[\w./()-]{1,60}(?:\[\d{1,10}\]:? |: )/;

function numberOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}

function stampOf(
  year: string | undefined,
  month: string | number | undefined,
  day: string | undefined,
  [hour, minute, second, fraction]: readonly (string | undefined)[],
): Stamp | null {
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return Number.isFinite(at) ? { at: at + Math.floor(Number(`0.${fraction ?? 0}`) * 1000), utc: false } : null;
}
