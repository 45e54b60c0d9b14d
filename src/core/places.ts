/** Where programs may live on a Linux server, and where none should: facts about paths, by name alone. */

/** Directories that anybody may write to (hier(7)): a program that runs from here was not installed. */
export const WORLD_WRITABLE: readonly string[] = ['/tmp', '/var/tmp', '/usr/tmp', '/dev/shm', '/run/shm', '/run/lock', '/var/lock', '/dev/mqueue'];

/** Directories that package managers and administrators install programs into. */
const INSTALLED = ['/bin', '/sbin', '/usr', '/lib', '/lib64', '/lib32', '/libx32', '/opt', '/snap', '/nix/store', '/var/lib/flatpak'];

/** Directly below a home: what desktops and tools share. Attackers know that nobody looks into these, so a hidden name in them is judged by itself. */
const HOME_ONLY = new Set(['.cache', '.config', '.local', '.git', '.docker', '.fly']);

/** Hidden directories of language tools, version managers, supervisors and editors' servers, which lie in homes and in projects. */
const TOOLS = new Set(
  [
    '.venv .virtualenv .virtualenvs .tox .nox .conda .miniconda3 .mambaforge .pyenv .rye .uv .pixi .poetry .hatch .ipython .jupyter',
    '.npm .npm-global .npm-packages .nvm .nodenv .fnm .volta .yarn .pnpm .pnpm-store .bun .deno .meteor .next .nuxt .output .svelte-kit .parcel-cache .turbo .pm2',
    '.rvm .rbenv .gem .bundle .cargo .rustup .gvm .goenv .go .composer .phpenv .phpbrew .plenv .perlbrew .cpanm .asdf .mise .proto',
    '.sdkman .jenv .gradle .m2 .sbt .ivy2 .dotnet .nuget .cabal .stack .ghcup .opam .juliaup .julia .mix .luarocks .linuxbrew',
    '.vscode .vscode-server .vscode-server-insiders .vscode-remote .vscodium-server .cursor .cursor-server .windsurf .windsurf-server .zed_server',
    '.positron-server .trae-server .theia .claude .codex .gemini .copilot .codeium .aider .continue .ollama',
    '.jenkins .terraform .terraform.d .tfenv .krew .kube .minikube .pulumi .serverless .aws-sam .platformio .acme.sh .ansible .dropbox-dist .steam .wine .foundry .solana .atom .idea-server .fzf .oh-my-zsh .tmux .vim .emacs.d .husky .githooks',
  ].flatMap((line) => line.split(' ')),
);

/** Directly below node_modules: npm, pnpm and the bundlers keep their links and stores there. */
const IN_NODE_MODULES = /^\.(?:bin|pnpm|cache|vite|prisma|store)$/;
/** Places of the system: no tool keeps a hidden directory directly in them. Homes of services (/var/lib/NAME) are none. */
const SYSTEM = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/dev',
  '/etc',
  '/boot',
  '/run',
  '/proc',
  '/sys',
  '/var/log',
  '/var/spool',
  '/var/cache',
  '/var/mail',
];
const HOME = /^\/(?:root|home\/[^/]+|var\/www|(?:var\/lib|srv|opt|var\/opt)\/[^/]+)$/;

export type OddPlace = 'world-writable' | 'hidden' | 'odd-name';

export function inside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

export function worldWritable(path: string): boolean {
  return WORLD_WRITABLE.some((directory) => inside(path, directory));
}

/** /tmp and its like are everybody's: only what lies below them is somebody's. */
export function sharedPlace(path: string): boolean {
  return path === '/' || path === '/dev' || path === '/run' || WORLD_WRITABLE.includes(path);
}

/** In a directory of the system or of an administrator, /usr/tmp and hidden parts aside. */
export function installed(path: string): boolean {
  return INSTALLED.some((directory) => inside(path, directory)) && !worldWritable(path);
}

/** A name made to be overlooked: dots and blanks only, blanks at an end, control characters. */
export function oddName(name: string): boolean {
  return /^\.{3,}$|^\.+\s|^\s|\s$|[\u0000-\u001f\u007f]/.test(name);
}

/** Why a program or script at this path is out of place, or null. Known folders of tools are in place, but each hidden part below them is judged too. */
export function oddPlace(path: string): OddPlace | null {
  const parts = path.split('/').slice(1);
  if (parts.some(oddName)) return 'odd-name';
  if (worldWritable(path)) return 'world-writable';
  return parts.some((part, at) => part.startsWith('.') && part.length > 1 && !ofATool(parts, at)) ? 'hidden' : null;
}

/** Odd, but for all to see: a plain name under /tmp, a dot directory in a home or project. Not so: hidden in /tmp, among the system's own directories, or right below ~/.cache and its like. */
export function inPlainView(path: string): boolean {
  const parts = path.split('/').slice(1);
  if (parts.some(oddName)) return false;
  const open = worldWritable(path);
  return !parts.some((part, at) => {
    if (!part.startsWith('.') || part.length === 1 || ofATool(parts, at)) return false;
    const directory = `/${parts.slice(0, at).join('/')}`;
    if (HOME_ONLY.has(parts[at - 1] ?? '')) return true;
    return open ? !TOOLS.has(part) : ofTheSystem(directory) || /^\/var\/lib\/[^/]+$/.test(directory);
  });
}

function ofTheSystem(directory: string): boolean {
  return SYSTEM.some((place) => inside(directory, place)) || /^\/(?:var(?:\/lib)?)?$/.test(directory);
}

function ofATool(parts: readonly string[], at: number): boolean {
  const name = parts[at] ?? '';
  const before = parts[at - 1] ?? '';
  const directory = `/${parts.slice(0, at).join('/')}`;
  if (before === 'node_modules' && IN_NODE_MODULES.test(name)) return true;
  if (ofTheSystem(directory)) return false;
  if (name === '.git' && parts[at + 1] === 'hooks') return true;
  return TOOLS.has(name) || (HOME_ONLY.has(name) && (HOME.test(directory) || TOOLS.has(before)));
}
