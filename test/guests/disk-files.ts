/** Real files for tests of guests. */

import * as fs from 'node:fs';
import type { GuestFiles } from '../../src/guests/fail2ban/files.ts';

export const realFiles: GuestFiles = {
  read(path) {
    try {
      return fs.readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  },
  list(directory) {
    try {
      return fs.readdirSync(directory).sort();
    } catch {
      return [];
    }
  },
};

/** Files that exist only here. */
export function paperFiles(content: Readonly<Record<string, string>>): GuestFiles {
  return {
    read: (path) => content[path] ?? null,
    list: (directory) =>
      Object.keys(content)
        .filter((path) => path.startsWith(`${directory}/`) && !path.slice(directory.length + 1).includes('/'))
        .map((path) => path.slice(directory.length + 1))
        .sort(),
  };
}
