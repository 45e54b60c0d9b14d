/** May root run this program at each boot? Only where nobody but root can have put it there, or can put another one in its place. */

import * as fs from 'node:fs';
import * as path from 'node:path';

type Facts = Pick<fs.Stats, 'uid' | 'mode'>;
export interface TrustLook {
  readonly stat: (file: string) => Facts;
  /** Names in a directory; null for what is none. */
  readonly names: (directory: string) => readonly string[] | null;
}

/** The units hide these from the part that acts, or they are no place for what runs at boot. */
const HIDDEN = ['/home', '/root', '/run/user', '/tmp', '/var/tmp'];
/** More files than the program and its packages have. */
const FILES_AT_MOST = 20_000;

const OWN_LOOK: TrustLook = {
  stat: (file) => fs.statSync(file),
  names: (directory) => (fs.lstatSync(directory).isDirectory() ? fs.readdirSync(directory) : null),
};

/** In words why not, null when it may. `files` and `folders` are real paths; all that is in the folders is looked at. */
export function mistrust(files: readonly string[], folders: readonly string[], look: TrustLook = OWN_LOOK): string | null {
  for (const file of [...files, ...folders]) {
    const hidden = HIDDEN.find((place) => file === place || file.startsWith(`${place}/`));
    if (hidden !== undefined) return `${file} lies below ${hidden}, which services do not see`;
    for (let place = file; place !== '/'; place = path.dirname(place)) {
      const fault = faultOf(place, look);
      if (fault !== null) return fault;
    }
  }
  return inside(folders, look);
}

function inside(folders: readonly string[], look: TrustLook): string | null {
  const open = [...folders];
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen > FILES_AT_MOST) return `${folders.join(', ')} hold more than ${FILES_AT_MOST} files`;
    const place = open.pop() ?? '';
    const fault = faultOf(place, look);
    if (fault !== null) return fault;
    open.push(...(look.names(place) ?? []).map((name) => `${place}/${name}`));
  }
  return null;
}

/** Links are looked through: what counts is who may write what they lead to. */
function faultOf(place: string, look: TrustLook): string | null {
  try {
    const { uid, mode } = look.stat(place);
    if (uid !== 0) return `${place} belongs to uid ${uid}, not to root`;
    return (mode & 0o022) === 0 ? null : `${place} may be written by others than root`;
  } catch (error) {
    return `${place} could not be looked at (${error instanceof Error ? error.message : String(error)})`;
  }
}
