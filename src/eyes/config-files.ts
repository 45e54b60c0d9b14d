/** The files of a server's settings: those with fixed names, and all in the directories from which more are included. */

import type { Disk } from './disk.ts';

/** Of one directory. */
const FILES_AT_MOST = 500;

export function configFiles(disk: Disk, files: readonly string[], directories: readonly string[]): string[] {
  const inside = directories.flatMap((directory) => {
    const names = disk.names(directory);
    return Array.isArray(names)
      ? names
          .sort()
          .slice(0, FILES_AT_MOST)
          .map((name) => `${directory}/${name}`)
      : [];
  });
  return [...files.filter((file) => disk.exists(file)), ...inside];
}
