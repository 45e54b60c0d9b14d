/** The file system calls of the hand, behind a window, so that a full or broken disk can be tried. */

import * as fs from 'node:fs';

export type Files = Pick<
  typeof fs,
  'openSync' | 'closeSync' | 'writeSync' | 'fsyncSync' | 'ftruncateSync' | 'fstatSync' | 'renameSync' | 'readFileSync' | 'mkdirSync' | 'unlinkSync'
>;

export const realFiles: Files = fs;

/** What the kernel said, in words: `no space left on device`. */
export function faultOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: ([^,]{1,100})/.exec(text)?.[1] ?? text.slice(0, 200);
}
