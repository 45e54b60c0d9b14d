/** Runs the few programs that the hand needs: found at fixed places, root's own, started without a shell and with a bare environment. */

import { spawn } from 'node:child_process';
import * as fs from 'node:fs';

const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
const ERROR_BYTES_AT_MOST = 4096;
export const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin', '/usr/local/sbin'] as const;

export interface Ran {
  readonly ok: boolean;
  readonly out: string;
  /** What it said of its failure, its first line. */
  readonly fault: string;
}

/** Where a program lies that nobody but root can have put there; null where there is none. */
export function found(name: string, folders: readonly string[] = FOLDERS): string | null {
  for (const folder of folders) {
    const file = `${folder}/${name}`;
    try {
      const seen = fs.statSync(file);
      if (seen.isFile() && seen.uid === 0 && (seen.mode & 0o022) === 0 && (seen.mode & 0o111) !== 0) return file;
    } catch {
      // Not there: the next folder.
    }
  }
  return null;
}

export function run(
  program: string,
  words: readonly string[],
  input: string,
  { timeoutMs = 60_000, bytesAtMost = 256 * 1024 * 1024 } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env: ENVIRONMENT, cwd: '/' });
    const out: Buffer[] = [];
    let bytes = 0;
    let fault = '';
    const timer = setTimeout(() => {
      fault = `${program} did not end within ${Math.round(timeoutMs / 1000)} s`;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= bytesAtMost) out.push(part);
    });
    child.stderr.on('data', (part: Buffer) => {
      if (fault.length < ERROR_BYTES_AT_MOST) fault += part.toString('utf8');
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, out: '', fault: error.message });
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      const first = fault.trim().split('\n', 1)[0] ?? '';
      const whole = bytes <= bytesAtMost;
      resolve({
        ok: status === 0 && whole,
        out: Buffer.concat(out).toString('utf8'),
        fault: first.slice(0, 300) || (whole ? '' : 'it said too much'),
      });
    });
    // It may end before it has read all.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
