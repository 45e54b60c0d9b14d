/** What `tocsin setup` would change, step by step, before anything is changed: files with what stood there before, and commands with what takes them back. */

import { UserError } from '../core/errors.ts';
import type { Mode } from './watch-words.ts';

export const UNITS = '/etc/systemd/system';
export const DEFAULTS = '/etc/default/tocsin';
export const SYSUSERS = '/etc/sysusers.d/tocsin.conf';
export const NEVER_HARM = '/etc/tocsin/never-harm';
export const UNDO_LIST = '/var/lib/tocsin/setup.json';
const HAND = 'tocsin-hand.service';
const BRAIN = 'tocsin.service';
/** Where systemd keeps that a unit is switched on, for the targets that ours are wanted by. */
export const SWITCHED_ON = `${UNITS}/sysinit.target.wants/${HAND}`;

export interface Before {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

export type Step =
  | { readonly does: 'directory'; readonly path: string; readonly mode: number }
  | { readonly does: 'file'; readonly path: string; readonly text: string; readonly mode: number; readonly was: Before | null; readonly why: string }
  /** A program by its plain name, and words; `back` takes it back, null = nothing is left of it. */
  | { readonly does: 'command'; readonly words: readonly string[]; readonly back: readonly string[] | null; readonly why: string };

/** The texts of the files that setup writes, as the package ships them. */
export interface Templates {
  readonly hand: string;
  readonly brain: string;
  readonly sysusers: string;
  readonly defaults: string;
}

export interface Planning {
  readonly mode: Mode;
  /** Absolute paths of Node and of the folder of our programs. */
  readonly node: string;
  readonly bin: string;
  readonly templates: Templates;
  readonly hasAccount: boolean;
  /** Null where there is no such file. */
  readonly before: (path: string) => Before | null;
  readonly hasDirectory: (path: string) => boolean;
  readonly switchedOn: boolean;
}

const NEVER_HARM_TEXT = `# Addresses and networks that Tocsin never bans, one a line, with comments behind "#".
# Spared anyway: this machine, its gateways and resolvers, and where somebody is logged in from now.
# Put in here where you work from when you are not logged in, and what must always reach this machine:
# 192.0.2.10        the office
# 2001:db8:7::/48   monitoring
`;

export function planOf(planning: Planning): Step[] {
  const { mode, templates, before, hasAccount, switchedOn } = planning;
  const files: readonly Omit<Extract<Step, { does: 'file' }>, 'does' | 'was'>[] = [
    { path: SYSUSERS, text: templates.sysusers, mode: 0o644, why: 'the account of the part that sees and judges' },
    { path: `${UNITS}/${HAND}`, text: filled(templates.hand, planning), mode: 0o644, why: 'the unit of the part that acts' },
    { path: `${UNITS}/${BRAIN}`, text: filled(templates.brain, planning), mode: 0o644, why: 'the unit of the part that sees and judges' },
    { path: DEFAULTS, text: defaultsOf(before(DEFAULTS), templates.defaults, mode), mode: 0o644, why: `mode and options: MODE=${mode}` },
    ...(before(NEVER_HARM)
      ? []
      : [{ path: NEVER_HARM, text: NEVER_HARM_TEXT, mode: 0o644, why: 'your list of who is never banned, without entries' }]),
  ];
  const changed = files.filter(({ path, text }) => before(path)?.text !== text);
  const steps: Step[] = missing(
    changed.map(({ path }) => path),
    planning,
  );
  steps.push(...changed.map((file): Step => ({ does: 'file', ...file, was: before(file.path) })));
  if (!hasAccount) steps.push(command(['systemd-sysusers', SYSUSERS], ['userdel', 'tocsin'], 'makes the account tocsin, without password and shell'));
  steps.push(command(['systemctl', 'daemon-reload'], null, 'lets systemd read the units'));
  if (mode === 'act') steps.push(...switched(HAND, 'starts the part that acts, now and at each boot'));
  else if (switchedOn) steps.push(off(HAND));
  steps.push(...switched(BRAIN, `starts watching, mode ${mode}, now and at each boot`));
  return steps;
}

function command(words: readonly string[], back: readonly string[] | null, why: string): Step {
  return { does: 'command', words, back, why };
}

/** `restart` also starts what does not run, and takes up a unit that was changed. */
function switched(unit: string, why: string): Step[] {
  return [command(['systemctl', 'enable', unit], ['systemctl', 'disable', '--now', unit], why), command(['systemctl', 'restart', unit], null, why)];
}

function off(unit: string): Step {
  return command(
    ['systemctl', 'disable', '--now', unit],
    ['systemctl', 'enable', '--now', unit],
    'ends the part that acts: mode observe needs none; bans stay in the kernel until their time is over',
  );
}

/** Directories that are missing above the files, outermost first. */
function missing(paths: readonly string[], { hasDirectory }: Planning): Step[] {
  const wanted = new Set<string>();
  for (const path of [...paths, UNDO_LIST]) {
    const parts = path.split('/').slice(1, -1);
    for (let count = 1; count <= parts.length; count += 1) wanted.add(`/${parts.slice(0, count).join('/')}`);
  }
  return [...wanted].filter((path) => !hasDirectory(path)).map((path) => ({ does: 'directory', path, mode: 0o755 }));
}

/** systemd.service(5): a percent sign, a dollar sign, quotation marks and backslashes mean something in a command line. */
const PLAIN_PATH = /^\/[\w./@+,:=~-]+$/;

function filled(template: string, { node, bin }: Planning): string {
  for (const path of [node, bin])
    if (!PLAIN_PATH.test(path))
      throw new UserError(`${path} has characters that a unit cannot carry safely`, 'Install Tocsin and Node at a plainer place, as /usr/lib.');
  return template.replaceAll('@NODE@', node).replaceAll('@BIN@', bin);
}

/** What an admin wrote there stays; only the mode is set. */
function defaultsOf(was: Before | null, template: string, mode: Mode): string {
  if (was === null) return template.replaceAll('@MODE@', mode);
  const line = `MODE=${mode}`;
  if (/^MODE=/m.test(was.text)) return was.text.replace(/^MODE=.*$/gm, line);
  return `${was.text}${was.text === '' || was.text.endsWith('\n') ? '' : '\n'}${line}\n`;
}
