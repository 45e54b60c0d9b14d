/** Carries out what `tocsin setup` has shown, and takes it back: whole files put in their place by renaming, commands without a shell, nothing through links. */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../core/errors.ts';
import { shown } from '../core/text.ts';
import { type Before, type Step, UNDO_LIST } from './setup-plan.ts';
import { type Back, digestOf } from './setup-undo.ts';

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
/** No list may have others run, whoever wrote it. */
const PROGRAMS = new Set(['systemctl', 'systemd-sysusers', 'userdel']);
const COMMAND_MS = 120_000;
const TEXT_BYTES_AT_MOST = 1 << 20;

export type RunCommand = (words: readonly string[]) => void;

/** Runs it, or says why it failed. */
export function runCommand(words: readonly string[]): void {
  const [name = '', ...rest] = words;
  const program = PROGRAMS.has(name) ? FOLDERS.map((folder) => `${folder}/${name}`).find((file) => fs.existsSync(file)) : undefined;
  if (program === undefined) throw new UserError(`${name} was not found`, 'It belongs to systemd (systemctl, systemd-sysusers) or passwd (userdel).');
  const ran = spawnSync(program, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    timeout: COMMAND_MS,
    encoding: 'utf8',
  });
  if (ran.status === 0) return;
  const says = shown((ran.stderr ?? '').trim().split('\n')[0] || (ran.error?.message ?? `status ${ran.status}`), 300);
  throw new UserError(
    `${words.join(' ')} failed: ${says}`,
    'Mend that and run `tocsin setup` again, or take back what was done by `tocsin setup --undo`.',
  );
}

/** The files below a root: of this machine (''), or of a directory that stands for one. */
export class Place {
  readonly root: string;
  readonly #real: string;

  constructor(root: string) {
    this.root = root;
    this.#real = root === '' ? '/' : fs.realpathSync(root);
  }

  before(file: string): Before | null {
    const whole = this.#inside(file);
    const seen = fs.lstatSync(whole, { throwIfNoEntry: false });
    if (!seen) return null;
    if (!seen.isFile())
      throw new UserError(
        `${whole} is there and is no plain file`,
        seen.isSymbolicLink() ? 'A unit that is masked is such a link: `systemctl unmask` it, or take the link away.' : 'Move it away.',
      );
    if (seen.size > TEXT_BYTES_AT_MOST) throw new UserError(`${whole} is larger than any file of ours`, 'Move it away.');
    return { text: fs.readFileSync(whole, 'utf8'), mode: seen.mode & 0o7777 };
  }

  isDirectory(directory: string): boolean {
    return fs.statSync(this.root + directory, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  /** Of /etc/passwd, which may be a link, and long. */
  hasAccount(name: string): boolean {
    const file = `${this.root}/etc/passwd`;
    return fs.existsSync(file) && `\n${fs.readFileSync(file, 'latin1')}`.includes(`\n${name}:`);
  }

  exists(file: string): boolean {
    return fs.lstatSync(this.root + file, { throwIfNoEntry: false }) !== undefined;
  }

  makeDirectory(directory: string, mode: number): void {
    const whole = this.#inside(directory);
    if (!this.isDirectory(directory)) fs.mkdirSync(whole, { mode });
  }

  /** Whole or not at all, and on the disk when it returns. */
  write(file: string, text: string, mode: number): void {
    const whole = this.#inside(file);
    const fresh = `${whole}.tocsin-new`;
    fs.rmSync(fresh, { force: true });
    const fd = fs.openSync(fresh, 'wx', mode);
    try {
      fs.writeFileSync(fd, text);
      fs.fchmodSync(fd, mode);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(fresh, whole);
    const directory = fs.openSync(path.dirname(whole), 'r');
    fs.fsyncSync(directory);
    fs.closeSync(directory);
  }

  remove(file: string): void {
    fs.rmSync(this.#inside(file), { force: true });
  }

  removeDirectory(directory: string): boolean {
    try {
      fs.rmdirSync(this.#inside(directory));
      return true;
    } catch {
      // Something is in it: it stays.
      return false;
    }
  }

  /** A link on the disk that stands for another machine must not lead us out of it. */
  #inside(file: string): string {
    const whole = this.root + file;
    const parent = path.dirname(whole);
    const real = fs.existsSync(parent) ? fs.realpathSync(parent) : this.#real;
    if (this.root !== '' && real !== this.#real && !real.startsWith(`${this.#real}/`))
      throw new UserError(`${parent} leads out of ${this.root}`, 'Look at that link; nothing was written through it.');
    return whole;
  }
}

/** Nothing but what was shown, in its order. Commands only on this machine. */
export function apply(steps: readonly Step[], place: Place, undoText: string, run: RunCommand, tell: (says: string) => void): void {
  for (const step of steps) if (step.does === 'directory') place.makeDirectory(step.path, step.mode);
  place.write(UNDO_LIST, undoText, 0o600);
  for (const step of steps) {
    if (step.does === 'file') place.write(step.path, step.text, step.mode);
    else if (step.does === 'command' && place.root === '') run(step.words);
    else continue;
    tell(step.does === 'file' ? `wrote ${place.root}${step.path}` : step.words.join(' '));
  }
}

/** Takes back what the list says, as far as nobody has changed it since. A command that fails is told of, and the rest goes on. */
export function takeBack(backs: readonly Back[], place: Place, run: RunCommand, tell: (says: string) => void): boolean {
  let whole = true;
  const kept = (says: string) => {
    whole = false;
    tell(says);
  };
  for (const one of backs) {
    if (one.back === 'command') {
      if (place.root === '') tried(() => run(one.words), one.words.join(' '), tell, kept);
    } else if (one.back === 'directory') {
      if (place.isDirectory(one.path) && one.path !== path.dirname(UNDO_LIST))
        place.removeDirectory(one.path) && tell(`removed ${place.root}${one.path}`);
    } else takeBackFile(one, place, tell, kept);
  }
  if (place.root === '') tried(() => run(['systemctl', 'daemon-reload']), 'systemctl daemon-reload', tell, kept);
  place.remove(UNDO_LIST);
  for (const one of backs) if (one.back === 'directory') place.isDirectory(one.path) && place.removeDirectory(one.path);
  return whole;
}

function tried(work: () => void, says: string, tell: (says: string) => void, kept: (says: string) => void): void {
  try {
    work();
    tell(says);
  } catch (error) {
    kept(error instanceof Error ? error.message : String(error));
  }
}

function takeBackFile(
  { path: file, was, wrote }: Extract<Back, { back: 'file' }>,
  place: Place,
  tell: (says: string) => void,
  kept: (says: string) => void,
): void {
  const now = place.before(file);
  if (now === null && was === null) return;
  const changed = now !== null && digestOf(now.text) !== wrote && now.text !== was?.text;
  if (changed) kept(`${place.root}${file} was changed since and stays as it is`);
  else if (was === null) {
    place.remove(file);
    tell(`removed ${place.root}${file}`);
  } else {
    place.write(file, was.text, was.mode);
    tell(`put back ${place.root}${file}`);
  }
}
