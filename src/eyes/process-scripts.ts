/** What the scripts of running interpreters say, read as the process sees them. Cannot see: what a script reads in from elsewhere. */

import * as fs from 'node:fs';
import { scriptSays } from '../core/script-text.ts';
import type { ScriptSays } from '../core/words.ts';
import { textOf } from './disk.ts';
import { openRegular } from './open-file.ts';

/** A loop that starts others is short; a long program's loops say little. */
const SCRIPT_BYTES = 32 << 10;
/** Different scripts; equal ones are read once. */
const SCRIPTS_AT_MOST = 1_000;
/** Where bash and dash keep the script open that they read: it is there still when its name is gone. */
const KEPT_OPEN = [255, 10];

export class Scripts {
  readonly #read = new Map<string, ScriptSays | null>();

  /**
   * Null where it could not be read, or too many were read already. `certain`: the whole path stands in the command line. A relative one may
   * have been meant from another directory, and that nothing lies there then says nothing.
   */
  says(pid: number, script: string, certain: boolean, mntns: string | null): ScriptSays | null {
    const key = `${mntns} ${script}`;
    const known = this.#read.get(key);
    if (known !== undefined && !known?.gone) return known;
    if (this.#read.size >= SCRIPTS_AT_MOST) return null;
    const said = sayingOf(pid, script, certain);
    this.#read.set(key, said);
    return said;
  }
}

function sayingOf(pid: number, script: string, certain: boolean): ScriptSays | null {
  const text = textAt(`/proc/${pid}/root${script}`);
  if (typeof text === 'string') return scriptSays(text, false);
  if (text.error !== 'ENOENT') return null;
  for (const fd of KEPT_OPEN) {
    const path = `/proc/${pid}/fd/${fd}`;
    if (!leadsTo(path, script)) continue;
    const kept = textAt(path);
    if (typeof kept === 'string') return scriptSays(kept, true);
  }
  return certain ? scriptSays('', true) : null;
}

function leadsTo(path: string, script: string): boolean {
  try {
    return fs.readlinkSync(path) === `${script} (deleted)`;
  } catch {
    return false;
  }
}

/** Regular files only, so that nothing waits for a pipe or wakes a device. */
function textAt(path: string): string | { readonly error: string } {
  let fd = -1;
  try {
    fd = openRegular(path, { follow: true });
    const bytes = Buffer.alloc(SCRIPT_BYTES);
    return textOf(bytes.subarray(0, fs.readSync(fd, bytes, 0, SCRIPT_BYTES, 0)));
  } catch (error) {
    return { error: error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN' };
  } finally {
    if (fd >= 0) fs.closeSync(fd);
  }
}
