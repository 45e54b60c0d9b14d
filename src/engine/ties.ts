/**
 * Which entities tie findings together. A specific thing (one address, one process, one hidden directory, an account that
 * people log in to) does; what everybody shares (root, /usr/bin/ssh, /tmp, the host's own address) does not, or two causes
 * that merely coincide would become one case.
 * Cannot see: two intruders who use the same account; they stay one case until a person parts them.
 */

import type { Given } from '../core/contracts.ts';
import { keyOf } from '../core/entity.ts';
import { installed, worldWritable } from '../core/places.ts';
import type { Entity } from '../core/words.ts';

/** Directories that belong to nobody in particular; what lies directly in them says nothing about its neighbours. */
const COMMON_DIRECTORIES = /^\/(?:[^/]+|usr\/[^/]+|usr\/local\/[^/]+|var\/[^/]+|home\/[^/]+|var\/lib\/[^/]+|dev\/shm|run\/lock|etc\/[^/]+)?$/;

export type Ties = (entity: Entity) => boolean;

/** The judgement for one machine: does this entity tie? */
export function ties(given: Given): Ties {
  const logsIn = new Set(given.history.logins().map((run) => run.account));
  const accounts = new Map(given.eyes.accounts().map((account) => [account.name, account]));
  return (entity) => {
    switch (entity.is) {
      case 'address': {
        const kind = given.networks.classOf(entity.ip);
        return kind !== 'own' && kind !== 'loopback' && kind !== 'invalid';
      }
      case 'account': {
        const account = accounts.get(entity.name);
        if (entity.name === 'root') return false;
        // A second name of root is somebody's own; it may have been deleted again, or lie about its shell.
        return account === undefined || account.uid === 0 || account.canLogIn || logsIn.has(entity.name);
      }
      case 'process':
        return entity.pid > 1;
      case 'file':
        return !installed(entity.path) || worldWritable(entity.path);
      case 'directory':
        return !COMMON_DIRECTORIES.test(entity.path) && (!installed(entity.path) || /\/\./.test(entity.path));
      case 'unit':
        return /^session-|\.scope$/.test(entity.name);
      case 'site':
      case 'domain':
        return true;
      default:
        return false;
    }
  };
}

/** Sets that grow together: who belongs to the same case. */
export class Groups {
  readonly #parent = new Map<string, string>();

  of(key: string): string {
    let root = key;
    for (let next = this.#parent.get(root); next !== undefined; next = this.#parent.get(root)) root = next;
    if (root !== key) this.#parent.set(key, root);
    return root;
  }

  join(one: string, other: string): void {
    const a = this.of(one);
    const b = this.of(other);
    if (a !== b) this.#parent.set(b, a);
  }
}

/** The keys by which an entity is found again, for those that tie. */
export function tyingKeys(entities: readonly Entity[], tie: Ties): string[] {
  return entities.filter(tie).map(keyOf);
}
