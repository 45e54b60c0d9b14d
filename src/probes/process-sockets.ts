/** Whom a process talks to right now, and on which ports it listens. */

import type { Probe } from '../core/contracts.ts';
import { counted, grouped, listed } from '../core/text.ts';
import type { SocketSeen } from '../core/words.ts';

export const processSockets: Probe = {
  name: 'process-sockets',
  about: 'Adds up the connections of a process by state, remote port and address.',
  cannotSee: 'connections that began and ended between two looks, and raw packets.',
  asks: 'process',
  look(entity, given) {
    if (entity.is !== 'process') return [];
    const mine = given.eyes.sockets().filter((socket) => socket.pid === entity.pid && socket.startTicks === entity.startTicks);
    const listens = mine.filter((socket) => socket.state === 'LISTEN');
    const talks = mine.filter((socket) => socket.state !== 'LISTEN' && socket.remotePort > 0);
    const parts = [listens.length > 0 ? `listens on ${listed(listens.map(localOf), 8)}` : '', talks.length > 0 ? talkWords(talks) : ''].filter(
      Boolean,
    );
    if (parts.length === 0) return [];
    return [
      {
        says: `process ${entity.pid} ${parts.join(' and ')}`,
        at: given.eyes.now(),
        leadsTo: [],
        evidence: [
          {
            source: `/proc/${entity.pid}/fd`,
            says: mine
              .slice(0, 10)
              .map((socket) => `${socket.proto} ${localOf(socket)} > ${socket.remote}:${socket.remotePort} ${socket.state}`)
              .join('; '),
          },
        ],
        confidence: 'strong',
      },
    ];
  },
};

function localOf(socket: SocketSeen): string {
  return `${socket.proto}/${socket.local}:${socket.localPort}`;
}

function talkWords(talks: readonly SocketSeen[]): string {
  const states = new Map<string, number>();
  for (const socket of talks) states.set(socket.state, (states.get(socket.state) ?? 0) + 1);
  const targets = [...new Set(talks.map((socket) => `${socket.remote}:${socket.remotePort}`))];
  const inStates = [...states].map(([state, count]) => `${grouped(count)} ${state}`).join(', ');
  return `has ${counted(talks.length, 'connection')} (${inStates}) to ${listed(targets, 8)}`;
}
