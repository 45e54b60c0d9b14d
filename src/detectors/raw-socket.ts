/** A program that sees or forges packets below TCP and UDP: sniffers, fast scanners, covert channels. */

import type { Detector } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { entitiesOf, evidencesOf, firstStart, type Kind, Running } from '../core/running.ts';
import { named } from '../core/text.ts';
import type { FindingDraft, SocketSeen } from '../core/words.ts';

/** Programs whose work it is: DHCP, routing, neighbour discovery, capture, ping. Only where they are installed. */
const KNOWN =
  /^(?:dhclient|dhcpcd|dhcpd|udhcpc|systemd-networkd|NetworkManager|wpa_supplicant|hostapd|lldpd|keepalived|bird6?|ospfd|zebra|radvd|arpwatch|tcpdump|dumpcap|tshark|suricata|snort|zeek|pmacctd|softflowd|ping6?|traceroute|mtr|mtr-packet|fping|nmap|avahi-daemon|pppd|conntrackd|irdpd|dnsmasq|ntopng)/;

export const rawSocket: Detector = {
  name: 'raw-socket',
  about: 'Finds programs that hold raw or packet sockets without that being their work.',
  cannotSee: 'packets that are read by BPF programs without a socket.',
  attack: ['T1040', 'T1205.002'],
  tells: 'compromise',
  role: 'process',
  start() {
    const running = new Running();
    const sockets: SocketSeen[] = [];
    return {
      'process.seen': running.ear,
      'socket.seen': ({ fields }) => {
        if ((fields.proto === 'raw' || fields.proto === 'packet') && sockets.length < SOCKETS_AT_MOST) sockets.push(fields);
        return null;
      },
      'sweep.done': () => {
        const owners = new Set(sockets.flatMap((socket) => running.get(socket.pid) ?? []));
        return running.kinds([...owners]).map((kind) => told(kind, running));
      },
    };
  },
};

const SOCKETS_AT_MOST = 10_000;

function told(kind: Kind, running: Running): FindingDraft {
  const first = kind.processes[0];
  const standing = first ? running.standing(first) : 'unknown';
  const honest = standing === 'installed' || standing === 'unknown';
  const known = honest && KNOWN.test(nameOf(kind.program ?? first?.name ?? ''));
  return {
    key: kind.key,
    at: firstStart(kind.processes),
    severity: known ? 'info' : standing === 'installed' ? 'low' : standing === 'unknown' ? 'low' : 'high',
    confidence: 'strong',
    says: `${named(kind.program ?? first?.name ?? '')} holds a socket for raw packets: it can read or forge traffic`,
    culprit: [...(kind.program === null ? [] : [{ is: 'file', path: kind.program } as const]), ...entitiesOf(kind.processes)],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    ...(known ? { explained: 'raw packets are its work' } : honest ? { explained: 'an installed program' } : {}),
  };
}
