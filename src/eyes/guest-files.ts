/** The files of guests (fail2ban's filters and jails) on the machine or disk that is looked at, read-only and bounded; what was there and could not be read is told. */

import { type Disk, textOf } from './disk.ts';

/** 1 MiB a file: the largest that fail2ban brings has 27 KiB. */
const FILE_BYTES_AT_MOST = 1 << 20;
/** Names in one directory; Debian's filter.d has about a hundred. */
const NAMES_AT_MOST = 10_000;

export interface GuestFileFault {
  readonly path: string;
  readonly says: string;
}

export class GuestFilesOnDisk {
  readonly #disk: Disk;
  readonly #faults = new Map<string, string>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Files and directories that are there and could not be read, or not whole. */
  get faults(): readonly GuestFileFault[] {
    return [...this.#faults].map(([path, says]) => ({ path, says }));
  }

  read(path: string): string | null {
    if (path.includes('\0')) return null;
    const got = this.#disk.read(path, FILE_BYTES_AT_MOST);
    if ('error' in got) {
      // Most files that are asked for need not exist: a .local for every .conf.
      if (got.error !== 'ENOENT' && got.error !== 'ENOTDIR') this.#faults.set(path, `cannot be read (${got.error})`);
      return null;
    }
    if (got.more) this.#faults.set(path, `is larger than ${FILE_BYTES_AT_MOST} bytes: the rest was not read`);
    return textOf(got.bytes);
  }

  list(directory: string): readonly string[] {
    const names = this.#disk.names(directory);
    if (!Array.isArray(names)) {
      if (names.error !== 'ENOENT' && names.error !== 'ENOTDIR') this.#faults.set(directory, `cannot be listed (${names.error})`);
      return [];
    }
    if (names.length > NAMES_AT_MOST) this.#faults.set(directory, `holds more than ${NAMES_AT_MOST} names: the rest was left out`);
    return names.sort().slice(0, NAMES_AT_MOST);
  }
}
