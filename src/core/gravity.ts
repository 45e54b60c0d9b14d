/** How grave it is that a process runs where no program belongs: one judgement for all detectors that speak of such processes. */

import { inPlainView, oddName, oddPlace, sharedPlace } from './places.ts';
import { inMemory } from './story.ts';
import type { ProcessSeen, Severity } from './words.ts';

/** Units that hold other people's work: what they start is told by their own tables. */
const NOT_ITS_OWN =
  /^(?:cron|crond|atd|ssh|sshd|dropbear|apache2|httpd|nginx|docker|containerd|init|user@\d+)\.service$|^(?:session-|user@)|\.scope$/;
const LANGUAGE = /\/(perl|python|php|ruby|node|lua)[\w.-]{0,12}$/;

/** A unit that was written for this program alone. */
export function ownUnit(unit: string | null): boolean {
  return unit !== null && !NOT_ITS_OWN.test(unit);
}

/** The script or program file in an odd place, or null. */
export function oddPathOf(process: ProcessSeen): string | null {
  if (inMemory(process)) return null;
  return [process.script, process.exe].find((path) => path !== null && oddPlace(path) !== null) ?? null;
}

/**
 * The odd directory a process works in, where that says something: anybody may stand in /tmp, but nobody stands in `...` by chance,
 * and an interpreter that overwrote its command line shows only by its directory where its script lies.
 */
export function oddWorkplace(process: ProcessSeen): string | null {
  const { cwd } = process;
  if (cwd === null || cwd === '/') return null;
  if (cwd.split('/').some(oddName)) return cwd;
  return retitled(process) && !sharedPlace(cwd) && oddPlace(cwd) !== null ? cwd : null;
}

/** An interpreter whose command line no longer names it: `$0 = "-bash"`. */
function retitled(process: ProcessSeen): boolean {
  const language = LANGUAGE.exec(process.exe ?? '')?.[1];
  if (language === undefined || process.script !== null || process.argv.length === 0) return false;
  const first = process.argv[0] ?? '';
  const title = first.slice(first.lastIndexOf('/', first.search(/[\s:]|$/)) + 1);
  return !title.startsWith(language);
}

/**
 * Hidden inside what anybody may write to, among the system's directories, an odd name, or a service's account at work there: nobody
 * does that honestly. A plain name under /tmp in somebody's own session or unit may be a build or a test. `services` = uids of services.
 */
export function gravityOf(path: string, processes: readonly ProcessSeen[], services: ReadonlySet<number>): Severity {
  const why = oddPlace(path);
  if (why === 'odd-name' || processes.some((process) => services.has(process.uid)) || !inPlainView(path)) return 'high';
  return processes.some(detached) ? 'medium' : 'low';
}

/** Left behind on purpose: its parent is init, no terminal, no unit of its own. */
function detached(process: ProcessSeen): boolean {
  return process.ppid === 1 && process.tty === 0 && !ownUnit(process.unit);
}
