/** The guest list: every plugin, by family. Adding one adds its two lines here and nowhere else. */

import type { Detector, Parser, Policy, Probe, Source } from './core/contracts.ts';
import { accountChanged } from './detectors/account-changed.ts';
import { accountThatShouldNot } from './detectors/account-that-should-not.ts';
import { amplificationFlood } from './detectors/amplification-flood.ts';
import { attackKit } from './detectors/attack-kit.ts';
import { changedPackageFile } from './detectors/changed-package-file.ts';
import { conntrackFilling } from './detectors/conntrack-filling.ts';
import { conntrackFull } from './detectors/conntrack-full.ts';
import { deletedExecutable } from './detectors/deleted-executable.ts';
import { deletedLogs } from './detectors/deleted-logs.ts';
import { entryAfterGuessing } from './detectors/entry-after-guessing.ts';
import { entryFromNewNetwork } from './detectors/entry-from-new-network.ts';
import { exposedSshd } from './detectors/exposed-sshd.ts';
import { hiddenPlace } from './detectors/hidden-place.ts';
import { listeningCard } from './detectors/listening-card.ts';
import { manyInstances } from './detectors/many-instances.ts';
import { masquerade } from './detectors/masquerade.ts';
import { oddCronRun } from './detectors/odd-cron-run.ts';
import { outboundFlood } from './detectors/outbound-flood.ts';
import { outboundScan } from './detectors/outbound-scan.ts';
import { passwordGuessing } from './detectors/password-guessing.ts';
import { persistenceAdded } from './detectors/persistence-added.ts';
import { powerGuessing } from './detectors/power-guessing.ts';
import { queryFlood } from './detectors/query-flood.ts';
import { randomLabelFlood } from './detectors/random-label-flood.ts';
import { rawSocket } from './detectors/raw-socket.ts';
import { respawner } from './detectors/respawner.ts';
import { spreadGuessing } from './detectors/spread-guessing.ts';
import { userEnumeration } from './detectors/user-enumeration.ts';
import { webExploit } from './detectors/web-exploit.ts';
import { webGuessing } from './detectors/web-guessing.ts';
import { webScanner } from './detectors/web-scanner.ts';
import { accounts } from './parsers/accounts.ts';
import { applications } from './parsers/applications.ts';
import { asterisk } from './parsers/asterisk.ts';
import { auditd } from './parsers/auditd.ts';
import { cron } from './parsers/cron.ts';
import { databases } from './parsers/databases.ts';
import { dropbear } from './parsers/dropbear.ts';
import { exim } from './parsers/exim.ts';
import { ftp } from './parsers/ftp.ts';
import { kernel } from './parsers/kernel.ts';
import { keyed } from './parsers/keyed.ts';
import { login } from './parsers/login.ts';
import { logind } from './parsers/logind.ts';
import { mailboxes } from './parsers/mailboxes.ts';
import { named } from './parsers/named.ts';
import { openvpn } from './parsers/openvpn.ts';
import { pamServices } from './parsers/pam-services.ts';
import { postfix } from './parsers/postfix.ts';
import { samba } from './parsers/samba.ts';
import { sendmail } from './parsers/sendmail.ts';
import { sshd } from './parsers/sshd.ts';
import { sshdVisits } from './parsers/sshd-visits.ts';
import { su } from './parsers/su.ts';
import { sudo } from './parsers/sudo.ts';
import { webAccess } from './parsers/web-access.ts';
import { webErrors } from './parsers/web-errors.ts';
import { webLogins } from './parsers/web-logins.ts';
import { closeTheWayIn } from './policies/close-the-way-in.ts';
import { containProcesses } from './policies/contain-processes.ts';
import { endGuiltySessions } from './policies/end-guilty-sessions.ts';
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
import { processCrashes } from './probes/process-crashes.ts';
import { processFiles } from './probes/process-files.ts';
import { processLogin } from './probes/process-login.ts';
import { processParents } from './probes/process-parents.ts';
import { processProgram } from './probes/process-program.ts';
import { processService } from './probes/process-service.ts';
import { processSockets } from './probes/process-sockets.ts';
import { accounts as accountsSource } from './sources/accounts.ts';
import { authLog } from './sources/auth-log.ts';
import { conntrack } from './sources/conntrack.ts';
import { flows } from './sources/flows.ts';
import { host } from './sources/host.ts';
import { journal } from './sources/journal.ts';
import { kernelRing } from './sources/kernel-ring.ts';
import { logFiles } from './sources/log-files.ts';
import { loginRecords } from './sources/login-records.ts';
import { oddNames } from './sources/odd-names.ts';
import { packageFiles } from './sources/package-files.ts';
import { persistence } from './sources/persistence.ts';
import { processes } from './sources/processes.ts';
import { queryLogs } from './sources/query-logs.ts';
import { sockets } from './sources/sockets.ts';
import { sshdConfig } from './sources/sshd-config.ts';
import { suspectDirectories } from './sources/suspect-directories.ts';
import { webLogs } from './sources/web-logs.ts';

/** In this order: who is who, what the logs tell, what is so now, and last what needed time to be watched. */
export const sources: readonly Source[] = [
  host,
  accountsSource,
  sshdConfig,
  logFiles,
  webLogs,
  queryLogs,
  journal,
  kernelRing,
  authLog,
  loginRecords,
  processes,
  sockets,
  conntrack,
  persistence,
  oddNames,
  suspectDirectories,
  packageFiles,
  flows,
];

export const parsers: readonly Parser[] = [
  accounts,
  asterisk,
  auditd,
  cron,
  databases,
  dropbear,
  exim,
  ftp,
  kernel,
  keyed,
  login,
  logind,
  mailboxes,
  named,
  openvpn,
  pamServices,
  postfix,
  samba,
  sendmail,
  sshd,
  sshdVisits,
  su,
  sudo,
  webAccess,
  webErrors,
  webLogins,
];

/** Asked of single lines only that name no program, after all others: in the sieve their needles would stop at every third line. */
export const guessers: readonly Parser[] = [applications];

export const detectors: readonly Detector[] = [
  accountChanged,
  accountThatShouldNot,
  amplificationFlood,
  attackKit,
  changedPackageFile,
  conntrackFilling,
  conntrackFull,
  deletedExecutable,
  deletedLogs,
  entryAfterGuessing,
  entryFromNewNetwork,
  exposedSshd,
  hiddenPlace,
  listeningCard,
  manyInstances,
  masquerade,
  oddCronRun,
  outboundFlood,
  outboundScan,
  passwordGuessing,
  persistenceAdded,
  powerGuessing,
  queryFlood,
  randomLabelFlood,
  rawSocket,
  respawner,
  spreadGuessing,
  userEnumeration,
  webExploit,
  webGuessing,
  webScanner,
];

export const probes: readonly Probe[] = [
  accountDeeds,
  accountGuessing,
  accountLogins,
  accountStanding,
  addressDeeds,
  clearedAccounts,
  directoryUsers,
  fileOrigin,
  processCrashes,
  processFiles,
  processLogin,
  processParents,
  processProgram,
  processService,
  processSockets,
];

export const policies: readonly Policy[] = [closeTheWayIn, containProcesses, endGuiltySessions, quarantinePlaces, tellPeople];
