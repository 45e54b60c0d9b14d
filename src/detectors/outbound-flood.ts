/** A machine that drowns others: very many packets or half-open connections in the second that it was watched (HOST: a shop's script, also against loopback). */

import type { Detector } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { entitiesOf, evidencesOf, firstStart, type Kind, Running } from '../core/running.ts';
import { counted, grouped, named } from '../core/text.ts';
import type { FindingDraft, FlowMaker, FlowsWatched, SocketSeen, TargetTally } from '../core/words.ts';

/** A busy resolver sends a few thousand datagrams a second; a flood as many as the processor can. */
const DATAGRAMS_PER_SECOND = 3_000;
/** Connections begun each second, nearly all of which fail. */
const ATTEMPTS_PER_SECOND = 500;
const FAILED_SHARE = 0.8;
/** More targets than this on one port is a scan, which has its own detector. */
const TARGETS_OF_A_FLOOD = 20;
/** Half a microsecond: no processor hands a datagram to the kernel in less, so a sender must have used this much for each. */
const SEND_COSTS_MS = 0.0005;
/** Another one that did this much of what the busiest did may as well be it: then nobody is accused. */
const RIVAL_SHARE = 0.5;
/** TCP sockets that appeared in its hands while it was watched: fewer are a name looked up or a server that is down. */
const SOCKETS_AT_LEAST = 3;
const SERVERS =
  /^(?:named|unbound|pdns|dnsmasq|knotd|kresd|nsd|coredns|dnsdist|openvpn|rsyslogd|syslog-ng|asterisk|freeswitch|coturn|turnserver|caddy|nginx|haproxy|statsd|telegraf|nfsd|iperf3?)/;

export const outboundFlood: Detector = {
  name: 'outbound-flood',
  about: 'Finds a flood of datagrams or connection attempts that leaves this machine.',
  cannotSee:
    'a flood that pauses while it is looked at, its sender when several programs could be it, and floods of large TCP transfers, which look like downloads.',
  attack: ['T1498.001', 'T1499.001'],
  tells: 'compromise',
  role: 'effect',
  start() {
    const running = new Running();
    const talkers: SocketSeen[] = [];
    let watched: FlowsWatched | null = null;
    return {
      'process.seen': running.ear,
      'socket.seen': ({ fields }) => {
        if (fields.proto !== 'tcp' && fields.pid !== null && talkers.length < SOCKETS_AT_MOST) talkers.push(fields);
        return null;
      },
      'flows.watched': ({ fields }) => {
        watched = fields;
        return null;
      },
      'sweep.done': () => (watched ? told(watched, running, talkers) : []),
    };
  },
};

const SOCKETS_AT_MOST = 50_000;

/** What one network namespace sent. */
interface Sent {
  /** Null = this machine's own. */
  readonly netns: string | null;
  readonly activeOpens: number;
  readonly attemptFails: number;
  readonly udpOut: number;
  readonly targets: readonly TargetTally[];
}

function told(watched: FlowsWatched, running: Running, talkers: readonly SocketSeen[]): FindingDraft[] {
  return [{ ...watched, netns: null }, ...watched.spaces].flatMap((sent) => ofSpace(sent, watched, running, talkers));
}

function ofSpace(sent: Sent, watched: FlowsWatched, running: Running, talkers: readonly SocketSeen[]): FindingDraft[] {
  const seconds = watched.spanMs / 1000;
  const datagrams = sent.udpOut / seconds;
  const attempts = sent.activeOpens / seconds;
  const makers = inSpace(sent, watched, running);
  const found: FindingDraft[] = [];
  if (datagrams > DATAGRAMS_PER_SECOND) found.push(finding('datagrams', datagrams, watched, sent, senders(sent, makers, running, talkers), running));
  const crowded = new Set(sent.targets.map((target) => target.ip)).size <= TARGETS_OF_A_FLOOD;
  if (attempts > ATTEMPTS_PER_SECOND && sent.attemptFails > sent.activeOpens * FAILED_SHARE && crowded)
    found.push(finding('connection attempts', attempts, watched, sent, attempters(makers, running), running));
  return found;
}

function inSpace(sent: Sent, watched: FlowsWatched, running: Running): readonly FlowMaker[] {
  const others = new Set(watched.spaces.map((space) => space.netns));
  return watched.makers.filter((maker) => {
    const netns = running.get(maker.pid)?.netns ?? '';
    return sent.netns === null ? !others.has(netns) : netns === sent.netns;
  });
}

/** Who holds a UDP or raw socket and used the processor enough to have sent all this; a program out of place before all others. */
function senders(sent: Sent, makers: readonly FlowMaker[], running: Running, talkers: readonly SocketSeen[]): Kind | undefined {
  const holding = new Set(talkers.map((socket) => socket.pid));
  const holders = makers.filter((maker) => maker.datagramSockets > 0 || holding.has(maker.pid));
  const able = ranked(holders, running, (maker) => maker.cpuMs).filter(({ did }) => did >= sent.udpOut * SEND_COSTS_MS);
  const odd = able.filter(({ kind }) => kind.processes.some((process) => ['out-of-place', 'inline'].includes(running.standing(process))));
  return outstanding(odd.length > 0 ? odd : able);
}

function attempters(makers: readonly FlowMaker[], running: Running): Kind | undefined {
  return outstanding(ranked(makers, running, (maker) => maker.made).filter(({ did }) => did >= SOCKETS_AT_LEAST));
}

interface Ranked {
  readonly kind: Kind;
  readonly did: number;
}

/** Programs by what all their processes did together, the most first. */
function ranked(makers: readonly FlowMaker[], running: Running, did: (maker: FlowMaker) => number): readonly Ranked[] {
  const byPid = new Map(makers.map((maker) => [maker.pid, did(maker)]));
  const kinds = running.kinds(makers.flatMap((maker) => running.get(maker.pid) ?? []));
  return kinds
    .map((kind) => ({ kind, did: kind.processes.reduce((sum, process) => sum + (byPid.get(process.pid) ?? 0), 0) }))
    .sort((a, b) => b.did - a.did);
}

function outstanding([first, second]: readonly Ranked[]): Kind | undefined {
  return first && (!second || second.did < first.did * RIVAL_SHARE) ? first.kind : undefined;
}

function finding(what: string, rate: number, watched: FlowsWatched, sent: Sent, kind: Kind | undefined, running: Running): FindingDraft {
  const who = kind ? `${named(kind.program ?? kind.processes[0]?.name ?? '')} sends` : 'this machine sends';
  const own = sent.netns === null;
  const loopback = !own
    ? ' from another network namespace (a container)'
    : watched.loopbackPacketsOut > watched.packetsOut
      ? ', mostly to itself (loopback)'
      : '';
  const first = kind?.processes[0];
  const honest = first && running.standing(first) === 'installed' && SERVERS.test(nameOf(kind?.program ?? ''));
  return {
    key: `${what} ${kind?.key ?? 'nobody'}${sent.netns === null ? '' : ` ${sent.netns}`}`,
    at: kind ? firstStart(kind.processes) : watched.at,
    to: watched.at + watched.spanMs,
    severity: honest ? 'info' : 'high',
    confidence: kind ? 'medium' : 'weak',
    says: `${who} ${counted(Math.round(rate), what.replace(/s$/, ''), what)} a second${loopback}${kind ? '' : '; which program does was not seen'}`,
    culprit: kind ? [...entitiesOf(kind.processes), ...(kind.program === null ? [] : [{ is: 'file', path: kind.program } as const])] : [],
    victim: sent.targets.slice(0, 10).map((target) => ({ is: 'address', ip: target.ip })),
    evidence: [
      {
        source: 'outgoing connections',
        at: watched.at,
        says: `in ${(watched.spanMs / 1000).toFixed(1)} s: ${grouped(sent.udpOut)} datagrams, ${grouped(sent.activeOpens)} connections begun, ${grouped(sent.attemptFails)} failed${own ? `, ${grouped(watched.bytesOut)} bytes out, ${grouped(watched.loopbackBytesOut)} on loopback` : ''}`,
      },
      ...(kind ? evidencesOf(kind.processes) : []),
    ],
    seen: Math.round(rate),
    figures: { perSecond: Math.round(rate), ...(own ? { bytesOut: watched.bytesOut, loopbackBytesOut: watched.loopbackBytesOut } : {}) },
    ...(honest ? { explained: 'a server whose work it is to send many datagrams' } : {}),
  };
}
