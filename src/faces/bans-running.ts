/** Is a `tocsin watch` running? Looked for among the processes. Cannot see: those of other accounts where /proc hides them (hidepid). */

import * as fs from 'node:fs';

export interface Watching {
  readonly pid: number;
  readonly acts: boolean;
}

const PROCESSES_AT_MOST = 100_000;
/** Arguments are chosen by whoever starts a process. */
const ARGUMENTS_AT_MOST = 200;

/** The side that judges. Its launcher, which is root's, has the same words and is its parent: that one is left out. */
export function watching(proc = '/proc'): Watching[] {
  const pids = fs.readdirSync(proc).filter((name) => /^\d+$/.test(name));
  const found = pids.slice(0, PROCESSES_AT_MOST).flatMap((pid) => {
    const words = argumentsOf(`${proc}/${pid}/cmdline`);
    const at = words.findIndex((word, index) => /(?:^|\/)tocsin$/.test(word) && words[index + 1] === 'watch');
    // `setpriv … node …/tocsin watch …` is on its way to become one.
    if (at < 0 || /(?:^|\/)setpriv$/.test(words[0] ?? '')) return [];
    const rest = words.slice(at + 2);
    const acts = rest.some((word, index) => word === '--mode=act' || (word === '--mode' && rest[index + 1] === 'act'));
    return [{ pid: Number(pid), acts, parent: parentOf(`${proc}/${pid}/stat`) }];
  });
  const parents = new Set(found.map(({ parent }) => parent));
  return found.flatMap(({ pid, acts }) => (parents.has(pid) ? [] : [{ pid, acts }]));
}

function argumentsOf(file: string): string[] {
  try {
    return fs.readFileSync(file, 'latin1').split('\0').slice(0, ARGUMENTS_AT_MOST);
  } catch {
    return [];
  }
}

/** proc(5): the name stands in brackets and may hold any character, the parent is the second field behind it. */
function parentOf(file: string): number {
  try {
    const stat = fs.readFileSync(file, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
