/** This program itself: its process and those above it, where it is installed, and whose session it was started from. */

import * as path from 'node:path';
import type { SelfSeen } from '../core/world.ts';
import { procAscii } from './proc.ts';
import { setNumber, statOf } from './processes.ts';

const ABOVE_AT_MOST = 64;
const ENVIRONMENT_BYTES = 65_536;

/** `nameOf` gives the account of a uid, or null. The environments above are those of the admin's shell and sudo, not an attacker's. */
export function selfSeen(nameOf: (uid: number) => string | null): SelfSeen {
  const above: number[] = [];
  for (let pid = process.ppid; pid > 1 && above.length < ABOVE_AT_MOST; pid = Number(statOf(pid)?.fields[1] ?? 0)) above.push(pid);
  const environments = [process.pid, ...above].map((pid) => procAscii(`/proc/${pid}/environ`)?.slice(0, ENVIRONMENT_BYTES) ?? '');
  const { addresses, caller } = sessionOf(environments);
  const loginuid = setNumber('/proc/self/loginuid');
  return {
    pid: process.pid,
    above,
    folder: path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../..'),
    account: (loginuid === null ? null : nameOf(loginuid)) ?? caller,
    addresses,
  };
}

/** From environments as /proc has them, the own one first: sudo takes these variables from what it starts, the shell above has them still. */
export function sessionOf(environments: readonly string[]): { readonly addresses: readonly string[]; readonly caller: string | null } {
  const addresses = environments.flatMap((text) => /(?:^|\0)SSH_(?:CONNECTION|CLIENT)=([^\0\s]{2,64}) /.exec(text)?.[1] ?? []);
  const callers = environments.flatMap((text) => /(?:^|\0)SUDO_USER=([^\0]{1,256})/.exec(text)?.[1] ?? []);
  return { addresses: [...new Set(addresses)], caller: callers[0] ?? null };
}
