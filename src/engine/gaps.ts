/** What a case could not find out, and how somebody could: an honest case says where its chain has holes. */

import type { Given } from '../core/contracts.ts';
import { isQueryFlood } from '../core/query-flood.ts';
import { kindsGuessed, type ServiceKind, serversOf } from '../core/service-kind.ts';
import type { Step } from '../core/words.ts';
import type { Draft } from './casebook.ts';

export function gapsOf(draft: Draft, chain: readonly Step[], given: Given): string[] {
  const has = (role: Step['role']) => chain.some((step) => step.role === role);
  const entered =
    draft.findings.some((finding) => finding.role === 'entry' && finding.tells === 'compromise') || draft.facts.some((fact) => fact.role === 'entry');
  const damage = has('process') || has('foothold') || has('effect') || has('persistence');
  const gaps = draft.facts.flatMap((fact) => (fact.gap ? [fact.gap] : []));
  // Who asks a name server too much has not come in.
  if (damage && !entered && !draft.findings.every(isQueryFlood)) gaps.push(wayInUnknown(given));
  if (entered && !damage && given.eyes.host.live)
    gaps.push(
      'what was done after the log-in was not found: nothing of it runs now; look at shell histories, process accounting and the web and mail logs of that time',
    );
  const unread = kindsGuessed(draft.findings.filter((finding) => !finding.explained)).filter((kind) => kind !== 'ssh');
  if (unread.length > 0) gaps.push(unreadEntries(unread));
  if (!given.eyes.host.live) gaps.push(diskOnly(given));
  else if (!given.eyes.host.readsAll) gaps.push('programs, open files and environments of other users were not readable: run it again as root');
  const hosts = given.eyes.coverage().find((one) => one.source === 'hosts' && one.state === 'partial');
  if (entered && hosts?.detail) gaps.push(`on which host it was is not told apart: ${hosts.detail}`);
  if (draft.cutShort)
    gaps.push(
      'the walk through related things was cut short by its bound; investigate one of the named addresses, accounts or processes by itself to go on from there',
    );
  return [...new Set(gaps)];
}

/** Their accepted log-ins are many and open no shell: the parsers leave them out. */
function unreadEntries(kinds: readonly ServiceKind[]): string {
  return `whether a guessed name and password were accepted at ${serversOf(kinds)} is not known, since accepted log-ins there are not read: look in the logs there for log-ins from the addresses named here, and for mail or data that went out afterwards`;
}

function wayInUnknown(given: Given): string {
  const { from } = given.history;
  if (from === null)
    return 'how they came in was not found: no log of log-ins could be read; look at copies of the logs on a log host, and at the web server logs';
  if (given.since !== undefined && given.since !== null)
    return 'how they came in was not found in the time that was asked for (--since): leave it out or give an earlier time, and look at older or remote copies of the logs';
  return 'how they came in was not found in the logs that are here: look at older or remote copies of the logs, web and mail server logs, and who had shell access';
}

function diskOnly(given: Given): string {
  const looked = given.eyes.coverage().some((entry) => entry.state === 'read' && entry.source === 'accounts');
  return looked
    ? 'this is a disk and not a running machine: processes, sockets, connection tracking and what was in memory are not known; look at the live machine before it is switched off'
    : 'only log files were looked at: processes, sockets, files and settings of the machine are not known; run tocsin investigate on the machine itself';
}
