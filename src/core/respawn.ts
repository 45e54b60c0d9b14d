/** Who can start a process again: a parent that goes round. Detectors, probes and policies ask here, so that all give the same answer. */

import { inside, installed, oddPlace } from './places.ts';
import { inlineText, loops } from './script-text.ts';
import type { ProcessSeen } from './words.ts';

/** Between a loop and what it runs stand `timeout`, `setsid`, a subshell. */
const STEPS_AT_MOST = 4;

/** A loop by its text, which is no installed program and no shell that somebody types into. Null = its text is not known. */
export function isLoop(process: ProcessSeen): boolean | null {
  if (process.kernelThread || process.pid <= 1) return false;
  if (process.script !== null) {
    if ((installed(process.script) || inside(process.script, '/etc')) && !inside(process.script, '/opt') && oddPlace(process.script) === null)
      return false;
    return process.scriptSays === undefined || (process.scriptSays.gone && !process.scriptSays.loops) ? null : process.scriptSays.loops;
  }
  const inline = inlineText(process);
  return inline !== null && loops(inline);
}

/** The loops above a process and what stands between, nearest first; empty when no loop of the same account or of root is near. */
export function loopAbove(process: ProcessSeen, parentOf: (process: ProcessSeen) => ProcessSeen | undefined): ProcessSeen[] {
  const way: ProcessSeen[] = [];
  for (let parent = parentOf(process); parent && parent.pid > 1 && way.length < STEPS_AT_MOST; parent = parentOf(parent)) {
    if (way.includes(parent) || (parent.uid !== process.uid && parent.uid !== 0)) break;
    way.push(parent);
    if (isLoop(parent) === true) return withTheRest(way, parentOf);
    if (!between(parent)) break;
  }
  return [];
}

/** A loop often runs in a subshell of itself: the outer one would begin a new one. */
function withTheRest(way: ProcessSeen[], parentOf: (process: ProcessSeen) => ProcessSeen | undefined): ProcessSeen[] {
  for (let last = way.at(-1); last && way.length < STEPS_AT_MOST * 2; last = way.at(-1)) {
    const parent = parentOf(last);
    if (!parent || way.includes(parent) || parent.uid !== last.uid || last.script === null || parent.script !== last.script) break;
    way.push(parent);
  }
  return way;
}

/** Programs that only run another one, and shells given one line. */
function between(process: ProcessSeen): boolean {
  return (
    /\/(?:timeout|setsid|nice|ionice|nohup|env|stdbuf|xargs|parallel|flock|sudo|runuser)$/.test(process.exe ?? '') || inlineText(process) !== null
  );
}
