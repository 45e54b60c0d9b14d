/** What really stands in a lab host's logs, counted without the product: the truth that its answers are held against. */

import * as fs from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { LabHost } from './host.ts';

export interface LogLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** All lines of auth.log and its older generations, oldest first. */
export function authLines(host: LabHost, root = ''): LogLine[] {
  return ['/var/log/auth.log.2.gz', '/var/log/auth.log.1', '/var/log/auth.log'].flatMap((file) => {
    const path = host.inside(`${root}${file}`);
    if (!fs.existsSync(path)) return [];
    const bytes = fs.readFileSync(path);
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    return text.split('\n').flatMap((one, at) => (one === '' ? [] : [{ file, line: at + 1, text: one }]));
  });
}

export interface Guessed {
  readonly failures: number;
  readonly accounts: ReadonlySet<string>;
  readonly lines: readonly LogLine[];
}

/** sshd's own "Failed password" lines by address. A user name may hold anything, so the address is taken from the end. */
export function guessedBy(lines: readonly LogLine[]): Map<string, Guessed> {
  const found = new Map<string, { failures: number; accounts: Set<string>; lines: LogLine[] }>();
  for (const line of lines) {
    const at = line.text.indexOf(']: Failed password for ');
    const end = / from (\S+) port \d+ ssh2$/.exec(line.text);
    if (at < 0 || end?.[1] === undefined) continue;
    const account = line.text.slice(at + ']: Failed password for '.length, end.index).replace(/^invalid user /, '');
    const sum = found.get(end[1]) ?? { failures: 0, accounts: new Set<string>(), lines: [] };
    sum.failures += 1;
    sum.accounts.add(account);
    sum.lines.push(line);
    found.set(end[1], sum);
  }
  return found;
}

/** sshd's "Accepted" lines for an account. */
export function acceptedFor(lines: readonly LogLine[], account: string): LogLine[] {
  return lines.filter((line) => new RegExp(`\\]: Accepted \\S+ for ${account} from `).test(line.text));
}

/** When a line was written, by its own stamp: ISO with zone, or the host's local time of this year (or of last, when that is in the future). */
export async function timeOf(host: LabHost, line: LogLine, now: number): Promise<number> {
  const iso = /^\d{4}-\d\d-\d\dT\S+/.exec(line.text)?.[0];
  if (iso) return Date.parse(iso);
  const stamp = line.text.slice(0, 15);
  const year = new Date(now).getUTCFullYear();
  const at = Number(await host.must(['date', '-d', `${stamp.slice(0, 6)} ${year}${stamp.slice(6)}`, '+%s'])) * 1000;
  return at > now + 86_400_000 ? Number(await host.must(['date', '-d', `${stamp.slice(0, 6)} ${year - 1}${stamp.slice(6)}`, '+%s'])) * 1000 : at;
}
