/** Entities told apart: the same thing has the same key, whoever speaks of it. */

import { named } from './text.ts';
import type { Entity } from './words.ts';

/** Two entities are the same thing when their keys are equal. An account's uid and a process's name are labels, not identity. */
export function keyOf(entity: Entity): string {
  switch (entity.is) {
    case 'address':
      return `address ${entity.ip}`;
    case 'process':
      return `process ${entity.pid} ${entity.startTicks}`;
    case 'file':
      return `file ${entity.path}`;
    case 'directory':
      return `directory ${entity.path}`;
    case 'port':
      return `port ${entity.proto} ${entity.port}`;
    default:
      return `${entity.is} ${entity.name}`;
  }
}

/** The words for an entity in a sentence: `203.0.113.9`, `account service`, `process 4711 (ssh-scan)`. */
export function calledIt(entity: Entity): string {
  switch (entity.is) {
    case 'address':
      return named(entity.ip);
    case 'process':
      return `process ${entity.pid}${entity.name ? ` (${named(entity.name)})` : ''}`;
    case 'file':
    case 'directory':
      return named(entity.path);
    case 'port':
      return `${entity.proto}/${entity.port}`;
    default:
      return `${entity.is} ${named(entity.name)}`;
  }
}

/** The directory that holds a path; `/` for names at the top. */
export function directoryOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The names of the accounts among some entities. */
export function accountsAmong(entities: readonly Entity[]): string[] {
  return entities.flatMap((entity) => (entity.is === 'account' ? [entity.name] : []));
}

/** The addresses among some entities. */
export function addressesAmong(entities: readonly Entity[]): string[] {
  return entities.flatMap((entity) => (entity.is === 'address' ? [entity.ip] : []));
}

export function processEntity({ pid, startTicks, name }: { readonly pid: number; readonly startTicks: number; readonly name: string }): Entity {
  return { is: 'process', pid, startTicks, name };
}
