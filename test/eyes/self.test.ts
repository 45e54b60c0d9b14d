import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { selfSeen, sessionOf } from '../../src/eyes/self.ts';

it('knows its own process, those above it, and where it is installed', () => {
  const self = selfSeen(() => null);
  expect(self.pid).toBe(process.pid);
  expect(self.above[0]).toBe(process.ppid === 1 ? undefined : process.ppid);
  expect(self.above).not.toContain(1);
  expect(fs.existsSync(`${self.folder}/package.json`)).toBe(true);
});

it('finds the session in the environment of the shell above, where sudo took it from its own', () => {
  const own = 'PATH=/bin\0SUDO_USER=kim\0SUDO_UID=1000\0';
  const shell = 'SSH_CLIENT=2001:db8::7 50000 22\0SSH_CONNECTION=2001:db8::7 50000 2001:db8::1 22\0';
  expect(sessionOf([own, '', shell])).toEqual({ addresses: ['2001:db8::7'], caller: 'kim' });
});

it('takes no other variable that only looks like one', () => {
  expect(sessionOf(['X_SSH_CLIENT=198.51.100.9 1 2\0NOTE=SUDO_USER=x\0'])).toEqual({ addresses: [], caller: null });
});
