/** Which of some programs a cron line, unit, timer or start file starts, read from its words. */

import { runsOf } from './command-line.ts';
import { directoryOf, nameOf } from './entity.ts';
import { inside } from './places.ts';
import type { PersistencePlace, PersistenceSeen } from './words.ts';

const WORDS: Readonly<Record<PersistencePlace, string>> = {
  cron: 'a cron line',
  unit: 'a systemd unit',
  timer: 'a systemd timer',
  at: 'an at job',
  'shell-rc': 'a shell start file',
  'authorized-keys': 'an authorized key',
  preload: 'ld.so.preload',
  'init-script': 'a start script',
  'ssh-rc': 'an ssh start file',
  sudoers: 'a sudo rule',
  setuid: 'a setuid file',
};

export function wordsForPlace(place: PersistencePlace): string {
  return WORDS[place];
}

/** The first of `programs` that this place starts, or null. A program that ends in `/` is a directory: whatever lies in it. */
export function startsOf(place: PersistenceSeen, programs: readonly string[], homes: ReadonlyMap<string, string>): string | null {
  const home = homes.get(place.account ?? '') ?? null;
  const command = place.command.replaceAll('%h', home ?? '%h');
  const runs = runsOf(command, home).map((run) => run.path);
  return (
    programs.find(
      (program) => runs.some((run) => run === program || (program.endsWith('/') && inside(run, program.slice(0, -1)))) || says(command, program),
    ) ?? null
  );
}

/** The path itself, or its directory together with its name (`cd DIR && ./NAME`), or another script of that directory. */
function says(command: string, program: string): boolean {
  if (program.split('/').length <= 2) return false;
  if (command.includes(program)) return true;
  const directory = directoryOf(program);
  return (
    directory.split('/').length > 2 &&
    command.includes(directory) &&
    (program.endsWith('/') || command.includes(nameOf(program)) || command.includes(`${directory}/`))
  );
}
