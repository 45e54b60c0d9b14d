/**
 * The last look at every order before it is proposed, whatever policy made it: never pid 1, sshd's own door, this program or the session that it
 * was started from, never root, never an address or directory that the machine needs. What a person would miss is said as a recommendation.
 */

import { mayBeBanned } from '../core/bans.ts';
import type { Given } from '../core/contracts.ts';
import { needed } from '../core/needed.ts';
import { inside, installed } from '../core/places.ts';
import { named } from '../core/text.ts';
import type { Order, ProcessId, Proposal } from '../core/words.ts';

interface Guarded {
  readonly proposes: readonly Proposal[];
  readonly recommends: readonly string[];
}

type Tree = Extract<Order, { readonly verb: 'freeze-tree' | 'kill-tree' }>;

export function guarded(proposals: readonly Proposal[], given: Given): Guarded {
  const spared = sparedProcesses(given);
  const recommends: string[] = [];
  const proposes = proposals.flatMap((proposal) => {
    const { order } = proposal;
    if (order.verb === 'freeze-tree' || order.verb === 'kill-tree') return trees(proposal, order, spared, recommends);
    const refusal = refused(order, given);
    if (refusal === null) return [proposal];
    if (refusal !== '') recommends.push(refusal);
    return [];
  });
  return { proposes, recommends: [...new Set(recommends)] };
}

/** Pids whose whole tree must go on, each with what a person should know of it. */
function sparedProcesses({ eyes }: Given): ReadonlyMap<number, string> {
  const byPid = new Map(eyes.processes().map((process) => [process.pid, process]));
  const spared = new Map<number, string>([[1, 'it is the first process of the machine']]);
  const spare = (pid: number, why: string) => {
    const seen = new Set<number>();
    for (let at = pid; at > 1 && !seen.has(at); at = byPid.get(at)?.ppid ?? 0) {
      seen.add(at);
      if (!spared.has(at)) spared.set(at, why);
    }
  };
  const ports = new Set(eyes.sshd()?.ports ?? [22]);
  for (const socket of eyes.sockets()) {
    const door = socket.state === 'LISTEN' && ports.has(socket.localPort);
    if (door && socket.pid !== null && installed(byPid.get(socket.pid)?.exe ?? '')) spare(socket.pid, 'sshd takes log-ins by it');
  }
  for (const pid of [eyes.self?.pid ?? 0, ...(eyes.self?.above ?? [])]) if (pid > 1) spare(pid, 'this look was started from it');
  return spared;
}

function trees(proposal: Proposal, order: Tree, spared: ReadonlyMap<number, string>, recommends: string[]): Proposal[] {
  const all: ProcessId[] = [{ pid: order.pid, startTicks: order.startTicks }, ...order.alike];
  const [first, ...alike] = all.filter(({ pid }) => !spared.has(pid));
  for (const { pid } of all) {
    const why = spared.get(pid);
    if (why !== undefined) recommends.push(`Look at process ${pid} yourself: it is accused, but ${why}, so no order touches it.`);
  }
  return first ? [{ ...proposal, order: { verb: order.verb, ...first, alike } }] : [];
}

/** Null where the order may stand; else what a person should be told, or '' where there is nothing to tell. */
function refused(order: Order, { eyes, networks, history }: Given): string | null {
  const { self } = eyes;
  switch (order.verb) {
    case 'ban-address':
      if (!mayBeBanned(order.ip, { eyes, networks, history })) return '';
      return self?.addresses.includes(order.ip)
        ? `${named(order.ip)} is the address that you work from now, so no ban is proposed: if the log-ins from there were not yours, act from another place.`
        : null;
    case 'lock-account':
      return order.name === 'root' ? '' : ownAccount(order.name, self?.account ?? null);
    case 'end-sessions':
      // Sessions are ended by uid: those of a second name of uid 0 are root's.
      if (order.name === 'root' || eyes.accounts().some((account) => account.name === order.name && account.uid === 0)) return '';
      return ownAccount(order.name, self?.account ?? null);
    case 'quarantine-directory':
      return needed(order.path) || (self !== null && (inside(self.folder, order.path) || inside(order.path, self.folder))) ? '' : null;
    case 'quarantine-file':
      return self !== null && inside(order.path, self.folder) ? '' : null;
    default:
      return null;
  }
}

function ownAccount(name: string, own: string | null): string | null {
  if (name !== own) return null;
  return `You work as ${named(name)} now, so no order touches that account: open a session of another one, then end its sessions and lock it by hand.`;
}
