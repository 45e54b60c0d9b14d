/** Whether a file or directory of a case was deleted: what is not there any more needs no order. */

import { inside } from './places.ts';
import type { Eyes } from './world.ts';

/** Not found, and a process tells that it was there: what merely could not be seen is not gone. */
export function isGone(path: string, eyes: Pick<Eyes, 'stat' | 'processes'>): boolean {
  if (eyes.stat(path) !== null) return false;
  return eyes
    .processes()
    .some(
      ({ exe, exeState, script, scriptSays }) =>
        (exe !== null && exeState === 'deleted' && inside(exe, path)) || (script !== null && scriptSays?.gone === true && inside(script, path)),
    );
}
