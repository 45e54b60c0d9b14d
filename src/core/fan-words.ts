/** What is said of scans: a program that goes to many addresses, one that asks many ports, and connections that are nobody's. */

import type { Judgement } from './fan-judge.ts';
import type { Fan } from './fans.ts';
import type { Refusal } from './refusals.ts';
import { entitiesOf, evidencesOf, firstStart, type Kind } from './running.ts';
import type { Sweep } from './sweeps.ts';
import { counted, grouped, listed, named } from './text.ts';
import type { Entity, Evidence, FindingDraft, FlowsWatched, FlowTally, Millis } from './words.ts';

const VICTIMS_NAMED = 20;

/** The connection-tracking table's word on the port; `whole` = all of it may be counted as this program's. */
export interface Tracked {
  readonly table: FlowTally | null;
  readonly whole: boolean;
}

export function fanFinding(fan: Fan, judgement: Judgement, { table, whole }: Tracked, watched: FlowsWatched | null, at: Millis): FindingDraft {
  const { kind } = fan;
  const distinct = Math.max(fan.targets.size, whole ? (table?.targets ?? 0) : 0);
  const others = table && !whole && table.targets > fan.targets.size + fan.shared.size ? table.targets : 0;
  const rest = others > 0 ? `; connection tracking has ${grouped(others)} addresses on that port, the others were not attributed` : '';
  return {
    key: `${kind.key} ${fan.port}`,
    at: firstStart(kind.processes),
    to: at,
    confidence: fan.sure && fan.shared.size === 0 ? 'strong' : 'medium',
    says: `${whoOf(kind)} ${wayOf(fan, distinct)}${rest}${doubtOf(fan)}`,
    culprit: culpritOf(kind),
    victim: addresses([...fan.targets, ...(fan.targets.size === 0 ? fan.shared : [])]),
    evidence: [...fanEvidence(fan, at), ...trackedEvidence(fan.port, table), ...countersOf(watched), ...evidencesOf(kind.processes)],
    seen: distinct + (fan.targets.size === 0 ? fan.shared.size : 0),
    figures: {
      distinctTargets: distinct,
      port: fan.port,
      proto: fan.proto,
      processes: kind.processes.length,
      answered: fan.answered,
      ...(fan.shared.size > 0 ? { sharedTargets: fan.shared.size } : {}),
      ...(fan.perSecond > 0 ? { perSecond: Math.round(fan.perSecond * 10) / 10 } : {}),
    },
    ...judgement,
  };
}

function wayOf(fan: Fan, distinct: number): string {
  const go = fan.kind.processes.length === 1 ? 'goes' : 'go';
  const failed = fan.targets.size - fan.answered;
  const states = failed > 0 ? `, of which ${grouped(failed)} gave no answer or refused` : '';
  if (fan.targets.size === 0)
    return `${fan.kind.processes.length === 1 ? 'makes' : 'make'} connections that are over at once; those to ${addressCount(fan.shared.size)} on ${portOf(fan)} are its own or another program's`;
  const shared = fan.shared.size > 0 ? `; ${grouped(fan.shared.size)} more are its own or another program's` : '';
  return `${go} to ${addressCount(distinct)} on ${portOf(fan)}${states}${shared}`;
}

function portOf(fan: Fan): string {
  return fan.port === 0 ? 'ports that were not seen' : `${fan.proto}/${fan.port}`;
}

function doubtOf(fan: Fan): string {
  if (fan.sure || fan.targets.size === 0) return '';
  return '; that it is this program is concluded from the sockets it makes, since these connections end too soon to be seen in its hands';
}

function fanEvidence(fan: Fan, at: Millis): Evidence[] {
  const port = fan.port === 0 ? '' : ` to port ${fan.port}`;
  return [
    ...(fan.sockets > 0 ? [{ source: 'sockets', at, says: `${grouped(fan.sockets)} sockets${port}: ${listed([...fan.targets], 6)}` }] : []),
    ...(fan.watched > 0
      ? [{ source: 'outgoing connections', at, says: `${grouped(fan.watched)} connections${port} ended while Tocsin looked` }]
      : []),
  ];
}

function trackedEvidence(port: number, table: FlowTally | null): Evidence[] {
  if (!table) return [];
  const says = `${grouped(table.entries)} tracked connections to port ${port}, ${grouped(table.unanswered)} without answer`;
  return [{ source: 'conntrack', at: table.at, says }];
}

/** The kernel's own counts of the span, beside how many of the targets were seen. */
function countersOf(watched: FlowsWatched | null): Evidence[] {
  if (!watched || watched.activeOpens === 0) return [];
  const says = `in ${seconds(watched)}: ${counted(watched.activeOpens, 'connection')} begun, ${grouped(watched.attemptFails)} failed; ${addressCount(watched.targets.length)} seen`;
  return [{ source: 'kernel counters', path: '/proc/net/snmp', at: watched.at, says }];
}

export function sweepFinding(sweep: Sweep, judgement: Judgement, watched: FlowsWatched | null, at: Millis): FindingDraft {
  const { kind, hosts } = sweep;
  const [first] = hosts;
  const most = first?.ports ?? [];
  const where = hosts.length === 1 ? (first?.ip ?? '') : `each of ${addressCount(hosts.length)}`;
  const count = hosts.length === 1 ? counted(most.length, 'port') : `up to ${counted(most.length, 'port')}`;
  const who = kind ? `${whoOf(kind)} ${kind.processes.length === 1 ? 'tries' : 'try'}` : 'this machine tries';
  const concluded = '; that it is this program is concluded from the sockets it makes';
  return {
    key: `${kind?.key ?? 'nobody'} ports`,
    at: kind ? firstStart(kind.processes) : at,
    to: at,
    confidence: kind && sweep.sure ? 'strong' : 'medium',
    says: `${who} ${count} of ${where}: a search for open ports${kind ? (sweep.sure ? '' : concluded) : '; which program does was not seen'}`,
    culprit: kind ? culpritOf(kind) : [],
    victim: addresses(hosts.map((host) => host.ip)),
    evidence: [
      { source: 'outgoing connections', at, says: `${first?.ip ?? ''}: ports ${listed(most.map(String), 12)}` },
      ...countersOf(watched),
      ...(kind ? evidencesOf(kind.processes) : []),
    ],
    seen: most.length,
    attack: ['T1046'],
    figures: { distinctTargets: hosts.length, distinctPorts: most.length },
    ...judgement,
  };
}

export function unownedFinding(port: number, distinct: number, victims: readonly string[], watched: FlowsWatched | null, at: Millis): FindingDraft {
  const where = port === 0 ? 'ports that were not seen' : `port ${port}`;
  return {
    key: `nobody ${port}`,
    at,
    severity: 'medium',
    confidence: 'medium',
    says: `connections go from here to ${addressCount(distinct)} on ${where}; which program makes them was not seen`,
    culprit: [],
    victim: addresses(victims),
    evidence: [{ source: watched ? 'outgoing connections' : 'conntrack', at, says: listed([...victims], 8) }, ...countersOf(watched)],
    seen: distinct,
    figures: { distinctTargets: distinct, port },
  };
}

export function refusalFinding(refusal: Refusal, judgement: Judgement, watched: FlowsWatched, at: Millis): FindingDraft {
  const { kind, failed, targets } = refusal;
  const place = refusal.netns === null ? '' : ' in another network namespace (a container)';
  const who = kind ? `; ${whoOf(kind)} ${kind.processes.length === 1 ? 'makes' : 'make'} such ones` : '; which program makes them was not seen';
  const sighted = [...new Set(targets.map((target) => target.ip))];
  return {
    key: `refused ${refusal.netns ?? 'here'}`,
    at: kind ? firstStart(kind.processes) : watched.at,
    to: at,
    confidence: 'medium',
    says: `${counted(failed, 'connection was', 'connections were')} tried and refused in ${seconds(watched)}${place}; targets were seen only of ${grouped(targets.reduce((sum, target) => sum + target.times, 0))} of them: ${addressCount(sighted.length)}${who}`,
    culprit: kind ? culpritOf(kind) : [],
    victim: addresses(sighted),
    evidence: [
      {
        source: 'kernel counters',
        path: '/proc/net/snmp',
        at: watched.at,
        says: `${grouped(refusal.begun)} connections begun, ${grouped(failed)} failed`,
      },
      {
        source: 'outgoing connections',
        at,
        says: listed(
          targets.map((target) => `${target.ip}:${target.port}`),
          8,
        ),
      },
      ...(kind ? evidencesOf(kind.processes) : []),
    ],
    seen: failed,
    figures: { distinctTargets: sighted.length, refused: failed },
    ...judgement,
  };
}

function whoOf(kind: Kind): string {
  return `${counted(kind.processes.length, 'process', 'processes')} of ${named(kind.program ?? kind.processes[0]?.name ?? '')}`;
}

function culpritOf(kind: Kind): Entity[] {
  return [...entitiesOf(kind.processes), ...(kind.program === null ? [] : [{ is: 'file', path: kind.program } as const])];
}

function addresses(ips: readonly string[]): Entity[] {
  return ips.slice(0, VICTIMS_NAMED).map((ip): Entity => ({ is: 'address', ip }));
}

function addressCount(count: number): string {
  return counted(count, 'address', 'addresses');
}

function seconds(watched: FlowsWatched): string {
  return `${(watched.spanMs / 1000).toFixed(1)} s`;
}
