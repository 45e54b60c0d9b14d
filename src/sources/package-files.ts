/** Programs that run now and programs that take passwords, against the sums of the packages that brought them. */

import type { Source } from '../core/contracts.ts';
import { installed } from '../core/places.ts';
import type { PackageFileSeen } from '../core/words.ts';

/** Hashing is the dearest part of a look: a server runs some tens of different programs. */
const FILES_AT_MOST = 400;

export const packageFiles: Source = {
  name: 'package-files',
  about: 'Compares running programs and log-in programs with the package sums.',
  cannotSee: 'sums that the intruder changed too: they lie on the same disk.',
  *open(eyes) {
    const running = eyes
      .processes()
      .filter((process) => process.exe !== null && process.exeState === 'present' && installed(process.exe))
      .map((process) => process.exe ?? '');
    const paths = new Map<string, PackageFileSeen['because']>(eyes.loginPath().map((path) => [path, 'login-path']));
    for (const path of running) paths.set(path, 'running');
    for (const [path, because] of [...paths].slice(0, FILES_AT_MOST)) {
      yield { event: { kind: 'package-file.seen', at: eyes.now(), source: 'packages', fields: eyes.packageFile(path, because) } };
    }
    if (paths.size > FILES_AT_MOST)
      eyes.note({ source: 'package sums', state: 'partial', detail: `${paths.size - FILES_AT_MOST} programs were not compared` });
  },
};
