/** The words that all reports share: the verdict, an order as a sentence, a reference to evidence, what was read. */

import { calledIt, nameOf } from '../core/entity.ts';
import { SEVERITIES } from '../core/severity.ts';
import { counted, grouped, lasted, listed, named, shown } from '../core/text.ts';
import type { Case, Coverage, Evidence, Finding, Millis, Order, Report, Role, Verdict } from '../core/words.ts';
import { utc } from './when.ts';

/** From the way in to the damage. */
export const ROLES: readonly Role[] = ['entry', 'account', 'foothold', 'persistence', 'process', 'effect', 'victim', 'explanation'];

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  entry: 'way in',
  account: 'account',
  foothold: 'foothold',
  persistence: 'comes back',
  process: 'runs',
  effect: 'does',
  victim: 'hits',
  explanation: 'explains',
};

/** Names and quotes longer than this are cut in reports for people; the JSON has them whole. */
const QUOTED_AT_MOST = 300;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  compromised: 'somebody got in, or a foreign program runs here',
  attacked: 'there are attacks or oddities; no sign was found that an attack succeeded',
  clean: 'nothing was found in what could be looked at',
  unknown: 'nothing could be judged',
};

export function verdictWords(report: Report): string {
  if (report.verdict === 'unknown') return `${VERDICTS.unknown}: ${unjudgedWords(report)}`;
  if (report.verdict !== 'clean') return aboutWords(report, VERDICTS[report.verdict]);
  if (!report.coverage.some((entry) => entry.state === 'read' || entry.state === 'partial'))
    return 'nothing was found, but nothing could be read either';
  if (report.subject !== null && report.cases.every(isEmpty)) return `nothing was seen of ${shown(calledIt(report.subject), 200)} in what was read`;
  const whom = report.subject === null ? '' : ` of ${shown(calledIt(report.subject), 200)}`;
  return report.cases.length > 0 ? `nothing that needs you was found${whom} in what could be looked at` : VERDICTS.clean;
}

/** Asked about one thing, a verdict speaks of that thing and not of the whole machine. */
function aboutWords(report: Report, verdict: string): string {
  return report.subject === null ? verdict : `${shown(calledIt(report.subject), 200)} has to do with a case: ${verdict}`;
}

/** Facts that only tell of a gap are none. */
function isEmpty(story: Case): boolean {
  return story.findings.length === 0 && story.facts.every((fact) => fact.gap !== undefined) && story.chain.length === 0;
}

/** Why nothing could be judged, and what to do. */
function unjudgedWords(report: Report): string {
  const lines = report.coverage.reduce((sum, entry) => sum + (entry.lines ?? 0), 0);
  const ends = endOf(report);
  if (ends !== null && report.from === null)
    return `the logs end at ${utc(ends)}, before the time that was asked for; leave --since out or give an earlier one`;
  const hosts = report.coverage.find((entry) => entry.source === 'hosts');
  if (hosts) return `no line is of the host that was asked for: ${shown(hosts.detail, 300)}`;
  if (lines > 0)
    return `${counted(lines, 'line was', 'lines were')} read and none understood; give logs of syslog (auth.log, secure, kern.log), and of the journal what journalctl -o json writes`;
  if (report.looked === 'disk') return 'there is no log and no list of accounts on it; give the place where the root of the other disk is mounted';
  return 'nothing could be read; the end of this report says why; name logs that have lines';
}

/** The last stamp of all logs that were read. */
function endOf(report: Report): Millis | null {
  const ends = report.coverage.flatMap((entry) => (entry.lines !== undefined && entry.to !== undefined ? [entry.to] : []));
  return ends.length > 0 ? Math.max(...ends) : null;
}

/** "2026-03-01 00:00:00 UTC to 2026-03-03 09:45:00 UTC (2 days)". */
export function spanWords(report: Report): string {
  if (report.from !== null) return `${utc(report.from)} to ${utc(report.to)} (${lasted(report.to - report.from)})`;
  const ends = endOf(report);
  if (report.looked === 'logs') return ends === null ? 'no line with a time' : `logs that end at ${utc(ends)}`;
  const earlier = ends === null ? 'no log of earlier times could be read' : `its logs tell nothing of the time that was asked for`;
  return `the machine as it was at ${utc(report.to)}; ${earlier}`;
}

/** Findings that belong to no case: small, or explained. */
export function looseFindings(report: Report): Finding[] {
  const told = new Set(report.cases.flatMap((story) => story.findings.map((finding) => finding.id)));
  return report.findings.filter((finding) => !told.has(finding.id));
}

/** How much of what was wanted could not be read; empty when all of it could. */
export function unseenWords(report: Report): string {
  const unseen = report.coverage.filter((entry) => entry.state === 'unreadable' || entry.state === 'partial').length;
  return unseen === 0 ? '' : `${counted(unseen, 'source')} could not be read, or only in part: see the end.`;
}

/** Cases of this weight are told in full; the lower and the explained ones in a line each. */
export function weighs(story: Case): boolean {
  return SEVERITIES.indexOf(story.severity) >= SEVERITIES.indexOf('medium');
}

/** Why a case is probably harmless, in the words of its findings. */
export function explainedBy(story: Case): string | null {
  const reasons = [...new Set(story.findings.flatMap((finding) => (finding.explained ? [finding.explained] : [])))];
  return reasons.length > 0 ? shown(reasons.slice(0, 3).join('; '), QUOTED_AT_MOST) : null;
}

export function orderWords(order: Order): string {
  switch (order.verb) {
    case 'freeze-tree':
      return `Freeze ${treesWords(order.pid, order.alike.length)}`;
    case 'kill-tree':
      return `End ${treesWords(order.pid, order.alike.length)}`;
    case 'save-evidence':
      return `Save the evidence of ${savedWords(order.pids, order.paths)}`;
    case 'quarantine-directory':
      return `Lock away the directory ${named(order.path)}`;
    case 'quarantine-file':
      return `Lock away the file ${named(order.path)}`;
    case 'lock-account':
      return `Lock the account ${named(order.name)}`;
    case 'end-sessions':
      return `End all sessions of ${named(order.name)}`;
    case 'block-egress':
      return `Block what uid ${order.uid} sends out${order.port === null ? '' : ` to port ${order.port}`}`;
    case 'ban-address':
      return `Ban the address ${named(order.ip)}`;
    case 'disable-persistence':
      return `Switch off ${named(order.path)}${order.line === null ? '' : `, line ${order.line}`}`;
    case 'raise-conntrack-limit':
      return `Raise the limit of tracked connections to ${grouped(order.to)}`;
    case 'harden-sshd':
      return `Set ${named(order.setting)} to ${named(order.value)} in sshd's configuration`;
  }
}

function treesWords(pid: number, alike: number): string {
  return alike === 0
    ? `process ${pid} and all that it started`
    : `process ${pid}, ${counted(alike, 'more', 'more')} of the same program, and all that they started`;
}

/** What an order is about, for a list of orders of one kind. */
export function orderTarget(order: Order): string {
  if ('pid' in order) return `process ${order.pid}`;
  if ('path' in order) return named(order.path);
  if ('name' in order) return named(order.name);
  return order.verb === 'ban-address' ? named(order.ip) : orderWords(order);
}

function savedWords(pids: readonly number[], paths: readonly string[]): string {
  const things = [pids.length > 0 ? counted(pids.length, 'process', 'processes') : '', paths.length > 0 ? listed(paths, 3) : ''];
  return things.filter(Boolean).join(' and ') || 'this case';
}

/** `auth.log:123`, `/proc/4711`, `packages /usr/sbin/sshd`: enough to find the place, short enough for the end of a line. */
export function briefReference(evidence: Evidence): string {
  return referred(evidence.source.startsWith('/proc/') ? evidence.source : nameOf(evidence.source) || evidence.source, evidence);
}

/** The same with the whole path of the log. */
export function reference(evidence: Evidence): string {
  return referred(evidence.source, evidence);
}

function referred(source: string, evidence: Evidence): string {
  const path = evidence.path !== undefined && evidence.path !== evidence.source ? evidence.path : null;
  const line = evidence.line === undefined ? '' : `:${evidence.line}`;
  const where = path === null || source.startsWith('/proc/') ? `${source}${line}` : source === 'file' ? path : `${source} ${path}${line}`;
  return shown(evidence.event === undefined ? where : `${where} (${evidence.event})`, 160);
}

/**
 * RFC 3164 pads the day with a blank, `Mar  3`, and sudo the account to eight characters: these are no hiding places and are folded,
 * so that they are not written out as odd ones.
 */
export function quote(evidence: Evidence): string {
  return shown(evidence.says ?? '', 400)
    .replace(/^([A-Z][a-z]{2}) {2}(\d )/, '$1 $2')
    .replace(/^((?:.{0,120}? )?sudo(?:\[\d{1,10}\])?:) {2,}/, '$1 ');
}

/** "14 sources, 1,204,332 lines". */
export function readWords(coverage: readonly Coverage[]): string {
  const read = coverage.filter((entry) => entry.state === 'read' || entry.state === 'partial');
  const lines = read.reduce((sum, entry) => sum + (entry.lines ?? 0), 0);
  return `${counted(read.length, 'source')}${lines > 0 ? `, ${counted(lines, 'line')}` : ''}`;
}

/** Worst first: what could not be read matters more than what is not there. */
const STATES: readonly Coverage['state'][] = ['unreadable', 'partial', 'absent', 'read'];

export function byState(coverage: readonly Coverage[]): Coverage[] {
  return [...coverage].sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
}

/** Distinct names of things, for "also: …". */
export function entitiesWords(entities: readonly Parameters<typeof calledIt>[0][], limit = 3): string {
  const names = [...new Set(entities.map((entity) => shown(calledIt(entity), 120)))];
  const more = names.length - limit;
  return `${names.slice(0, limit).join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}
