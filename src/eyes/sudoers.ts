/**
 * Who may do everything as root by sudo: the users and groups that sudoers(5) gives ALL commands or a root shell, with file and line.
 * Cannot see: sudoers in LDAP or SSSD, single commands from which a root shell can be had, and the `%h` of an include.
 */

import { directoryOf } from '../core/entity.ts';
import { counted, listed, shown } from '../core/text.ts';
import type { Coverage } from '../core/words.ts';
import type { Disk } from './disk.ts';

type Note = (coverage: Coverage) => void;

/** As deep as sudo itself follows includes (MAX_SUDOERS_DEPTH). */
const DEPTH_AT_MOST = 128;
const FILES_AT_MOST = 1000;
const LINES_AT_MOST = 100_000;
/** Aliases may name aliases; sudo refuses circles, and so no honest chain is longer than this. */
const ALIASES_DEEP = 16;
const FILE_BYTES = 1 << 20;

/** Programs that give a root shell when they may be run with any arguments. */
const SHELLS = /^\/(?:usr\/)?(?:local\/)?s?bin\/(?:sh|bash|dash|zsh|ksh|fish|su)$/;

/** Words before a command that are no command (sudoers(5), "Tag_Spec" and "Option_Spec"). */
const TAG =
  /^(?:(?:NO)?(?:PASSWD|EXEC|SETENV|LOG_INPUT|LOG_OUTPUT|MAIL|FOLLOW|INTERCEPT)\s*:|(?:ROLE|TYPE|APPARMOR_PROFILE|PRIVS|LIMITPRIVS|TIMEOUT|NOTBEFORE|NOTAFTER|CWD|CHROOT)\s*=\s*\S+)\s*/;

export interface SudoRights {
  readonly users: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
}

/** "User_Alias ADMINS" → its members. */
type Aliases = ReadonlyMap<string, readonly string[]>;

/** One rule with its continuations joined. */
interface Rule {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Account (`#UID` and `%#GID` as they are written) → why, e.g. "named in /etc/sudoers.d/x line 3: ALL=(ALL) NOPASSWD: ALL". */
export function sudoRights(disk: Disk, note: Note): SudoRights {
  const reader = new Reader(disk);
  reader.file('/etc/sudoers', 0);
  note(reader.coverage());
  const aliases = new Map<string, readonly string[]>();
  for (const rule of reader.rules) for (const [name, members] of aliasesOf(rule.text)) aliases.set(name, members);
  const users = new Map<string, string>();
  const groups = new Map<string, string>();
  for (const rule of reader.rules) {
    const right = rightOf(rule.text, aliases);
    if (!right) continue;
    const why = `named in ${shown(rule.path, 200)} line ${rule.line}: ${shown(right.says, 200)}`;
    for (const who of expanded(right.who, 'User_Alias ', aliases).map(unquoted)) {
      const names = who.startsWith('%') ? groups : users;
      const name = who.startsWith('%') ? who.slice(1) : who;
      if (!names.has(name)) names.set(name, why);
    }
  }
  return { users, groups };
}

class Reader {
  readonly rules: Rule[] = [];
  readonly #disk: Disk;
  readonly #problems: string[] = [];
  #files = 0;
  #absent = false;
  #full = false;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  file(path: string, depth: number): void {
    if (depth > DEPTH_AT_MOST || this.#files >= FILES_AT_MOST) {
      this.#full = true;
      return;
    }
    const text = this.#disk.text(path, FILE_BYTES);
    if (text === null) {
      if (depth === 0 && this.#disk.stat(path) === null) this.#absent = true;
      else this.#problems.push(path);
      return;
    }
    this.#files += 1;
    for (const rule of rulesOf(path, text)) this.#rule(rule, depth);
  }

  #rule(rule: Rule, depth: number): void {
    const include = /^[@#](include|includedir)\s+(\S.*)$/.exec(rule.text);
    if (include?.[1] === 'include') this.file(absolute(include[2] ?? '', rule.path), depth + 1);
    else if (include) this.#directory(absolute(include[2] ?? '', rule.path), depth + 1);
    else if (this.rules.length < LINES_AT_MOST) this.rules.push(rule);
    else this.#full = true;
  }

  /** Names with a dot in them or a `~` at their end are passed over, the rest is read in the order of their bytes (sudoers(5)). */
  #directory(path: string, depth: number): void {
    const names = this.#disk.names(path);
    if (!Array.isArray(names)) {
      if (names.error !== 'ENOENT') this.#problems.push(path);
      return;
    }
    for (const name of names.sort()) if (!name.includes('.') && !name.endsWith('~')) this.file(`${path.replace(/\/+$/, '')}/${name}`, depth);
  }

  coverage(): Coverage {
    if (this.#absent) return { source: 'sudoers', state: 'absent', detail: 'there is no /etc/sudoers: sudo is not set up' };
    const read = `${counted(this.#files, 'file')}, ${counted(this.rules.length, 'line')}`;
    const unread = this.#problems.length > 0 ? `; not readable: ${listed(this.#problems)}` : '';
    const detail = `${read}${unread}${this.#full ? '; there were more than are read' : ''}`;
    return { source: 'sudoers', state: this.#files === 0 ? 'unreadable' : unread || this.#full ? 'partial' : 'read', detail };
  }
}

/** Lines without comments and blanks, with `\` at the end of a line joined to the next. */
function rulesOf(path: string, text: string): Rule[] {
  const rules: Rule[] = [];
  let begun: { line: number; parts: string[] } | null = null;
  const lines = text.split('\n');
  for (const [index, raw] of lines.entries()) {
    begun ??= { line: index + 1, parts: [] };
    if (raw.endsWith('\\') && index + 1 < lines.length) {
      begun.parts.push(raw.slice(0, -1));
      continue;
    }
    begun.parts.push(raw);
    const whole = withoutComment(begun.parts.join(' ')).trim();
    if (whole !== '') rules.push({ path, line: begun.line, text: whole });
    begun = null;
  }
  return rules;
}

/** `#` begins a comment unless it begins an include, a uid (`#0`, `%#27`) or is quoted or escaped. */
function withoutComment(text: string): string {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === '#' && !quoted && !/^#(?:\d|include(?:dir)?\s)/.test(text.slice(at, at + 16))) return text.slice(0, at);
  }
  return text;
}

/** Relative names are looked for beside the including file. */
function absolute(name: string, from: string): string {
  const bare = unquoted(name.trim()).replaceAll('\\ ', ' ');
  return bare.startsWith('/') ? bare : `${directoryOf(from)}/${bare}`;
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text.replaceAll('\\', '');
}

/** `User_Alias ADMINS = a, %b : OTHERS = c`: key "User_Alias ADMINS", for all four kinds. */
function* aliasesOf(text: string): Generator<[string, readonly string[]]> {
  const kind = /^(User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias)\s+/.exec(text);
  if (!kind) return;
  for (const part of split(text.slice(kind[0].length), ':')) {
    const equals = part.indexOf('=');
    if (equals > 0) yield [`${kind[1] === 'Cmd_Alias' ? 'Cmnd_Alias' : kind[1]} ${part.slice(0, equals).trim()}`, split(part.slice(equals + 1), ',')];
  }
}

/** Who a rule gives full rights to, or null. Its hosts are not judged: a rule for another host is rare and better named than missed. */
function rightOf(text: string, aliases: Aliases): { who: readonly string[]; says: string } | null {
  if (/^(?:Defaults|\w{1,16}_Alias\s)/.test(text)) return null;
  const left = split(text, '=')[0] ?? '';
  const cut = endOfUsers(left);
  if (cut < 0 || left.length === text.length || !allAsRoot(text.slice(left.length + 1).replace(/^\s*=/, ''), aliases)) return null;
  return { who: split(left.slice(0, cut), ','), says: text.slice(cut).trim() };
}

/** Where the list of users ends and that of hosts begins: the first blanks outside quotes that no comma touches. */
function endOfUsers(left: string): number {
  let quoted = false;
  let blank = -1;
  let before = ',';
  for (let at = 0; at < left.length; at += 1) {
    const character = left[at] ?? '';
    if (!quoted && /\s/.test(character)) {
      if (blank < 0) blank = at;
      continue;
    }
    if (blank >= 0 && before !== ',' && character !== ',') return blank;
    blank = -1;
    before = character;
    if (character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
  }
  return -1;
}

/** Where the rule for another host begins: `web = /bin/ls : db = ALL`; a colon right after capitals ends a tag. */
const NEXT_HOST = /(?<![A-Z]):[^:=()]{1,200}=/;

/** Does one of the commands mean "all", with root or ALL among the users to run as? `(…)` holds until the next; without it root is meant. */
function allAsRoot(rights: string, aliases: Aliases): boolean {
  return rights.split(NEXT_HOST).some((commands) => {
    let root = true;
    return split(commands, ',').some((command) => {
      const runas = /^\(([^)]*)\)\s*/.exec(command);
      if (runas) root = expanded(split((runas[1] ?? '').split(':')[0] ?? '', ','), 'Runas_Alias ', aliases).some((user) => ROOTS.has(user));
      return root && isFull(command.slice(runas?.[0].length ?? 0), aliases);
    });
  });
}

const ROOTS = new Set(['ALL', 'root', '#0']);

function isFull(command: string, aliases: Aliases): boolean {
  let bare = command;
  for (let tag = TAG.exec(bare); tag; tag = TAG.exec(bare)) bare = bare.slice(tag[0].length);
  const own = split(bare, ':')[0] ?? '';
  return expanded([own], 'Cmnd_Alias ', aliases).some((name) => name === 'ALL' || SHELLS.test(name));
}

/** Names with aliases put in place of themselves; what is excluded by `!` is left out. */
function expanded(names: readonly string[], kind: string, aliases: Aliases): string[] {
  let open = new Set(names);
  for (let deep = 0; deep < ALIASES_DEEP; deep += 1) {
    open = new Set([...open].flatMap((name) => aliases.get(kind + name) ?? [name]));
  }
  return [...open].filter((name) => name !== '' && !name.startsWith('!'));
}

/** Parts between separators that are neither quoted, escaped nor in brackets. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let deep = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === '(') deep += 1;
    else if (character === ')') deep -= 1;
    else if (character === separator && !quoted && deep === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, text.slice(start).trim()];
}
