/** Which programs and scripts a shell line would run, read from its words alone; nothing is run or expanded. Arguments and redirections are no programs. */

import { nameOf } from './entity.ts';

/** A path that the line runs. `sourced` = read into a shell by `.`, as start files do with one another. */
export interface Run {
  readonly path: string;
  readonly sourced: boolean;
}

const LINE_CHARACTERS = 4_000;
/** `sh -c "eval '…'"`. */
const DEEP_AT_MOST = 3;
const ENDS = new Set([';', '|', '(', ')', '`', '\n']);
const BEFORE = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time', 'builtin', 'command', 'export']);
const SHELLS = /^(?:(?:ba|da|z|k|mk)?sh|busybox|python[\d.]*|perl[\d.]*|php[\d.]*|ruby[\d.]*|node|lua[\d.]*|tclsh|expect)$/;

/** Programs that run another one: options with a value, and operands before the command. */
const WRAPPERS: Readonly<Record<string, { readonly values?: readonly string[]; readonly operands?: number }>> = {
  nohup: {},
  setsid: {},
  exec: { values: ['-a'] },
  env: { values: ['-u', '-C', '-S'] },
  nice: { values: ['-n'] },
  ionice: { values: ['-c', '-n', '-p'] },
  timeout: { values: ['-k', '-s'], operands: 1 },
  flock: { values: ['-w', '-E'], operands: 1 },
  sudo: { values: ['-u', '-g', '-h', '-p', '-C'] },
  doas: { values: ['-u', '-C'] },
  runuser: { values: ['-u', '-g', '-G'] },
  chronic: {},
  cronic: {},
  stdbuf: { values: ['-i', '-o', '-e'] },
  xargs: { values: ['-n', '-I', '-P', '-L', '-a', '-d'] },
  'systemd-run': { values: ['-u', '-p'] },
  'systemd-cat': { values: ['-t', '-p'] },
  taskset: { operands: 1 },
  chroot: { operands: 1 },
  trap: {},
};

export function runsOf(command: string, home: string | null): Run[] {
  return new Reading(home).line(command.slice(0, LINE_CHARACTERS), 0);
}

class Reading {
  readonly #home: string;
  #directory: string | null = null;

  constructor(home: string | null) {
    this.#home = home ?? '/root';
  }

  line(text: string, deep: number): Run[] {
    const preloads = [...text.matchAll(/LD_PRELOAD=["']?([^\s"':;]{1,400})/g)].flatMap((found) => this.#run(found[1], true));
    return [...preloads, ...simpleCommands(text).flatMap((words) => this.#command(words, deep))];
  }

  #command(words: readonly string[], deep: number): Run[] {
    let at = 0;
    for (let word = words[at]; word !== undefined; word = words[at]) {
      const name = nameOf(word);
      const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
      if (wrapper) at = afterWrapper(words, at + 1, wrapper);
      else if (BEFORE.has(word) || /^\w+\+?=/.test(word)) at += 1;
      else return this.#program(word, words.slice(at + 1), deep);
      if (wrapper && /\s/.test(words[at] ?? '') && deep < DEEP_AT_MOST) return this.line(words[at] ?? '', deep + 1);
    }
    return [];
  }

  #program(word: string, rest: readonly string[], deep: number): Run[] {
    const name = nameOf(word);
    if (word === 'cd' || word === 'pushd') {
      this.#directory = this.#absolute(rest[0] ?? '~', true);
      return [];
    }
    if (word === '.' || word === 'source') return this.#run(rest[0], true).map((run) => ({ ...run, sourced: true }));
    if (word === 'eval') return deep < DEEP_AT_MOST ? this.line(rest.join(' '), deep + 1) : [];
    const own = this.#run(word, false);
    const takesLine = name === 'su' || SHELLS.test(name);
    return takesLine ? [...own, ...this.#interpreted(name, rest, deep)] : own;
  }

  /** `sh -c LINE`, `su - NAME -c LINE`, `python3 -u SCRIPT`. */
  #interpreted(name: string, rest: readonly string[], deep: number): Run[] {
    const line = rest.findIndex((word) => /^-\w{0,8}c$/.test(word));
    const script = rest.findIndex((word) => !word.startsWith('-'));
    if (line >= 0 && (name === 'su' || script < 0 || line < script)) {
      return /^(?:su|(?:ba|da|z|k|mk)?sh)$/.test(name) && deep < DEEP_AT_MOST ? this.line(rest[line + 1] ?? '', deep + 1) : [];
    }
    const applet = name === 'busybox' ? this.#command(rest, deep) : [];
    return name === 'su' || name === 'busybox' || rest.includes('-m') ? applet : this.#run(rest[script], true);
  }

  /** A bare name is looked for in PATH when it is a command, and in the directory when it is a script. */
  #run(word: string | undefined, bareToo: boolean): Run[] {
    const path = word === undefined ? null : this.#absolute(word, bareToo);
    return path === null ? [] : [{ path, sourced: false }];
  }

  #absolute(word: string, bareToo: boolean): string | null {
    const marked = word.replace(/^[-@:+!|]{1,5}(?=\/)/, '').replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, this.#home);
    if (marked.startsWith('/')) return normal(marked);
    if (this.#directory === null || (!bareToo && !marked.includes('/'))) return null;
    return normal(`${this.#directory}/${marked}`);
  }
}

function afterWrapper(
  words: readonly string[],
  start: number,
  { values = [], operands = 0 }: { values?: readonly string[]; operands?: number },
): number {
  let at = start;
  let left = operands;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (values.includes(word)) at += 2;
    else if (word.startsWith('-') || /^\w+=/.test(word)) at += 1;
    else if (left > 0) {
      at += 1;
      left -= 1;
    } else break;
  }
  return at;
}

/** `.`, `..` and double slashes taken out. */
function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Words of one line, command by command. */
class Words {
  readonly commands: string[][] = [];
  #words: string[] = [];
  #word: string | null = null;
  #isTarget = false;

  get open(): boolean {
    return this.#word !== null;
  }

  put(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  endWord(): void {
    if (this.#word !== null && !this.#isTarget) this.#words.push(this.#word);
    if (this.#word !== null) this.#isTarget = false;
    this.#word = null;
  }

  /** The number before `>` names a file descriptor, the word after it a file. */
  redirect(): void {
    if (/^\d+$/.test(this.#word ?? '')) this.#word = null;
    this.endWord();
    this.#isTarget = true;
  }

  endCommand(): void {
    this.endWord();
    this.#isTarget = false;
    if (this.#words.length > 0) this.commands.push(this.#words);
    this.#words = [];
  }
}

/** Commands of one line as words without quotes. A redirection's target is left out: writing to /tmp runs nothing. */
function simpleCommands(text: string): string[][] {
  const words = new Words();
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
      else words.put(sign);
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      words.put('');
    } else if (sign === '\\') {
      at += 1;
      words.put(next);
    } else if (sign === '>' || (sign === '&' && next === '>')) {
      words.redirect();
      while (['>', '&', '|'].includes(text[at + 1] ?? '')) at += 1;
    } else if (sign === '<' || sign === ' ' || sign === '\t') words.endWord();
    else if (sign === '&' || ENDS.has(sign)) words.endCommand();
    else if (sign === '#' && !words.open) break;
    else words.put(sign);
  }
  words.endCommand();
  return words.commands;
}

export interface TellTale {
  readonly severity: 'medium' | 'high';
  readonly says: string;
}

const SHELL = '(?:ba|da|z|k)?sh';
/** What comes down a pipe is run by a shell, or by an interpreter that was given no program of its own. */
const INTO_SHELL = `\\|\\s{0,4}(?:sudo |env )?(?:/[\\w/.-]{1,60}/)?(?:${SHELL}(?![\\w.-])|(?:python[\\d.]{0,4}|perl)(?: -)?\\s{0,4}(?:$|[;&|"')>]))`;
/** Ways of speech that no honest job needs. */
const TELL_TALES: readonly (TellTale & { readonly is: RegExp })[] = [
  { is: /\/dev\/(?:tcp|udp)\//, severity: 'high', says: 'opens a connection by the shell itself (/dev/tcp)' },
  { is: new RegExp(`\\bbase64 (?:-\\w{0,4}d|-D|--decode)\\b[^;]{0,200}${INTO_SHELL}`), severity: 'high', says: 'runs what it decodes from base64' },
  { is: /\b(?:nc|ncat|netcat)\b[^|;]{0,200} (?:-e|-c|--exec|--sh-exec) /, severity: 'high', says: 'gives a program to whoever is at the other end' },
  { is: new RegExp(`\\b(?:curl|wget)\\b[^;]{0,600}${INTO_SHELL}`), severity: 'medium', says: 'runs what it downloads' },
  { is: new RegExp(`\\b${SHELL}\\b[^|;]{0,60}[$<]\\((?:curl|wget)\\b`), severity: 'medium', says: 'runs what it downloads' },
];

/** What no honest job does, seen in the line's words. */
export function tellTale(command: string): TellTale | null {
  const found = TELL_TALES.find(({ is }) => is.test(command));
  return found ? { severity: found.severity, says: found.says } : null;
}
