/** The TCP sockets of this network namespace, from /proc/net/tcp and tcp6: who is connected to which port. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import { addressText } from '../core/nets.ts';

export interface Connection {
  readonly localPort: number;
  readonly peer: string;
  readonly listens: boolean;
  readonly inode: number;
}

/** net/tcp_states.h */
const [ESTABLISHED, LISTEN] = ['01', '0A'];

export function connections(): Connection[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => (fs.existsSync(file) ? socketsIn(fs.readFileSync(file, 'latin1')) : []));
}

/** proc_net_tcp.txt of the kernel: `sl local_address rem_address st …`, the inode is the tenth field. */
export function socketsIn(text: string): Connection[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const field = line.trim().split(/\s+/);
      const [local, remote, state] = [field[1] ?? '', field[2] ?? '', field[3] ?? ''];
      if (state !== ESTABLISHED && state !== LISTEN) return [];
      return [
        { localPort: Number.parseInt(local.split(':')[1] ?? '0', 16), peer: addressIn(remote), listens: state === LISTEN, inode: Number(field[9]) },
      ];
    });
}

/** Words of four bytes, each in the machine's byte order. */
function addressIn(text: string): string {
  const words = (text.split(':')[0] ?? '').match(/.{8}/g) ?? [];
  const ordered = words.map((word) => (os.endianness() === 'LE' ? (word.match(/../g) ?? []).reverse().join('') : word)).join('');
  const value = BigInt(`0x${ordered || '0'}`);
  if (words.length === 1) return addressText(4, value);
  return value >> 32n === 0xffffn ? addressText(4, value & 0xffffffffn) : addressText(6, value);
}
