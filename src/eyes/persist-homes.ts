/** The homes whose start files, keys and units count. */

import { posix } from 'node:path';
import type { AccountSeen } from '../core/words.ts';
import type { Disk } from './disk.ts';
import { present } from './homes.ts';
import type { Home } from './persist-look.ts';

/** Each home once, root's first. `/` is no home: what lies there belongs to the system. */
export function homesOf(accounts: readonly AccountSeen[]): Home[] {
  const root = accounts.find((account) => account.uid === 0)?.name ?? 'root';
  const homes = new Map<string, Home>([['/root', { account: root, path: '/root', uid: 0 }]]);
  for (const { name, home, uid } of accounts) {
    if (!home.startsWith('/')) continue;
    const path = posix.normalize(home).replace(/\/$/, '');
    if (path !== '' && !homes.has(path)) homes.set(path, { account: name, path, uid });
  }
  return [...homes.values()];
}

/** Of these homes the ones that are there. */
export function homesThere(disk: Disk, accounts: readonly AccountSeen[]): Home[] {
  const homes = homesOf(accounts);
  const { paths } = present(
    disk,
    homes.map((home) => home.path),
  );
  return homes.filter((home) => paths.has(home.path));
}
