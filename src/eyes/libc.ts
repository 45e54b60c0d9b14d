/** The few calls of the C library that Node does not have, by way of koffi. An optional dependency: where it cannot be loaded this is null, and said so by whoever asks. */

import { createRequire } from 'node:module';

export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Buffer, size: number): number;
  setsockopt(fd: number, level: number, option: number, value: Buffer, size: number): number;
  send(fd: number, bytes: Buffer, size: number, flags: number): number;
  recv(fd: number, bytes: Buffer, size: number, flags: number): number;
  close(fd: number): number;
  fcntl(fd: number, command: number, value: number): number;
  getxattr(path: string, name: string, value: Buffer, size: number): number;
}

/** What of koffi is used here. */
interface Koffi {
  load(path: null): { func(declaration: string): (...values: unknown[]) => number };
}

let loaded: Libc | null | undefined;

export function libc(): Libc | null {
  if (loaded !== undefined) return loaded;
  try {
    // An optional dependency: its absence is a state, not an error.
    const library = (createRequire(import.meta.url)('koffi') as Koffi).load(null);
    loaded = {
      socket: library.func('int socket(int, int, int)'),
      bind: library.func('int bind(int, const void *, uint32_t)'),
      setsockopt: library.func('int setsockopt(int, int, int, const void *, uint32_t)'),
      send: library.func('long send(int, const void *, size_t, int)'),
      recv: library.func('long recv(int, void *, size_t, int)'),
      close: library.func('int close(int)'),
      fcntl: library.func('int fcntl(int, int, int)'),
      getxattr: library.func('long getxattr(const char *, const char *, void *, size_t)'),
    };
  } catch {
    loaded = null;
  }
  return loaded;
}
