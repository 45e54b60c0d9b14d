/** What this machine needs to be reached and to reach: its own addresses, its gateways, its resolvers. Read anew each time; networks change. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import { UserError } from '../core/errors.ts';
import { addressText, netAround, netOf } from '../core/nets.ts';
import { faultOf } from './files.ts';
import type { Spared } from './guard.ts';

const ROUTES_BYTES_AT_MOST = 16 * 1024 * 1024;

export function around(read: (file: string) => string | null = readOwn): Spared[] {
  const own = Object.values(os.networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return [
    ...spared(own, 'an address of this machine'),
    ...spared([...gateways4(read('/proc/net/route')), ...gateways6(read('/proc/net/ipv6_route'))], 'a gateway of this machine'),
    ...spared(resolvers(read('/etc/resolv.conf')), 'a name server that this machine asks (/etc/resolv.conf)'),
  ];
}

export function spared(addresses: readonly string[], why: string): Spared[] {
  return [...new Set(addresses)].flatMap((address) => {
    const net = netOf(address.split('%', 1)[0] ?? '');
    return typeof net === 'string' ? [] : [{ net, why }];
  });
}

/** Null where there is no such file (a kernel without IPv6); what is there and cannot be read must not look like nothing. */
export function readOwn(file: string): string | null {
  try {
    const text = fs.readFileSync(file, 'utf8');
    return text.length > ROUTES_BYTES_AT_MOST ? text.slice(0, ROUTES_BYTES_AT_MOST) : text;
  } catch (error) {
    // Node's errors of system calls carry their name.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UserError(`${file} could not be read (${faultOf(error)})`, 'Look at why; until then nobody can be banned safely.');
  }
}

/** proc(5), /proc/net/route: the gateway is a hexadecimal number in the machine's byte order; flag 2 = RTF_GATEWAY. */
export function gateways4(text: string | null): string[] {
  return rows(text, 1).flatMap((row) => {
    const [gateway, flags] = [row[2] ?? '', Number.parseInt(row[3] ?? '0', 16)];
    if (!/^[\dA-F]{8}$/i.test(gateway) || (flags & 2) === 0) return [];
    const bytes = gateway.match(/../g) ?? [];
    return [(os.endianness() === 'LE' ? bytes.reverse() : bytes).map((byte) => Number.parseInt(byte, 16)).join('.')];
  });
}

/** /proc/net/ipv6_route: destination, its prefix, source, its prefix, next hop …; all zeros = on the link. */
export function gateways6(text: string | null): string[] {
  return rows(text, 0).flatMap((row) => {
    const hop = row[4] ?? '';
    return /^[\da-f]{32}$/i.test(hop) && !/^0+$/.test(hop) ? [addressText(6, netAround(6, BigInt(`0x${hop}`), 128).first)] : [];
  });
}

export function resolvers(text: string | null): string[] {
  return rows(text, 0).flatMap(([word, address]) => (word === 'nameserver' && address !== undefined ? [address] : []));
}

function rows(text: string | null, header: number): string[][] {
  return (text ?? '')
    .split('\n')
    .slice(header)
    .map((line) => line.trim().split(/\s+/));
}
