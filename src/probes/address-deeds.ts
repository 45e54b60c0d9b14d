/** What one address did here: whom it tried, whom it became, and whether it is connected now. */

import type { Given, Probe } from '../core/contracts.ts';
import { counted, lasted, listed, named } from '../core/text.ts';
import type { Entity, FactDraft } from '../core/words.ts';

export const addressDeeds: Probe = {
  name: 'address-deeds',
  about: 'Adds up what an address tried and which accounts it got into.',
  cannotSee: 'the person behind the address: it may be a victim that is used as a relay.',
  asks: 'address',
  look(entity, given) {
    if (entity.is !== 'address') return [];
    return [...guessed(entity.ip, given), ...entered(entity.ip, given), ...connected(entity.ip, given)];
  },
};

function guessed(ip: string, given: Given): FactDraft[] {
  const runs = given.history.guesses({ ip });
  const tries = runs.reduce((sum, run) => sum + run.times, 0);
  if (tries === 0) return [];
  const from = Math.min(...runs.map((run) => run.first));
  const to = Math.max(...runs.map((run) => run.last));
  const names = [...runs].sort((a, b) => b.times - a.times).map((run) => run.account);
  return [
    {
      says: `${named(ip)} (${given.networks.classOf(ip)}, network ${given.networks.networkOf(ip)}) was refused ${counted(tries, 'time')} on ${counted(names.length, 'name')} (${listed(names, 6)}) within ${lasted(to - from)}`,
      at: from,
      leadsTo: [],
      evidence: runs.slice(0, 10).flatMap((run) => run.evidence.slice(0, 1)),
      confidence: 'strong',
      figures: { failures: tries, accounts: names.length },
    },
  ];
}

/** Every account that a guilty address got into is part of the story. */
function entered(ip: string, given: Given): FactDraft[] {
  const guilty = given.history.guesses({ ip }).reduce((sum, run) => sum + run.times, 0) > 0;
  return given.history
    .logins()
    .filter((run) => run.ip === ip)
    .map((run) => ({
      says: `${named(ip)} logged in as ${named(run.account)} by ${run.method}, ${counted(run.times, 'time')}`,
      at: run.first,
      role: 'entry',
      entity: { is: 'address', ip },
      leadsTo: guilty ? [{ is: 'account', name: run.account } satisfies Entity] : [],
      evidence: run.recent.slice(0, 5).map((login) => login.evidence),
      confidence: 'strong',
    }));
}

function connected(ip: string, given: Given): FactDraft[] {
  const sockets = given.eyes.sockets().filter((socket) => socket.remote === ip && socket.state !== 'TIME_WAIT');
  const byPid = new Map(given.eyes.processes().map((process) => [process.pid, process]));
  const owners = [...new Set(sockets.flatMap((socket) => byPid.get(socket.pid ?? -1) ?? []))];
  if (sockets.length === 0) return [];
  return [
    {
      says: `${named(ip)} has ${counted(sockets.length, 'connection')} with this host now${
        owners.length > 0
          ? `, held by ${listed(
              owners.map((owner) => `${owner.name}[${owner.pid}]`),
              5,
            )}`
          : ''
      }`,
      at: given.eyes.now(),
      leadsTo: [],
      evidence: sockets.slice(0, 10).map((socket) => ({
        source: 'sockets',
        says: `${socket.proto} ${socket.local}:${socket.localPort} ${socket.remote}:${socket.remotePort} ${socket.state}`,
      })),
      confidence: 'strong',
    },
  ];
}
