/**
 * Wakes the follower when something happens in a directory of its logs (inotify). Only a hint: whoever is woken looks for himself, and
 * looks now and then anyway, since inotify has limits, sees nothing on network disks, and forgets a directory that was made anew.
 */

import * as fs from 'node:fs';
import { listed } from '../core/text.ts';
import type { Coverage } from '../core/words.ts';
import { bytesOf, codeOf } from './disk.ts';

/** More are polled: a kernel allows a user 8,192 watches on small machines (fs.inotify.max_user_watches). */
const WATCHES_AT_MOST = 4_000;

interface Watch {
  readonly watcher: fs.FSWatcher;
  readonly inode: number;
}

export class DirectoryWatch {
  readonly #heard: (directory: string, name: string | null) => void;
  readonly #watches = new Map<string, Watch>();
  /** Why a directory cannot be watched. */
  readonly #refused = new Map<string, string>();

  constructor(heard: (directory: string, name: string | null) => void) {
    this.#heard = heard;
  }

  /** These directories and no others; those that were made anew are watched anew. */
  only(directories: ReadonlySet<string>): void {
    for (const [directory, { inode }] of this.#watches) if (!directories.has(directory) || inodeOf(directory) !== inode) this.#end(directory);
    this.#refused.clear();
    for (const directory of directories) if (!this.#watches.has(directory)) this.#begin(directory);
  }

  coverage(): Coverage | null {
    if (this.#refused.size === 0) return null;
    const why = [...new Set(this.#refused.values())].join(', ');
    const detail = `${listed([...this.#refused.keys()])} cannot be watched (${why}): looked at now and then instead, so that lines are seen a little later`;
    return { source: 'inotify', state: 'partial', detail };
  }

  close(): void {
    for (const directory of [...this.#watches.keys()]) this.#end(directory);
  }

  #begin(directory: string): void {
    const inode = inodeOf(directory);
    // What is not there is no matter of watching.
    if (inode === null) return;
    if (this.#watches.size >= WATCHES_AT_MOST) {
      this.#refused.set(directory, 'too many directories');
      return;
    }
    try {
      const watcher = fs.watch(bytesOf(directory), { persistent: true }, (_event, name) => this.#heard(directory, name));
      watcher.on('error', () => this.#end(directory));
      this.#watches.set(directory, { watcher, inode });
    } catch (error) {
      this.#refused.set(directory, codeOf(error) === 'ENOSPC' ? 'fs.inotify.max_user_watches is used up' : codeOf(error));
    }
  }

  #end(directory: string): void {
    this.#watches.get(directory)?.watcher.close();
    this.#watches.delete(directory);
  }
}

function inodeOf(directory: string): number | null {
  return fs.statSync(bytesOf(directory), { throwIfNoEntry: false })?.ino ?? null;
}
