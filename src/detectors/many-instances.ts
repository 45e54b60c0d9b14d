/** One program that runs very many times at once: 200 scanners, or 300 honest workers of one server. */

import type { Detector } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { atTerminal, entitiesOf, evidencesOf, firstStart, type Kind, Running } from '../core/running.ts';
import { counted, named } from '../core/text.ts';
import type { FindingDraft, ProcessSeen, Severity } from '../core/words.ts';

/** DNS1 had over 200; few programs start more than this without being a server with workers. */
const MANY = 50;

export const manyInstances: Detector = {
  name: 'many-instances',
  about: 'Finds a program that runs fifty times or more at once.',
  cannotSee: 'one process with very many threads or sockets; outbound-scan looks at those.',
  attack: ['T1496'],
  tells: 'oddity',
  role: 'process',
  start() {
    const running = new Running();
    return {
      'process.seen': running.ear,
      'sweep.done': () =>
        running
          .kinds()
          .filter((kind) => kind.program !== null && kind.processes.length >= MANY)
          .map((kind) => told(kind, running)),
    };
  },
};

function told(kind: Kind, running: Running): FindingDraft {
  const program = kind.program ?? '';
  const { severity, explained } = judged(kind, running);
  return {
    key: kind.key,
    at: firstStart(kind.processes),
    severity,
    confidence: 'strong',
    says: `${counted(kind.processes.length, 'process', 'processes')} of ${kind.account ? named(kind.account) : `uid ${kind.uid}`} run ${named(program)}`,
    culprit: [{ is: 'file', path: program }, ...entitiesOf(kind.processes)],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    figures: { processes: kind.processes.length },
    ...(explained ? { explained } : {}),
  };
}

function judged(kind: Kind, running: Running): { readonly severity: Severity; readonly explained?: string } {
  const standings = new Set(kind.processes.map((process) => running.standing(process)));
  if (standings.has('out-of-place')) return { severity: 'high' };
  const parents = new Set(kind.processes.map((process) => process.ppid));
  const parent = parents.size <= 2 ? parentOf(kind.processes, running) : undefined;
  if (parent) return { severity: 'info', explained: `workers of one parent, ${nameOf(parent.exe ?? parent.name)}[${parent.pid}]` };
  const person = kind.processes.find((process) => atTerminal(process) || running.parents(process).some(atTerminal));
  if (person && !standings.has('inline')) return { severity: 'info', explained: 'started from the terminal of somebody who is logged in' };
  return { severity: standings.has('installed') ? 'low' : 'medium' };
}

/** The one that started most of them, when it is not init: a server's master is one of them itself, or is an installed program. */
function parentOf(processes: readonly ProcessSeen[], running: Running): ProcessSeen | undefined {
  const pids = new Set(processes.map((process) => process.pid));
  const outside = processes.map((process) => process.ppid);
  const most = outside.find((pid) => outside.filter((other) => other === pid).length * 2 > processes.length);
  const parent = running.get(most ?? null);
  if (!parent || parent.pid <= 1) return undefined;
  return pids.has(parent.pid) || running.standing(parent) === 'installed' ? parent : undefined;
}
