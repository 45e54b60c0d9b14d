/**
 * Follows the logs of a machine while they are written, through rotation and restarts, and gives each line once. `took` says that all that was
 * given is judged; only then the state moves on, so that after a crash lines are repeated rather than lost. Save `state()` after `took()`.
 */

import * as fs from 'node:fs';
import { counted } from '../core/text.ts';
import type { Coverage, Millis } from '../core/words.ts';
import { bytesOf } from './disk.ts';
import { FollowFile } from './follow-file.ts';
import type { FileSettings, Followed } from './follow-items.ts';
import { isPattern, matches, matching } from './follow-names.ts';
import { parentOf } from './follow-open.ts';
import type { FollowState } from './follow-place.ts';
import { DirectoryWatch } from './follow-watch.ts';
import { baseOf } from './log-generations.ts';
import type { ToUtc } from './zone.ts';

export type { Blind, Followed, Lines } from './follow-items.ts';
export { blindSays } from './follow-items.ts';
export { type FollowState, isFollowState } from './follow-place.ts';

/** Each costs a descriptor or three. */
const PATHS_AT_MOST = 2_000;
/** Patterns are looked through at every so many polls, and when a name comes up that fits. */
const PATTERN_POLLS = 10;

const USUAL = {
  /** The second view, where inotify sees nothing. */
  pollMs: 1_000,
  /** logrotate tells the daemon to reopen within seconds, and packs at once or a day later. */
  graceMs: 300_000,
  backlogBytes: 256 << 20,
  /** Of one log before it is another's turn. */
  turnBytes: 256 << 10,
  /** Of all logs before the reader has his. */
  batchBytes: 1 << 20,
};

export interface FollowSettings extends Partial<typeof USUAL> {
  /** Absolute paths of files, or patterns of them. */
  readonly paths: readonly string[];
  /** The machine's own time zone. */
  readonly toUtc: ToUtc;
  /** Where to begin in files that are there on the first day; later ones are read from their beginning. `end` where it is not given. */
  readonly from?: 'start' | 'end';
  readonly now?: () => Millis;
  /** Programs whose lines another log has. */
  readonly skip?: (path: string) => ReadonlySet<string>;
}

export class Follow {
  readonly #settings: FollowSettings & typeof USUAL;
  readonly #now: () => Millis;
  readonly #saved: FollowState | null;
  readonly #files = new Map<string, FollowFile>();
  /** Where files really lie → their paths. */
  readonly #reals = new Map<string, string>();
  readonly #ready = new Set<string>();
  readonly #watch = new DirectoryWatch((directory, name) => this.#heard(directory, name));
  readonly #patterns: readonly string[];
  #patternDirectories: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | null = null;
  #polls = 0;
  #begun = false;
  #due = true;
  #scanDue = true;
  #left = 0;
  #turning = false;
  #closed = false;
  #ended = false;
  #wake: () => void = () => {};

  constructor(settings: FollowSettings, state: FollowState | null) {
    this.#settings = { ...USUAL, ...settings };
    this.#now = settings.now ?? Date.now;
    this.#saved = state;
    this.#patterns = settings.paths.filter(isPattern);
  }

  /** Waits for what is new; empty only after `close`. */
  async next(): Promise<readonly Followed[]> {
    this.#timer ??= setInterval(() => this.#poll(), this.#settings.pollMs);
    // Others have their turn too, however much there is to read.
    await breath();
    while (!this.#closed) {
      this.#turning = true;
      const items = await this.#turn();
      this.#turning = false;
      // Also when it was closed meanwhile: what is given must be seen before it is acknowledged.
      if (this.#closed) this.#end();
      if (items.length > 0) return items;
      if (this.#closed) break;
      if (this.#ready.size > 0 || this.#due) await breath();
      else await new Promise<void>((resolve) => this.#sleep(resolve));
    }
    this.#end();
    return [];
  }

  /** All that `next` gave is judged. */
  took(): void {
    for (const file of this.#files.values()) file.took();
  }

  /** Where the next start goes on: plain data. Before the first `next` that which was given. */
  state(): FollowState {
    if (this.#files.size === 0 && this.#saved) return this.#saved;
    const paths = [...this.#files].flatMap(([path, file]) => {
      const state = file.state();
      return state ? [[path, state] as const] : [];
    });
    return { at: this.#now(), paths: Object.fromEntries(paths) };
  }

  coverage(): readonly Coverage[] {
    const files = [...this.#files.values()].map((file) => file.coverage());
    const watch = this.#watch.coverage();
    const empty = this.#patterns.filter((pattern) => ![...this.#files.keys()].some((path) => fitsPattern(path, pattern)));
    const absent = empty.map((source): Coverage => ({ source, state: 'absent', detail: 'no such file yet' }));
    const left = `${counted(this.#left, 'log')} beyond ${PATHS_AT_MOST} ${this.#left === 1 ? 'is' : 'are'} not followed, those that were written to last before others`;
    return [...files, ...absent, ...(watch ? [watch] : []), ...(this.#left > 0 ? [{ source: 'logs', state: 'partial' as const, detail: left }] : [])];
  }

  close(): void {
    this.#closed = true;
    if (!this.#turning) this.#end();
    this.#wake();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#watch.close();
    for (const file of this.#files.values()) file.close();
  }

  async #turn(): Promise<Followed[]> {
    if (this.#due) await this.#lookAround();
    const items: Followed[] = [];
    let bytes = 0;
    for (const path of [...this.#ready]) {
      if (bytes >= this.#settings.batchBytes || this.#closed) break;
      // Taken out first: what happens from here on puts it in again, at the end of the queue.
      this.#ready.delete(path);
      const file = this.#files.get(path);
      if (!file) continue;
      const turn = await file.turn(this.#settings.turnBytes);
      for (const item of turn.items) items.push(item);
      bytes += turn.bytes;
      if (turn.more) this.#ready.add(path);
      if (file.real !== null && file.real !== path) this.#reals.set(file.real, path);
    }
    return items;
  }

  /** Every file is looked at, whatever inotify says; patterns now and then. */
  async #lookAround(): Promise<void> {
    this.#due = false;
    if (this.#scanDue) await this.#scan();
    this.#reals.clear();
    const directories = new Set(this.#patternDirectories);
    for (const [path, file] of this.#files) {
      this.#ready.add(path);
      directories.add(parentOf(path));
      if (file.real !== null) directories.add(parentOf(file.real));
      if (file.real !== null && file.real !== path) this.#reals.set(file.real, path);
    }
    this.#watch.only(directories);
  }

  async #scan(): Promise<void> {
    this.#scanDue = false;
    const found = this.#patterns.map(matching);
    this.#patternDirectories = new Set(found.flatMap(({ directories }) => directories));
    const asked = this.#settings.paths.filter((path) => !isPattern(path));
    const matched = found.flatMap(({ paths }) => paths).filter((path) => !this.#files.has(path));
    const saved =
      this.#files.size === 0 ? Object.keys(this.#saved?.paths ?? {}).filter((path) => this.#patterns.some((one) => fitsPattern(path, one))) : [];
    for (const [path, file] of this.#files) if (file.gone && !asked.includes(path)) this.#files.delete(path);
    const wanted = [...new Set([...asked, ...saved, ...latest(matched)])].filter((path) => !this.#files.has(path));
    const first = !this.#begun;
    this.#begun = true;
    const room = Math.max(0, PATHS_AT_MOST - this.#files.size);
    this.#left = Math.max(0, wanted.length - room);
    for (const path of wanted.slice(0, room)) await this.#begin(path, first);
  }

  async #begin(path: string, first: boolean): Promise<void> {
    const { toUtc, graceMs, backlogBytes, skip, from = 'end' } = this.#settings;
    const settings: FileSettings = { toUtc, now: this.#now, graceMs, backlogBytes, skip: skip?.(path) ?? new Set() };
    const file = new FollowFile(path, settings);
    this.#files.set(path, file);
    // A file that was made while nobody looked is new, even if the reader is not.
    const made = fs.statSync(bytesOf(path), { throwIfNoEntry: false })?.birthtimeMs ?? 0;
    const isNew = !first || (this.#saved !== null && made > this.#saved.at);
    await file.begin((first ? this.#saved?.paths[path] : undefined) ?? null, isNew ? 'start' : from);
  }

  #poll(): void {
    this.#polls += 1;
    this.#due = true;
    if (this.#polls % PATTERN_POLLS === 0) this.#scanDue = true;
    this.#wake();
  }

  #heard(directory: string, name: string | null): void {
    const path = `${directory === '/' ? '' : directory}/${name ?? ''}`;
    const base = baseOf(path);
    const known = [path, base, this.#reals.get(path), this.#reals.get(base)].filter((one) => one !== undefined && this.#files.has(one));
    for (const one of known) if (one !== undefined) this.#ready.add(one);
    const isNew =
      known.length === 0 && (name === null || this.#patterns.some((pattern) => fitsPattern(path, pattern)) || this.#patternDirectories.has(path));
    if (isNew) {
      this.#due = true;
      this.#scanDue = true;
    }
    if (isNew || known.length > 0) this.#wake();
  }

  #sleep(resolve: () => void): void {
    this.#wake = resolve;
    if (this.#closed) resolve();
  }
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Regular files and links to such, the one that was written to last first. */
function latest(paths: readonly string[]): string[] {
  const facts = paths.map((path) => ({ path, facts: fs.statSync(bytesOf(path), { throwIfNoEntry: false }) }));
  const files = facts.filter(({ facts }) => facts?.isFile());
  return files.sort((a, b) => (b.facts?.mtimeMs ?? 0) - (a.facts?.mtimeMs ?? 0)).map(({ path }) => path);
}

function fitsPattern(path: string, pattern: string): boolean {
  const pieces = pattern.split('/');
  const names = path.split('/');
  return pieces.length === names.length && names.every((name, index) => matches(name, pieces[index] ?? '')) && baseOf(path) === path;
}
