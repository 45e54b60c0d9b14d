/** A running program whose file is gone: deleted to leave no trace, held in memory only, or simply upgraded under it. */

import type { Detector } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { installed, oddPlace } from '../core/places.ts';
import { entitiesOf, evidencesOf, firstStart, type Kind, Running } from '../core/running.ts';
import { counted, named } from '../core/text.ts';
import type { FindingDraft, Severity } from '../core/words.ts';

const GONE: ReadonlySet<string> = new Set(['deleted', 'replaced', 'memfd', 'sealed']);
/** The names that older runc gives its copy, with which it began before it sealed them (CVE-2019-5736). */
const COPIES_ITSELF = /^\/memfd:runc_cloned/;

export const deletedExecutable: Detector = {
  name: 'deleted-executable',
  about: 'Finds running programs and scripts whose file was deleted or never was on a disk.',
  cannotSee: 'a library that was deleted while the program stays, and an intruder who seals his memory file as launchers do.',
  attack: ['T1070.004', 'T1620'],
  tells: 'compromise',
  role: 'process',
  start() {
    const running = new Running();
    const scripts = new Running();
    return {
      'process.seen': ({ fields }) => {
        if (fields.exe !== null && GONE.has(fields.exeState)) running.hear(fields);
        if (fields.scriptSays?.gone) scripts.hear(fields);
        return null;
      },
      'sweep.done': () => [...byExe(running).map(told), ...scripts.kinds().map(toldScript)],
    };
  },
};

/** By program file and state: a script's interpreter may be upgraded under many scripts. */
function byExe(running: Running): Kind[] {
  return running.kinds(running.all().map((process) => ({ ...process, script: null })));
}

/** The script is gone and its interpreter goes on: left behind by an upgrade, or deleted to leave no trace. */
function toldScript(kind: Kind): FindingDraft {
  const script = kind.program ?? '';
  const { severity, explained } = judged(script, 'deleted');
  return {
    key: `script ${script} ${kind.uid}`,
    at: firstStart(kind.processes),
    severity,
    confidence: 'strong',
    says: `${counted(kind.processes.length, 'process', 'processes')} of ${kind.account ? named(kind.account) : `uid ${kind.uid}`} ${kind.processes.length === 1 ? 'runs' : 'run'} the script ${named(script)}, which has been deleted since`,
    culprit: [{ is: 'file', path: script }, ...entitiesOf(kind.processes)],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    figures: { processes: kind.processes.length, state: 'deleted' },
    ...(explained ? { explained } : {}),
  };
}

function told(kind: Kind): FindingDraft {
  const exe = kind.program ?? '';
  const state = kind.processes[0]?.exeState ?? 'deleted';
  const { severity, explained } = judged(exe, state);
  const inMemory = state === 'memfd' || state === 'sealed';
  const what = inMemory
    ? 'from memory alone, without a file'
    : state === 'replaced'
      ? 'from a file that has been replaced since'
      : 'from a file that has been deleted since';
  return {
    key: `${exe} ${state} ${kind.uid}`,
    at: firstStart(kind.processes),
    severity,
    confidence: 'strong',
    says: `${counted(kind.processes.length, 'process', 'processes')} of ${kind.account ? named(kind.account) : `uid ${kind.uid}`} ${kind.processes.length === 1 ? 'runs' : 'run'} ${named(inMemory ? nameOf(exe) : exe)} ${what}`,
    culprit: [...(inMemory ? [] : [{ is: 'file', path: exe } as const]), ...entitiesOf(kind.processes)],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    figures: { processes: kind.processes.length, state },
    ...(explained ? { explained } : {}),
  };
}

function judged(exe: string, state: string): { readonly severity: Severity; readonly explained?: string } {
  if (state === 'sealed') return { severity: 'info', explained: 'a sealed copy in memory: so launchers and container runtimes protect themselves' };
  if (state === 'memfd') {
    if (COPIES_ITSELF.test(exe)) return { severity: 'info', explained: 'container runtimes start from a sealed copy of themselves' };
    return { severity: 'high' };
  }
  if (oddPlace(exe) !== null) return { severity: state === 'replaced' ? 'medium' : 'high' };
  if (state === 'replaced') return { severity: 'info', explained: 'there is a new file under the same name: it was upgraded and not restarted yet' };
  if (installed(exe))
    return { severity: 'info', explained: 'it was installed where packages live, and removed or upgraded since; restart what uses it' };
  return { severity: 'low', explained: 'programs that are built anew or deployed over leave such processes behind' };
}
