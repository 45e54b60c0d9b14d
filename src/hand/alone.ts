/** One hand for one ledger: a note of who holds it, which is void when that process is gone. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../core/errors.ts';
import { faultOf } from './files.ts';

/** A hand that was started for one call is soon gone. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 50;

/** Takes hold of the state directory. A disk that cannot be written takes no note, and no order either. */
export async function alone(directory: string, patienceMs = PATIENCE_MS): Promise<void> {
  const note = path.join(directory, 'held-by');
  for (let waitedMs = 0; holderOf(note) !== null; waitedMs += LOOK_MS) {
    if (waitedMs >= patienceMs)
      throw new UserError(`Another hand (process ${holderOf(note)}) holds ${directory}`, 'Stop that one first: two hands would undo one another.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    fs.writeFileSync(note, `${identity(process.pid)}\n`, { mode: 0o600 });
  } catch (error) {
    process.stderr.write(`${note} could not be written (${faultOf(error)})\n`);
  }
}

/** The pid of a hand that lives and is another one. */
function holderOf(note: string): number | null {
  const holder = readNote(note);
  const pid = Number(holder.split(' ', 1)[0]);
  return holder !== '' && holder === identity(pid) && pid !== process.pid ? pid : null;
}

function readNote(note: string): string {
  try {
    return fs.readFileSync(note, 'utf8').trim();
  } catch {
    return '';
  }
}

/** `PID START`: pids are reused, a start time with them is not (proc(5), field 22). Empty for a process that has ended. */
function identity(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const field = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return field[0] === 'Z' || field[0] === 'X' ? '' : `${pid} ${field[19]}`;
  } catch {
    return '';
  }
}
