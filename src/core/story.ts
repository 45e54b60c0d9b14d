/** What probes ask of a case so far: which process an entity is, and whether an equal one has spoken already. */

import type { Story } from './contracts.ts';
import type { Entity, ProcessSeen } from './words.ts';
import type { Eyes } from './world.ts';

/** The process an entity names, if it still lives under the same start time. */
export function processOf(entity: Entity, eyes: Eyes): ProcessSeen | null {
  if (entity.is !== 'process') return null;
  const process = eyes.processes().find((seen) => seen.pid === entity.pid);
  return process && process.startTicks === entity.startTicks && !process.kernelThread ? process : null;
}

/** Its program has no file: memfd_create(2). */
export function inMemory(process: ProcessSeen): boolean {
  return process.exeState === 'memfd' || process.exeState === 'sealed';
}

/** What a process runs, for comparing: the script of an interpreter, else the program file. */
export function programOf(process: ProcessSeen): string | null {
  return process.script ?? process.exe;
}

/** What makes two processes alike: the same program of the same account, and perhaps under the same parent. */
export function ofOneProgram(process: ProcessSeen): string {
  return `${programOf(process)} ${process.uid}`;
}

export function ofOneParent(process: ProcessSeen): string {
  return `${ofOneProgram(process)} ${process.ppid}`;
}

/** Of 200 equal processes only the first of the case speaks: `alike` says what makes two of them equal. */
export function speaksForItsKind(process: ProcessSeen, story: Story, eyes: Eyes, alike: (process: ProcessSeen) => string): boolean {
  const kind = alike(process);
  for (const entity of story.entities) {
    const other = processOf(entity, eyes);
    if (other && alike(other) === kind) return other.pid === process.pid;
  }
  return true;
}
