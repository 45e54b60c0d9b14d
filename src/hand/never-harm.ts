/** The list of a person's own: addresses and networks that no order may ban, one a line, with comments behind `#`. */

import { netOf } from '../core/nets.ts';
import { joined, named } from '../core/text.ts';
import { type Files, faultOf } from './files.ts';
import type { Spared } from './guard.ts';

const BYTES_AT_MOST = 1024 * 1024;
const LINES_AT_MOST = 20_000;
const TOLD_AT_MOST = 3;

export interface NeverHarm {
  readonly nets: readonly Spared[];
  /** What a person should repair, as the beginning of a sentence; null when all of it was understood. */
  readonly trouble: string | null;
  /** It is there, and cannot be relied on: no ban may be carried out. */
  readonly blind: boolean;
}

export function neverHarm(file: string, files: Pick<Files, 'readFileSync'>): NeverHarm {
  let text: string;
  try {
    text = files.readFileSync(file, 'utf8');
  } catch (error) {
    // Node's errors of system calls carry their name.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { nets: [], trouble: null, blind: false };
    return { nets: [], trouble: `your never-harm list ${named(file)} could not be read (${faultOf(error)})`, blind: true };
  }
  const lines = text.split('\n');
  if (text.length > BYTES_AT_MOST || lines.length > LINES_AT_MOST) {
    return { nets: [], trouble: `your never-harm list ${named(file)} is longer than 1 MB or ${LINES_AT_MOST} lines`, blind: true };
  }
  const nets: Spared[] = [];
  const odd: string[] = [];
  for (const [at, line] of lines.entries()) {
    const word = line.split('#', 1)[0]?.trim() ?? '';
    if (word === '') continue;
    const net = netOf(word);
    if (typeof net === 'string') odd.push(`line ${at + 1} (${named(word)} ${net})`);
    else nets.push({ net, why: `on your never-harm list (${file}, line ${at + 1})` });
  }
  const told = joined(odd.slice(0, TOLD_AT_MOST), Math.max(0, odd.length - TOLD_AT_MOST));
  return { nets, trouble: odd.length === 0 ? null : `your never-harm list ${named(file)} spares nobody by ${told}`, blind: false };
}
