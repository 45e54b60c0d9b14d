/**
 * One record of the Linux audit system (auditd's audit.log, `type=… msg=audit(SECONDS:SERIAL): key=value …`) in ECS names. What a user typed is
 * logged as hexadecimal or in quotation marks by the kernel, so that no value can hold another key (audit_log_untrustedstring).
 */

import type { Stamp } from './access-time.ts';
import { type Ecs, known } from './ecs-words.ts';
import { addressOf } from './peer.ts';

export interface AuditRecord {
  /** `USER_LOGIN`, `SYSCALL`, `EXECVE`. */
  readonly type: string;
  readonly stamp: Stamp;
  readonly serial: number;
  readonly values: ReadonlyMap<string, string>;
}

interface AuditForm {
  readonly form: string;
  readonly program: string;
  readonly process?: string;
  readonly pid: number | null;
  readonly stamp: Stamp | null;
  readonly message: string;
  readonly facts: Ecs;
}

const HEAD = /^(?:node=(\S{1,255}) )?type=([A-Z_\d]{3,40}|UNKNOWN\[\d{1,5}\]) msg=audit\((\d{9,11})\.(\d{3}):(\d{1,19})\): ?/;
const PAIR = /([A-Za-z_][\w-]{0,40})=("[^"]*"|'[^']*'|[^\s']*)/g;
/** A record of execve has an argument a key; longer ones are cut by the kernel into several records. */
const PAIRS_AT_MOST = 200;
const ARGUMENTS_AT_MOST = 64;

export function auditForm(text: string): AuditForm | null {
  const record = readAudit(text);
  if (!record) return null;
  const pid = record.values.get('pid');
  const facts = factsOf(record, HEAD.exec(text)?.[1]);
  return { form: 'audit', program: 'auditd', pid: pid === undefined ? null : Number(pid), stamp: record.stamp, message: text, facts };
}

export function readAudit(text: string): AuditRecord | null {
  const head = HEAD.exec(text);
  if (!head) return null;
  const [whole, , type = '', seconds, millis, serial] = head;
  const values = new Map<string, string>();
  pairsIn(text.slice(whole.length), values);
  return { type, stamp: { at: Number(seconds) * 1000 + Number(millis), utc: true }, serial: Number(serial), values };
}

/** Programs put their own pairs into `msg='…'`. The first value of a key stands: what is inside comes from a program, what is before from the kernel. */
function pairsIn(text: string, values: Map<string, string>): void {
  for (const [, key = '', value = ''] of text.matchAll(PAIR)) {
    if (values.size >= PAIRS_AT_MOST) return;
    if (key === 'msg' && value.startsWith("'")) pairsIn(value.slice(1, -1), values);
    else if (!values.has(key)) values.set(key, unquoted(key, value));
  }
}

/** Keys whose values the kernel writes as hexadecimal where they hold blanks, quotation marks or control characters. */
const TEXTS = /^(?:exe|comm|name|cwd|cmd|acct|data|proctitle|a\d{1,3}|key|path|ocomm|unit|dir)$/;

function unquoted(key: string, value: string): string {
  if (/^["'].*["']$/s.test(value)) return value.slice(1, -1);
  const hex = TEXTS.test(key) && value.length >= 4 && value.length % 2 === 0 && /^[\dA-F]+$/.test(value);
  // Of a system call a0…a3 are numbers, in small letters; those of execve are texts.
  return hex ? textOf(value) : value === '(null)' || value === '?' ? '' : value;
}

/** Bytes as UTF-8 where they are; else as the characters of the same numbers. */
function textOf(hex: string): string {
  const bytes = Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
  const percent = bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(percent);
  } catch {
    return String.fromCharCode(...bytes);
  }
}

function factsOf({ type, values }: AuditRecord, node: string | undefined): Ecs {
  const get = (key: string) => values.get(key) || null;
  const address = addressOf(get('addr') ?? '') ?? addressOf(get('src') ?? '');
  const pid = get('pid');
  const ppid = get('ppid');
  const execve = type === 'EXECVE' ? argumentsOf(values) : [];
  const proctitle = get('proctitle')?.replaceAll('\u0000', ' ') ?? null;
  return known({
    'event.action': type.toLowerCase(),
    'event.outcome': get('res') ?? outcomeOf(get('success')),
    'host.hostname': node,
    'process.name': get('comm'),
    'process.pid': pid === null ? null : Number(pid),
    'process.parent.pid': ppid === null ? null : Number(ppid),
    'process.executable': get('exe'),
    'process.working_directory': get('cwd'),
    'process.args': execve.length > 0 ? execve : null,
    'process.command_line': execve.length > 0 ? execve.join(' ') : (proctitle ?? get('cmd')),
    'user.name': get('acct'),
    'user.id': get('uid'),
    'user.effective.id': get('euid'),
    'user.audit.id': get('auid'),
    'group.id': get('gid'),
    'source.ip': address,
    'file.path': type === 'PATH' ? get('name') : null,
    'event.type': null,
  });
}

function outcomeOf(success: string | null): string | null {
  return success === null ? null : success === 'yes' ? 'success' : 'failure';
}

function argumentsOf(values: ReadonlyMap<string, string>): string[] {
  const count = Math.min(ARGUMENTS_AT_MOST, Number(values.get('argc') ?? 0) || 0);
  return Array.from({ length: count }, (_, at) => values.get(`a${at}`) ?? '');
}
