/**
 * Everything that makes a program run again or lets somebody in again, kind by kind, each with what it could not read.
 * Cannot see: changed programs, kernel modules, boot loaders, firmware, and what NSS or PAM modules start.
 */

import type { AccountSeen, Coverage, PersistenceSeen } from '../core/words.ts';
import type { Disk } from './disk.ts';
import { atJobs, crontabs } from './persist-cron.ts';
import { homesThere } from './persist-homes.ts';
import { initScripts, preloads, setuidPrograms } from './persist-init.ts';
import { authorizedKeys } from './persist-keys.ts';
import { ENTRIES_AT_MOST, Look } from './persist-look.ts';
import { shellStarts } from './persist-shell.ts';
import { units } from './persist-units.ts';

type Note = (coverage: Coverage) => void;

export function persistence(disk: Disk, accounts: readonly AccountSeen[], note: Note): PersistenceSeen[] {
  const homes = homesThere(disk, accounts);
  const kinds: readonly (readonly [string, (look: Look) => void])[] = [
    ['crontabs', crontabs],
    ['systemd units', (look) => units(look, accounts, homes)],
    ['at jobs', (look) => atJobs(look, accounts)],
    ['shell start files', (look) => shellStarts(look, homes)],
    ['authorized keys', (look) => authorizedKeys(look, accounts)],
    ['ld.so.preload', preloads],
    ['init scripts', initScripts],
    ['setuid programs', (look) => setuidPrograms(look, accounts, homes)],
  ];
  const looks = kinds.map(([source, read]) => {
    const look = new Look(disk, source, homes);
    read(look);
    return look;
  });
  const shares = fairShares(looks.map((look) => look.found.length));
  for (const [index, look] of looks.entries()) note(look.coverage(shares[index] ?? 0));
  return looks.flatMap((look, index) => look.found.slice(0, shares[index]));
}

/** How many of each kind are kept when all together are too many: the small kinds whole, so that a flood of one hides no other. */
function fairShares(found: readonly number[]): number[] {
  const shares = found.map(() => 0);
  const smallFirst = found.map((count, index) => ({ count, index })).sort((a, b) => a.count - b.count);
  let left = ENTRIES_AT_MOST;
  for (const [done, { count, index }] of smallFirst.entries()) {
    const share = Math.min(count, Math.floor(left / (found.length - done)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}
