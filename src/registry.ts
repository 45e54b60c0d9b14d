/** The guest list: every plugin, by family. Adding one adds its two lines here and nowhere else. */

import type { Detector, Parser, Policy, Probe, Source } from './core/contracts.ts';
import { accounts } from './parsers/accounts.ts';
import { cron } from './parsers/cron.ts';
import { dropbear } from './parsers/dropbear.ts';
import { kernel } from './parsers/kernel.ts';
import { login } from './parsers/login.ts';
import { logind } from './parsers/logind.ts';
import { sshd } from './parsers/sshd.ts';
import { sshdVisits } from './parsers/sshd-visits.ts';
import { su } from './parsers/su.ts';
import { sudo } from './parsers/sudo.ts';
import { closeTheWayIn } from './policies/close-the-way-in.ts';
import { containProcesses } from './policies/contain-processes.ts';
import { quarantinePlaces } from './policies/quarantine-places.ts';
import { tellPeople } from './policies/tell-people.ts';
import { accountDeeds } from './probes/account-deeds.ts';
import { accountGuessing } from './probes/account-guessing.ts';
import { accountLogins } from './probes/account-logins.ts';
import { accountStanding } from './probes/account-standing.ts';
import { addressDeeds } from './probes/address-deeds.ts';
import { clearedAccounts } from './probes/cleared-accounts.ts';
import { directoryUsers } from './probes/directory-users.ts';
import { fileOrigin } from './probes/file-origin.ts';
import { processFiles } from './probes/process-files.ts';
import { processLogin } from './probes/process-login.ts';
import { processParents } from './probes/process-parents.ts';
import { processProgram } from './probes/process-program.ts';
import { processSockets } from './probes/process-sockets.ts';

export const sources: readonly Source[] = [];

export const parsers: readonly Parser[] = [accounts, cron, dropbear, kernel, logind, login, sshd, sshdVisits, su, sudo];

export const detectors: readonly Detector[] = [];

export const probes: readonly Probe[] = [
  accountDeeds,
  accountGuessing,
  accountLogins,
  accountStanding,
  addressDeeds,
  clearedAccounts,
  directoryUsers,
  fileOrigin,
  processFiles,
  processLogin,
  processParents,
  processProgram,
  processSockets,
];

export const policies: readonly Policy[] = [closeTheWayIn, containProcesses, quarantinePlaces, tellPeople];
