/** Holds a source tree against the table of doors: every breach as one sentence. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { FORBIDDEN_FOLDERS, LINES_AT_MOST, LONG, PURE, ROOMS, type Room, WIRING } from './doors.ts';

export type Tree = ReadonlyMap<string, string>;

/** All TypeScript files below `src`, by path relative to it. */
export function treeOf(src: string): Tree {
  const files = fs.readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(files.sort().map((name) => [name.split(path.sep).join('/'), fs.readFileSync(path.join(src, name), 'utf8')]));
}

/** Static, type-only, re-exporting and dynamic imports alike: a reader has to follow them all. */
export function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = [...code.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'/g)];
  return found.map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

export function breaches(tree: Tree): string[] {
  return [...[...tree].flatMap(([file, text]) => [...doors(file, text, tree), ...manners(file, text)]), ...circles(tree)];
}

function roomOf(file: string): { readonly name: string; readonly room: Room | undefined } {
  const name = file.includes('/') ? (file.split('/')[0] ?? '') : file;
  return { name, room: file.includes('/') ? ROOMS[name] : WIRING[file] };
}

function doors(file: string, text: string, tree: Tree): string[] {
  const { room } = roomOf(file);
  if (!room) return [`${file}: no room of that name is in the table of doors`];
  return importsOf(text).flatMap((wanted) => {
    if (wanted.startsWith('node:')) return room.node ? [] : [`${file} uses ${wanted}: this room has no window to Node`];
    if (!wanted.startsWith('.')) return room.npm.includes(wanted.split('/')[0] ?? '') ? [] : [`${file} uses the package ${wanted}`];
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), wanted));
    if (!tree.has(target)) return [`${file} imports ${wanted}, which is not there`];
    const other = roomOf(target).name;
    return room.imports.includes(other) ? [] : [`${file} imports ${target}: no door from here to ${other}`];
  });
}

function manners(file: string, text: string): string[] {
  const said: string[] = [];
  const lines = text.split('\n').length - 1;
  if (lines > LINES_AT_MOST && !LONG.includes(file)) said.push(`${file} has ${lines} lines: a room that has become two`);
  if (!/^(?:#!.*\n)?\/\*\*\s*(?:\n \* )?[A-Z]/.test(text)) said.push(`${file} does not open with a sentence`);
  if (file.split('/').some((part) => FORBIDDEN_FOLDERS.includes(part))) said.push(`${file}: a folder of that name becomes an attic`);
  if (/\bexport default\b|^\s*(?:export\s+)?(?:const\s+)?enum\s|^\s*namespace\s/m.test(text))
    said.push(`${file} uses a default export, enum or namespace`);
  const pure = PURE.includes(file.split('/')[0] ?? '');
  if (pure && /\bDate\.now\(|\bnew Date\b|\bMath\.random\(/.test(text)) said.push(`${file} asks a clock or chance`);
  return said;
}

/** Import circles, one sentence for each file that can reach itself. */
function circles(tree: Tree): string[] {
  const next = new Map(
    [...tree].map(([file, text]) => [
      file,
      importsOf(text)
        .filter((wanted) => wanted.startsWith('.'))
        .map((wanted) => path.posix.normalize(path.posix.join(path.posix.dirname(file), wanted))),
    ]),
  );
  return [...tree.keys()].filter((file) => reaches(file, file, next)).map((file) => `${file} imports itself through a circle`);
}

function reaches(from: string, goal: string, next: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const todo = [...(next.get(from) ?? [])];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (file === goal) return true;
    if (seen.has(file)) continue;
    seen.add(file);
    todo.push(...(next.get(file) ?? []));
  }
  return false;
}
