/** One hand for one ledger: a note of who holds it, which is void when that process is gone. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../core/errors.ts';
import { faultOf } from './files.ts';

/** Takes hold of the state directory. A disk that cannot be written takes no note, and no order either. */
export function alone(directory: string): void {
  const note = path.join(directory, 'held-by');
  const holder = readNote(note);
  if (holder !== '' && holder === identity(Number(holder.split(' ', 1)[0])) && !holder.startsWith(`${process.pid} `)) {
    throw new UserError(
      `Another hand (process ${holder.split(' ', 1)[0]}) holds ${directory}`,
      'Stop that one first: two hands would undo one another.',
    );
  }
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    fs.writeFileSync(note, `${identity(process.pid)}\n`, { mode: 0o600 });
  } catch (error) {
    process.stderr.write(`${note} could not be written (${faultOf(error)})\n`);
  }
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
