/** Where programs may live on a Linux server, and where none should: facts about paths, by name alone. */

import { directoryOf } from './entity.ts';

/** Directories that anybody may write to (hier(7)): a program that runs from here was not installed. */
const WORLD_WRITABLE = ['/tmp', '/var/tmp', '/usr/tmp', '/dev/shm', '/run/shm', '/run/lock', '/var/lock', '/dev/mqueue'];

/** Directories that package managers and administrators install programs into. */
const INSTALLED = ['/bin', '/sbin', '/usr', '/lib', '/lib64', '/lib32', '/libx32', '/opt', '/snap', '/nix/store', '/var/lib/flatpak'];

/** Hidden directories in homes that honest programs run from: version managers, language tools, editors' servers. */
const HOME_TOOLS = new Set([
  '.local',
  '.cargo',
  '.rustup',
  '.nvm',
  '.npm',
  '.npm-global',
  '.pyenv',
  '.rbenv',
  '.asdf',
  '.sdkman',
  '.volta',
  '.bun',
  '.deno',
  '.yarn',
  '.pnpm',
  '.vscode-server',
  '.vscode-server-insiders',
  '.cursor-server',
  '.cache',
  '.config',
  '.venv',
  '.virtualenvs',
  '.gem',
  '.composer',
  '.dotnet',
  '.cabal',
  '.ghcup',
  '.opam',
  '.linuxbrew',
  '.jenkins',
  '.gradle',
  '.m2',
  '.conda',
  '.tox',
  '.nox',
  '.git',
  '.terraform.d',
  '.krew',
  '.fly',
  '.docker',
]);

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

/** Why a program or script at this path is out of place, or null. Home directories' well-known tool folders are in place. */
export function oddPlace(path: string): OddPlace | null {
  const parts = path.split('/').slice(1);
  if (parts.some(oddName)) return 'odd-name';
  if (worldWritable(path)) return 'world-writable';
  const hidden = parts.findIndex((part) => part.startsWith('.') && part.length > 1);
  if (hidden < 0) return null;
  const home = /^\/(?:root|home\/[^/]+|var\/lib\/[^/]+|srv\/[^/]+)$/.test(directoryOf(`/${parts.slice(0, hidden + 1).join('/')}`));
  return home && HOME_TOOLS.has(parts[hidden] ?? '') ? null : 'hidden';
}
