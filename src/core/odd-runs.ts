/** What a command line of a job or start file runs in a place where no program belongs. */

import { runsOf } from './command-line.ts';
import { type OddPlace, oddPlace } from './places.ts';

/** Installers put these there and let cron or a start file run them. */
const HONEST = /\/\.?venv\/bin\/|\/\.virtualenv\/bin\/|\/node_modules\/\.bin\/|\/\.acme\.sh\/acme\.sh$/;

export interface OddRun {
  readonly path: string;
  readonly odd: OddPlace;
}

/** The first such program. Start files read hidden files of a home by `.`, which is no sign. */
export function oddRun(line: string, home: string | null): OddRun | null {
  for (const { path, sourced } of runsOf(line, home)) {
    const odd = oddPlace(path);
    if (odd !== null && !HONEST.test(path) && !(sourced && odd === 'hidden')) return { path, odd };
  }
  return null;
}
