/**
 * One program that goes to many addresses on one port: what DNS1 and WORLD did to the net. Adds up open sockets, connections that
 * came and went while Tocsin watched (a scan answered by RST leaves no socket), and the connection-tracking table.
 */

import type { Detector, Surroundings } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { type Fan, type Fans, fansOf } from '../core/fans.ts';
import { atTerminal, entitiesOf, evidencesOf, firstStart, Running } from '../core/running.ts';
import { inMemory } from '../core/story.ts';
import { counted, grouped, listed, named } from '../core/text.ts';
import type { Entity, FindingDraft, FlowsWatched, FlowTally, Millis, Severity, SocketSeen } from '../core/words.ts';

/** A browser, a mail queue or a monitor talks to twenty hosts on one port; a scanner to hundreds. */
const MANY_TARGETS = 20;
/** Programs that ask many name servers, by port 53: it is what a resolver does. */
const RESOLVERS = /^(?:named|unbound|pdns_recursor|dnsmasq|knotd|kresd|systemd-resolved|coredns|dnsdist|nsd|powerdns)/;
/** Share of targets that answered, above which a fan-out looks like work and not like a search. */
const ANSWERED_SHARE = 0.5;

export const outboundScan: Detector = {
  name: 'outbound-scan',
  about: 'Finds programs that connect to many different addresses on one port.',
  cannotSee: 'a scan slower than the look that leaves no socket and no tracked connection, and frames from packet sockets.',
  attack: ['T1046', 'T1595.001'],
  tells: 'compromise',
  role: 'effect',
  start(around) {
    const running = new Running();
    const sockets: SocketSeen[] = [];
    const tallies: FlowTally[] = [];
    let watched: FlowsWatched | null = null;
    return {
      'process.seen': ({ fields }) => {
        running.hear(fields);
        return null;
      },
      'socket.seen': ({ fields }) => {
        if (sockets.length < SOCKETS_AT_MOST) sockets.push(fields);
        return null;
      },
      'flow.tally': ({ fields }) => {
        if (tallies.length < TALLIES_AT_MOST) tallies.push(fields);
        return null;
      },
      'flows.watched': ({ fields }) => {
        watched = fields;
        return null;
      },
      'sweep.done': ({ at }) => {
        const fans = fansOf(running, sockets, watched, around.networks);
        return [...owned(fans, tallies, running, at, around), ...unowned(fans, tallies, at, around)];
      },
    };
  },
};

const SOCKETS_AT_MOST = 200_000;
const TALLIES_AT_MOST = 2_000;

function owned(fans: Fans, tallies: readonly FlowTally[], running: Running, at: Millis, around: Surroundings): FindingDraft[] {
  return fans.owned
    .filter((fan) => fan.targets.size > MANY_TARGETS)
    .map((fan) =>
      told(fan, fans.owned.filter((other) => other.port === fan.port).length === 1 ? trackedOn(fan.port, tallies, around) : null, running, at),
    );
}

/** The connection-tracking table remembers more than the sockets: SYNs for two minutes, whole connections for days. */
function trackedOn(port: number, tallies: readonly FlowTally[], around: Surroundings): FlowTally | null {
  const mine = tallies.filter((tally) => tally.port === port && around.networks.classOf(tally.from) === 'own');
  return mine.sort((a, b) => b.targets - a.targets)[0] ?? null;
}

function told(fan: Fan, tracked: FlowTally | null, running: Running, at: Millis): FindingDraft {
  const { kind } = fan;
  const distinct = Math.max(fan.targets.size, tracked?.targets ?? 0);
  const { severity, explained } = judged(fan, running);
  const processes = counted(kind.processes.length, 'process', 'processes');
  const states = fan.answered < fan.targets.size ? `, of which ${grouped(fan.targets.size - fan.answered)} gave no answer or refused` : '';
  return {
    key: `${kind.key} ${fan.port}`,
    at: firstStart(kind.processes),
    to: at,
    severity,
    confidence: fan.sure ? 'strong' : 'medium',
    says: `${processes} of ${named(kind.program ?? kind.processes[0]?.name ?? '')} ${kind.processes.length === 1 ? 'goes' : 'go'} to ${counted(distinct, 'address', 'addresses')} on ${fan.proto}/${fan.port}${states}${fan.sure ? '' : '; that it is this program is concluded, since these connections end too soon to be seen in its hands'}`,
    culprit: [...entitiesOf(kind.processes), ...(kind.program === null ? [] : [{ is: 'file', path: kind.program } as const])],
    victim: [...fan.targets].slice(0, VICTIMS_NAMED).map((ip): Entity => ({ is: 'address', ip })),
    evidence: [
      ...(fan.sockets > 0
        ? [{ source: 'sockets', at, says: `${grouped(fan.sockets)} sockets to port ${fan.port}: ${listed([...fan.targets], 6)}` }]
        : []),
      ...(fan.watched > 0
        ? [{ source: 'outgoing connections', at, says: `${grouped(fan.watched)} connections to port ${fan.port} ended while Tocsin looked` }]
        : []),
      ...(tracked
        ? [
            {
              source: 'conntrack',
              at: tracked.at,
              says: `${grouped(tracked.entries)} tracked connections to port ${fan.port}, ${grouped(tracked.unanswered)} without answer`,
            },
          ]
        : []),
      ...evidencesOf(kind.processes),
    ],
    seen: distinct,
    figures: {
      distinctTargets: distinct,
      port: fan.port,
      proto: fan.proto,
      processes: kind.processes.length,
      answered: fan.answered,
      ...(fan.perSecond > 0 ? { perSecond: Math.round(fan.perSecond * 10) / 10 } : {}),
    },
    ...(explained ? { explained } : {}),
  };
}

const VICTIMS_NAMED = 20;

function judged(fan: Fan, running: Running): { readonly severity: Severity; readonly explained?: string } {
  const { kind } = fan;
  const standings = new Set(kind.processes.map((process) => running.standing(process)));
  if (standings.has('out-of-place') || kind.processes.some((process) => process.exeState === 'deleted' || inMemory(process)))
    return { severity: 'high' };
  const name = nameOf(kind.program ?? '');
  if (standings.has('installed') && fan.port === 53 && RESOLVERS.test(name))
    return { severity: 'info', explained: 'a name server asks other name servers' };
  const work = fan.answered >= fan.targets.size * ANSWERED_SHARE;
  if (standings.has('installed') && work)
    return { severity: 'info', explained: 'an installed program, and most of its targets answer: a job over many hosts' };
  const person = kind.processes.some((process) => atTerminal(process) || running.parents(process).some(atTerminal));
  if (person && standings.has('installed'))
    return { severity: 'low', explained: 'an installed program that somebody started from a terminal and waits for' };
  if (work) return { severity: 'low' };
  return { severity: standings.has('installed') ? 'medium' : 'high' };
}

/** Connections that nobody could be found for: the effect is told all the same, and the hole in the chain with it. */
function unowned(fans: Fans, tallies: readonly FlowTally[], at: Millis, around: Surroundings): FindingDraft[] {
  const ports = new Set([
    ...fans.unowned.keys(),
    ...tallies.filter((tally) => around.networks.classOf(tally.from) === 'own').map((tally) => tally.port),
  ]);
  return [...ports].flatMap((port) => {
    if (fans.owned.some((fan) => fan.port === port && fan.targets.size > MANY_TARGETS)) return [];
    const loose = fans.unowned.get(port);
    const tracked = trackedOn(port, tallies, around);
    const distinct = Math.max(loose?.targets.size ?? 0, tracked && tracked.unanswered * 2 > tracked.entries ? tracked.targets : 0);
    if (distinct <= MANY_TARGETS || port === 53 || port === 123) return [];
    const victims = [...(loose?.targets ?? tracked?.sample ?? [])];
    return [
      {
        key: `nobody ${port}`,
        at,
        severity: 'medium',
        confidence: 'medium',
        says: `connections go from here to ${counted(distinct, 'address', 'addresses')} on port ${port}; which program makes them was not seen`,
        culprit: [],
        victim: victims.slice(0, VICTIMS_NAMED).map((ip): Entity => ({ is: 'address', ip })),
        evidence: [{ source: loose ? 'outgoing connections' : 'conntrack', at, says: listed(victims, 8) }],
        seen: distinct,
        figures: { distinctTargets: distinct, port },
      } satisfies FindingDraft,
    ];
  });
}
