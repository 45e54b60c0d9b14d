/** What a suspicious process runs: its program file, whose it is, since when it lies there, and from where it was started. */

import type { Given, Probe } from '../core/contracts.ts';
import { directoryOf } from '../core/entity.ts';
import { oddPlace } from '../core/places.ts';
import { ofOneProgram, processOf, programOf, speaksForItsKind } from '../core/story.ts';
import { counted, listed, named, shown } from '../core/text.ts';
import type { Entity, FactDraft, ProcessSeen } from '../core/words.ts';

/** Larger programs are named without a sum: reading them would make the machine busier than the intruder does. */
const HASH_LIMIT_BYTES = 64 << 20;

export const processProgram: Probe = {
  name: 'process-program',
  about: 'Names the program file of a process, its owner, its age, its sum and the command line.',
  cannotSee: 'a program that rewrote its own command line and deleted its file: then only /proc has the bytes.',
  asks: 'process',
  look(entity, given, story) {
    const process = processOf(entity, given.eyes);
    if (!process || !speaksForItsKind(process, story, given.eyes, ofOneProgram)) return [];
    return [told(process, given)];
  },
};

function told(process: ProcessSeen, given: Given): FactDraft {
  const program = programOf(process);
  const same = given.eyes.processes().filter((other) => programOf(other) === program && other.uid === process.uid).length;
  const parts = [
    `process ${process.pid} (${named(process.name)}) of ${process.account ? named(process.account) : `uid ${process.uid}`} runs ${program ? named(program) : 'a program that could not be read'}`,
    gone(process) ? 'whose file is deleted' : '',
    same > 1 ? `one of ${counted(same, 'process', 'processes')}` : '',
    process.argv.length > 0 ? `command line: ${shown(process.argv.join(' '), 200)}` : '',
    process.cwd ? `working directory ${named(process.cwd)}` : '',
    program && !gone(process) ? fileWords(program, given) : '',
  ];
  return {
    says: parts.filter(Boolean).join(', '),
    at: process.startedAt,
    role: 'process',
    leadsTo: ledTo(process, program),
    evidence: [{ source: `/proc/${process.pid}`, ...(program ? { path: program } : {}), at: process.startedAt }],
    confidence: 'strong',
    ...(program === null ? { gap: `the program of process ${process.pid} could not be read: run it again as root` } : {}),
  };
}

function gone(process: ProcessSeen): boolean {
  return process.script === null ? process.exeState === 'deleted' : process.scriptSays?.gone === true;
}

function fileWords(program: string, given: Given): string {
  const file = given.eyes.stat(program);
  if (!file) return '';
  const owner = given.eyes.accounts().find((account) => account.uid === file.uid)?.name ?? `uid ${file.uid}`;
  const sum = given.eyes.sha256(program, HASH_LIMIT_BYTES);
  return `the file belongs to ${listed([owner])}${sum ? `, sha256 ${sum}` : ''}`;
}

/** The file and its directory only where they are the culprit's own: everybody's /bin/sh leads nowhere. */
function ledTo(process: ProcessSeen, program: string | null): Entity[] {
  const led: Entity[] = process.account !== null && process.uid !== 0 ? [{ is: 'account', name: process.account, uid: process.uid }] : [];
  for (const path of [program, process.exe]) {
    if (path === null || oddPlace(path) === null) continue;
    led.push({ is: 'file', path }, { is: 'directory', path: directoryOf(path) });
  }
  if (process.cwd !== null && oddPlace(process.cwd) !== null) led.push({ is: 'directory', path: process.cwd });
  return led;
}
