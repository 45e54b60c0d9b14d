/**
 * Lines in the start files of shells and of sshd that start something which has no business there. Cannot see: functions and
 * variables that start a program in a roundabout way, and the start files of other shells than sh, bash and zsh.
 */

import { nameOf } from '../core/entity.ts';
import { oddPlace } from '../core/places.ts';
import { type Home, joined, type Look } from './persist-look.ts';
import { commandsOf } from './persist-words.ts';

const SYSTEM = ['/etc/profile', '/etc/bash.bashrc', '/etc/bashrc', '/etc/zsh/zshrc', '/etc/zsh/zshenv', '/etc/zsh/zprofile'];
const HOME = ['.bashrc', '.profile', '.bash_profile', '.bash_login', '.bash_logout', '.zshrc', '.zshenv', '.zprofile'];

const COMMENT = /^#/;
/** Words before the command that matters. */
const BEFORE = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time', 'builtin', 'command']);
/** Commands whose arguments are programs, scripts or command lines themselves. */
const RUNNERS = new Set([
  ...['source', '.', 'exec', 'eval', 'trap', 'alias', 'env', 'sudo', 'doas', 'nice', 'ionice', 'timeout', 'stdbuf', 'xargs', 'screen', 'tmux'],
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'python', 'python2', 'python3', 'perl', 'php', 'ruby', 'node', 'lua'],
]);
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'python', 'python2', 'python3', 'perl', 'php', 'eval', 'source', '.']);
const FETCHERS = /(?:^|[\s;|&("'`/=])(?:curl|wget|fetch)\s/;
/** Variables whose value a shell runs. */
const RUN_VALUES = new Set(['PROMPT_COMMAND', 'BASH_ENV', 'ENV']);
/** Hidden files and tools that start files of the distributions and of common tools read. */
const KNOWN_READ =
  /\/\.(?:bash_(?:aliases|functions|completion|profile|login|logout)|bashrc(?:\.d)?|profile|zshrc|zprofile|zshenv|aliases|exports|functions|dircolors|p10k\.zsh|fzf\.(?:bash|zsh)|git-(?:completion|prompt)\.(?:ba|z)?sh|iterm2_shell_integration\.(?:bash|zsh)|nix-profile|rvm|oh-my-zsh|oh-my-bash|bash_it|zplug|zinit|antigen|fzf|acme\.sh|local)(?:\/|$)/;
/** Command lines within command lines: `sh -c "eval '…'"`. */
const DEEP_AT_MOST = 3;

export function shellStarts(look: Look, homes: readonly Home[]): void {
  const profiles = look.entries('/etc/profile.d').filter((entry) => entry.kind !== 'directory');
  for (const path of [...SYSTEM, ...profiles.map((entry) => entry.path)]) startFile(look, path, null);
  everyLine(look, '/etc/ssh/sshrc', null);
  for (const home of homes) {
    for (const name of HOME) startFile(look, `${home.path}/${name}`, home);
    everyLine(look, `${home.path}/.ssh/rc`, home);
  }
}

function startFile(look: Look, path: string, home: Home | null): void {
  const file = look.file(path);
  for (const { line, text } of joined(file?.lines ?? [], COMMENT)) {
    if (!file || !startsSomething(text, home?.path ?? null)) continue;
    look.add({ place: 'shell-rc', path, line, account: home?.account ?? null, command: text, changedAt: file.changedAt });
  }
}

/** sshd runs these at each login (sshd(8)); whatever stands in them is worth telling. */
function everyLine(look: Look, path: string, home: Home | null): void {
  const file = look.file(path);
  for (const { line, text } of joined(file?.lines ?? [], COMMENT)) {
    if (file) look.add({ place: 'ssh-rc', path, line, account: home?.account ?? null, command: text, changedAt: file.changedAt });
  }
}

/** Does this line start a program that outlives it, comes from an odd place or from the network, or is hidden from the eye? */
export function startsSomething(text: string, home: string | null): boolean {
  if (text.includes('/dev/tcp/') || text.includes('/dev/udp/') || text.includes('LD_PRELOAD=')) return true;
  if (/\bbase64\s+(?:-\w*d|-D|--decode)\b/.test(text)) return true;
  const commands = commandsOf(text);
  if (commands.some((words) => words.some((word) => ['nohup', 'setsid', 'disown'].includes(nameOf(word))))) return true;
  if (FETCHERS.test(text) && commands.some((words) => SHELLS.has(nameOf(words[0] ?? '')) || SHELLS.has(nameOf(words[1] ?? '')))) return true;
  return inBackground(text) || runsOdd(text, home, 0);
}

/** `/a/program &`, also as `(… &)`. */
function inBackground(text: string): boolean {
  let end = text.length;
  while (end > 0 && ' \t)}'.includes(text[end - 1] ?? '')) end -= 1;
  return text[end - 1] === '&' && text[end - 2] !== '&' && text.includes('/');
}

function runsOdd(text: string, home: string | null, deep: number): boolean {
  return commandsOf(text).some((words) => {
    let at = 0;
    for (let word = words[at]; word !== undefined; word = words[++at]) {
      const value = /^(?:export|declare|local)$/.test(word) ? '' : assigned(word);
      if (value === null && !BEFORE.has(word)) break;
      if (value && deep < DEEP_AT_MOST && runsOdd(value, home, deep + 1)) return true;
    }
    const program = words[at];
    if (program === undefined) return false;
    if (isOdd(program, home)) return true;
    return RUNNERS.has(nameOf(program)) && words.slice(at + 1).some((word) => argumentOdd(word, home, deep));
  });
}

/** An argument of a runner: a path, `name=command` of an alias, or a whole command line. */
function argumentOdd(word: string, home: string | null, deep: number): boolean {
  if (isOdd(word, home)) return true;
  const line = word.slice(/^[\w.-]+=/.exec(word)?.[0].length ?? 0);
  return deep < DEEP_AT_MOST && (line !== word || /[\s;|&]/.test(line)) && runsOdd(line, home, deep + 1);
}

/** What is assigned to a variable that a shell runs; '' for other variables, null when the word is no assignment. */
function assigned(word: string): string | null {
  const name = /^(\w+)\+?=/.exec(word);
  if (!name) return null;
  return RUN_VALUES.has(name[1] ?? '') ? word.slice(name[0].length) : '';
}

function isOdd(word: string, home: string | null): boolean {
  const path = home === null ? word : word.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, home);
  const absolute = path.startsWith('/') ? path : path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, '/root');
  return absolute.startsWith('/') && oddPlace(absolute) !== null && !KNOWN_READ.test(absolute);
}
