/** Comings and goings over ssh between lab hosts: the stock client, with right passwords, wrong ones, or a key. */

import type { ChildProcess } from 'node:child_process';
import type { Account } from './accounts.ts';
import type { LabHost } from './host.ts';

export interface Way {
  readonly from: LabHost;
  /** The address of `from` that the other side sees. */
  readonly by: string;
  readonly to: string;
  readonly port: number;
}

const QUIET = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=30'];
const BY_PASSWORD = ['-o', 'PubkeyAuthentication=no', '-o', 'PreferredAuthentications=password', '-o', 'NumberOfPasswordPrompts=1'];

function client(way: Way, account: string, extra: readonly string[]): string[] {
  return ['ssh', '-F', '/dev/null', ...QUIET, ...extra, '-b', way.by, '-p', String(way.port), '-l', account, way.to];
}

export interface Tries {
  readonly way: Way;
  /** [account, password] pairs, all of them wrong. */
  readonly pairs: readonly (readonly [string, string])[];
}

/** Tries one wrong password a connection, many at a time; names and passwords go to the client as arguments, whatever is in them. */
export async function guess(tries: readonly Tries[], atOnce = 24): Promise<void> {
  await Promise.all(
    tries.map(async ({ way, pairs }) => {
      const fields = pairs.flat().join('\0');
      const one = `sshpass -p "$2" ${client(way, '"$1"', BY_PASSWORD).join(' ')} true; true`;
      const words = ['xargs', '-0', '-n', '2', '-P', String(Math.max(1, Math.floor(atOnce / tries.length))), 'bash', '-c', one, 'guess'];
      const said = await way.from.run(words, { input: fields });
      if (said.status !== 0) throw new Error(`guessing from ${way.by}: ${said.err}`);
    }),
  );
}

/** Logs in by password, runs a command and leaves. Gives what the command wrote. */
export function visit(way: Way, account: string, password: string, command: string): Promise<string> {
  return way.from.must(['sshpass', '-p', password, ...client(way, account, BY_PASSWORD), command]);
}

export function visitByKey(way: Way, account: string, key: string, command: string): Promise<string> {
  return way.from.must([...client(way, account, ['-i', key, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes']), command]);
}

/** Logs in by password and stays until the host is stopped. */
export function stay(way: Way, account: string, password: string, command: string): ChildProcess {
  return way.from.spawn(['sshpass', '-p', password, ...client(way, account, BY_PASSWORD), command]);
}

/** Logs in by key and stays until the host is stopped. */
export function stayByKey(way: Way, account: string, key: string, command: string): ChildProcess {
  return way.from.spawn([...client(way, account, ['-i', key, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes']), command]);
}

/** Packs a folder of the intruder's host into a directory of the other one, through one ssh session by password, and runs a command there. */
export async function bring(way: Way, account: Account, folder: string, place: string, command: string, stays: boolean): Promise<void> {
  const quoted = `'${place.replaceAll("'", "'\\''")}'`;
  const there = `umask 022; mkdir -p ${quoted} && cd ${quoted} && tar xf - && ${command} >/dev/null 2>&1${stays ? '; sleep 600' : ''}`;
  const script = 'tar cf - -C "$1" . | sshpass -p "$2" "${@:3}"';
  const words = ['bash', '-c', script, 'bring', folder, account.password ?? '', ...client(way, account.name, BY_PASSWORD), there];
  if (stays) way.from.spawn(words);
  else await way.from.must(words);
}
