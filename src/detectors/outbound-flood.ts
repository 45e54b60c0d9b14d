/** A machine that drowns others: very many packets or half-open connections in the second that it was watched (HOST: a shop's script, also against loopback). */

import type { Detector } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { entitiesOf, evidencesOf, firstStart, type Kind, Running } from '../core/running.ts';
import { counted, grouped, named } from '../core/text.ts';
import type { FindingDraft, FlowsWatched, SocketSeen } from '../core/words.ts';

/** A busy resolver sends a few thousand datagrams a second; a flood as many as the processor can. */
const DATAGRAMS_PER_SECOND = 3_000;
/** Connections begun each second, nearly all of which fail. */
const ATTEMPTS_PER_SECOND = 500;
const FAILED_SHARE = 0.8;
/** More targets than this on one port is a scan, which has its own detector. */
const TARGETS_OF_A_FLOOD = 20;
/** CPU share of the watched span above which a process with UDP sockets is the likely sender. */
const BUSY_SHARE = 0.1;
const TICKS_PER_SECOND = 100;
const SERVERS =
  /^(?:named|unbound|pdns|dnsmasq|knotd|kresd|nsd|coredns|dnsdist|openvpn|rsyslogd|syslog-ng|asterisk|freeswitch|coturn|turnserver|caddy|nginx|haproxy|statsd|telegraf|nfsd|iperf3?)/;

export const outboundFlood: Detector = {
  name: 'outbound-flood',
  about: 'Finds a flood of datagrams or connection attempts that leaves this machine.',
  cannotSee: 'a flood that pauses while it is looked at, and floods of large TCP transfers, which look like downloads.',
  attack: ['T1498.001', 'T1499.001'],
  tells: 'compromise',
  role: 'effect',
  start() {
    const running = new Running();
    const talkers: SocketSeen[] = [];
    let watched: FlowsWatched | null = null;
    return {
      'process.seen': ({ fields }) => {
        running.hear(fields);
        return null;
      },
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

function told(watched: FlowsWatched, running: Running, talkers: readonly SocketSeen[]): FindingDraft[] {
  const seconds = watched.spanMs / 1000;
  const datagrams = watched.udpOut / seconds;
  const attempts = watched.activeOpens / seconds;
  const found: FindingDraft[] = [];
  if (datagrams > DATAGRAMS_PER_SECOND) found.push(finding('datagrams', datagrams, watched, senders(watched, running, talkers), running));
  const crowded = new Set(watched.targets.map((target) => target.ip)).size <= TARGETS_OF_A_FLOOD;
  if (attempts > ATTEMPTS_PER_SECOND && watched.attemptFails > watched.activeOpens * FAILED_SHARE && crowded)
    found.push(finding('connection attempts', attempts, watched, attempters(watched, running), running));
  return found;
}

/** Who holds a UDP or raw socket and used the processor meanwhile. */
function senders(watched: FlowsWatched, running: Running, talkers: readonly SocketSeen[]): Kind | undefined {
  const holding = new Set(talkers.map((socket) => socket.pid));
  const ticks = (watched.spanMs / 1000) * TICKS_PER_SECOND;
  const busy = watched.makers.filter((maker) => holding.has(maker.pid) && maker.cpuTicks > ticks * BUSY_SHARE);
  return running.kinds(busy.flatMap((maker) => running.get(maker.pid) ?? []))[0];
}

function attempters(watched: FlowsWatched, running: Running): Kind | undefined {
  const busiest = [...watched.makers].sort((a, b) => b.sockets - a.sockets)[0];
  const process = busiest && busiest.sockets > 2 ? running.get(busiest.pid) : undefined;
  return process && running.kinds([process])[0];
}

function finding(what: string, rate: number, watched: FlowsWatched, kind: Kind | undefined, running: Running): FindingDraft {
  const who = kind ? `${named(kind.program ?? kind.processes[0]?.name ?? '')} sends` : 'this machine sends';
  const loopback = watched.loopbackPacketsOut > watched.packetsOut ? ', mostly to itself (loopback)' : '';
  const first = kind?.processes[0];
  const honest = first && running.standing(first) === 'installed' && SERVERS.test(nameOf(kind?.program ?? ''));
  return {
    key: `${what} ${kind?.key ?? 'nobody'}`,
    at: kind ? firstStart(kind.processes) : watched.at,
    to: watched.at + watched.spanMs,
    severity: honest ? 'info' : 'high',
    confidence: kind ? 'medium' : 'weak',
    says: `${who} ${counted(Math.round(rate), what.replace(/s$/, ''), what)} a second${loopback}${kind ? '' : '; which program does was not seen'}`,
    culprit: kind ? [...entitiesOf(kind.processes), ...(kind.program === null ? [] : [{ is: 'file', path: kind.program } as const])] : [],
    victim: watched.targets.slice(0, 10).map((target) => ({ is: 'address', ip: target.ip })),
    evidence: [
      {
        source: 'outgoing connections',
        at: watched.at,
        says: `in ${(watched.spanMs / 1000).toFixed(1)} s: ${grouped(watched.udpOut)} datagrams, ${grouped(watched.activeOpens)} connections begun, ${grouped(watched.attemptFails)} failed, ${grouped(watched.bytesOut)} bytes out, ${grouped(watched.loopbackBytesOut)} on loopback`,
      },
      ...(kind ? evidencesOf(kind.processes) : []),
    ],
    seen: Math.round(rate),
    figures: { perSecond: Math.round(rate), bytesOut: watched.bytesOut, loopbackBytesOut: watched.loopbackBytesOut },
    ...(honest ? { explained: 'a server whose work it is to send many datagrams' } : {}),
  };
}
