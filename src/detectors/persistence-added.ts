/** What brings an intruder back: a job, unit, start file, preload or key that runs something where no program belongs (WORLD's `pscan2`). */

import { tellTale } from '../core/command-line.ts';
import type { Detector } from '../core/contracts.ts';
import { directoryOf } from '../core/entity.ts';
import type { Entry } from '../core/entries.ts';
import { Foreign } from '../core/foreign.ts';
import { oddRun } from '../core/odd-runs.ts';
import { inPlainView, inside, installed, oddPlace, worldWritable } from '../core/places.ts';
import { named, shown } from '../core/text.ts';
import { Bounded } from '../core/window.ts';
import type { Entity, EventOf, FindingDraft, PersistencePlace, PersistenceSeen, Severity } from '../core/words.ts';

const ACCOUNTS_AT_MOST = 20_000;
/** persistence.seen is bounded by its source; this is for any other one. */
const KEPT_AT_MOST = 20_000;

const KINDS: Readonly<Record<PersistencePlace, { readonly technique: string; readonly called: string }>> = {
  cron: { technique: 'T1053.003', called: 'a cron job' },
  unit: { technique: 'T1543.002', called: 'a systemd unit' },
  timer: { technique: 'T1053.006', called: 'a systemd timer' },
  at: { technique: 'T1053.002', called: 'an at job' },
  'shell-rc': { technique: 'T1546.004', called: 'a start file of shells' },
  'authorized-keys': { technique: 'T1098.004', called: 'a key' },
  preload: { technique: 'T1574.006', called: 'a preloaded library' },
  'init-script': { technique: 'T1037.004', called: 'an init script' },
  'ssh-rc': { technique: 'T1546.004', called: 'a start file of sshd' },
  sudoers: { technique: 'T1548.003', called: 'a sudo rule' },
  setuid: { technique: 'T1548.001', called: 'a program with the rights of root' },
};

/** Every minute or few, or at each boot: it wants to be running always. */
const RESTLESS = /^(?:\*(?:\/\d+)? \* \* \* \*|@reboot)$/;
/** Raspberry Pi OS preloads its own memory functions. */
const VENDOR_PRELOAD = /^\/usr\/lib\/[\w-]+\/libarmmem[\w${}-]*\.so$/;

interface Charge {
  readonly severity: Severity;
  readonly says: string;
  readonly path?: string;
  readonly explained?: string;
}

export const persistenceAdded: Detector = {
  name: 'persistence-added',
  about: 'Finds jobs, units, start files, preloads, keys and setuid programs that bring an intruder back.',
  cannotSee:
    'jobs that run an installed program with bad arguments, what a script in an honest place does, and hidden files that start files read by `.`.',
  attack: [...new Set(Object.values(KINDS).map((kind) => kind.technique))],
  tells: 'compromise',
  role: 'persistence',
  start({ guesses, entries, networks }) {
    const homes = new Bounded<string>(ACCOUNTS_AT_MOST, null);
    const seen: EventOf<'persistence.seen'>[] = [];
    return {
      'account.seen': ({ fields }) => {
        homes.open(fields.name, () => fields.home);
        return null;
      },
      'persistence.seen': (event) => {
        if (seen.length < KEPT_AT_MOST) seen.push(event);
        return null;
      },
      'sweep.done': () => {
        const foreign = new Foreign(entries, guesses, networks);
        return seen.flatMap((event) => {
          const { account } = event.fields;
          const charge = chargeOf(event.fields, homes.get(account ?? '') ?? null) ?? afterEntry(event.fields, foreign.first(account ?? ''));
          return charge ? [told(event, charge)] : [];
        });
      },
    };
  },
};

function chargeOf(seen: PersistenceSeen, home: string | null): Charge | null {
  if (seen.place === 'setuid')
    return oddPlace(seen.path) === null ? null : { severity: 'high', says: 'lies where no program belongs', path: seen.path };
  if (seen.place === 'preload') return preloadCharge(seen);
  return oddCharge(seen, home) ?? tellTale(seen.command);
}

function preloadCharge({ command, package: owner }: PersistenceSeen): Charge | null {
  if (typeof owner === 'string') return null;
  const says = `is loaded into every program${owner === null ? ', and no package brought it' : '; whether a package brought it was not looked up'}`;
  if (VENDOR_PRELOAD.test(command)) return { severity: 'low', says, path: command, explained: 'Raspberry Pi OS preloads a library of this name' };
  const unknown = owner === undefined && installed(command) && oddPlace(command) === null;
  return { severity: unknown ? 'medium' : 'high', says, path: command };
}

/** Runs something in a hidden, world-writable or oddly named place. */
function oddCharge(seen: PersistenceSeen, home: string | null): Charge | null {
  const { place, command } = seen;
  for (const line of place === 'authorized-keys' ? forcedCommand(command) : command.split(' -> ')) {
    const run = oddRun(line.replaceAll('%h', home ?? '%h'), home);
    if (!run) continue;
    return {
      severity: gravityOf(seen, run.path),
      says: `runs ${named(run.path)}, where no program belongs`,
      path: run.path,
    };
  }
  return null;
}

/** A unit among the system's own names its program openly, and to be kept running is what a service is: then only a place that hides it is grave. */
function gravityOf({ place, path: file, schedule }: PersistenceSeen, path: string): Severity {
  if (oddPlace(path) !== 'hidden') return 'high';
  if (place === 'unit' && inside(file, '/etc/systemd/system')) return inPlainView(path) ? 'low' : 'medium';
  return RESTLESS.test(schedule ?? '') || !inPlainView(path) ? 'high' : 'medium';
}

function forcedCommand(key: string): string[] {
  const found = /(?:^|,)command="((?:[^"\\]|\\.){1,1000})"/.exec(key);
  return found?.[1] ? [found[1].replaceAll('\\"', '"')] : [];
}

/** Changed after somebody had come in from a network that guessed. */
function afterEntry({ place, changedAt }: PersistenceSeen, entry: Entry | undefined): Charge | null {
  const opens = place === 'authorized-keys' || place === 'cron' || place === 'unit' || place === 'timer' || place === 'at';
  if (!entry || changedAt === null || !opens || changedAt < entry.at) return null;
  return { severity: 'medium', says: `was changed after ${named(entry.account)} had been entered from ${named(entry.ip)}, whose network guessed` };
}

/** An odd directory of its own, and not one like /tmp, which everybody shares. */
function own(directory: string): boolean {
  const odd = oddPlace(directory);
  return odd !== null && (odd !== 'world-writable' || worldWritable(directoryOf(directory)));
}

function told({ at, fields }: EventOf<'persistence.seen'>, { severity, says, path, explained }: Charge): FindingDraft {
  const { place, line, command, schedule, account, changedAt } = fields;
  const run: Entity[] = path === undefined || path === fields.path ? [] : [{ is: 'file', path }];
  const directory = path === undefined ? '/' : directoryOf(path);
  return {
    key: `${place} ${fields.path}:${line ?? ''} ${place === 'preload' ? command : ''}`.trim(),
    at: changedAt ?? at,
    severity,
    confidence: path === undefined ? 'medium' : 'strong',
    says: `${KINDS[place].called} of ${account === null ? 'the whole host' : named(account)} (${named(fields.path)}) ${says}${schedule ? `, ${schedule === '@reboot' ? 'at each boot' : `at ${named(schedule)}`}` : ''}`,
    culprit: [...run, { is: 'file', path: fields.path }, ...(own(directory) ? [{ is: 'directory', path: directory } as const] : [])],
    victim: [],
    evidence: [{ source: 'persistence', path: fields.path, ...(line === undefined ? {} : { line }), says: shown(command, 390) }],
    seen: 1,
    attack: [KINDS[place].technique],
    ...(explained ? { explained } : {}),
    figures: { place, ...(schedule ? { schedule } : {}) },
  };
}
