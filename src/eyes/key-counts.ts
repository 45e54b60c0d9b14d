/** How many SSH keys let somebody into each account. Cannot see: keys that AuthorizedKeysFile or AuthorizedKeysCommand takes from other places. */

import type { Disk } from './disk.ts';
import { homePath, type Present } from './homes.ts';

const KEYS_BYTES = 1 << 20;

/** Counts keys in the files that sshd reads unless told otherwise (sshd_config(5)); each home is looked into once. */
export class Keys {
  unread = 0;
  readonly #disk: Disk;
  readonly #known = new Map<string, number>();

  readonly #homes: Present;

  constructor(disk: Disk, homes: Present) {
    this.#disk = disk;
    this.#homes = homes;
  }

  in(home: string): number {
    const path = homePath(home);
    if (path === null || !this.#homes.paths.has(path)) return 0;
    const base = path === '/' ? '' : path;
    const kept = this.#known.get(base);
    if (kept !== undefined) return kept;
    const names = this.#disk.names(`${base}/.ssh`);
    const absent = !Array.isArray(names) && (names.error === 'ENOENT' || names.error === 'ENOTDIR');
    const keys = (absent ? [] : ['authorized_keys', 'authorized_keys2']).reduce((sum, name) => sum + this.#lines(`${base}/.ssh/${name}`), 0);
    this.#known.set(base, keys);
    return keys;
  }

  #lines(path: string): number {
    const got = this.#disk.read(path, KEYS_BYTES);
    if ('error' in got && got.error !== 'ENOENT' && got.error !== 'ENOTDIR') this.unread += 1;
    return 'error' in got ? 0 : got.bytes.toString('latin1').split('\n').filter(isKey).length;
  }
}

/** A key type and the base64 of its length, which begins every public key (RFC 4253 section 6.6), after any options. */
function isKey(line: string): boolean {
  return !/^\s*#/.test(line) && /(?:ssh-|ecdsa-|sk-)[\w@.-]{1,60}[ \t]+AAAA/.test(line.slice(0, 8192));
}
