/** Puts together who must be spared at this moment, from all that the hand can see of it by itself. */

import { type Net, netOf, overlap } from '../core/nets.ts';
import type { HandOrder } from '../core/orders.ts';
import { shown } from '../core/text.ts';
import { around } from './around.ts';
import type { Files } from './files.ts';
import { allowedNets, Guard } from './guard.ts';
import { loggedIn } from './logged-in.ts';
import { neverHarm } from './never-harm.ts';
import type { Held } from './words.ts';

export class Sparing {
  readonly #list: string;
  readonly #files: Pick<Files, 'readFileSync'>;
  readonly #mend: (says: string) => void;
  #trouble: string | null = null;

  /** `list` = the never-harm file; `mend` is told once of each trouble with it. */
  constructor(list: string, files: Pick<Files, 'readFileSync'>, mend: (says: string) => void) {
    this.#list = list;
    this.#files = files;
    this.#mend = mend;
  }

  /** The guard for these orders (null = for whatever may come), or why nobody can be banned safely now, as the end of a sentence. */
  guard(allows: Iterable<Held>, orders: readonly HandOrder[] | null): Guard | string {
    const list = neverHarm(this.#list, this.#files);
    if (list.trouble !== this.#trouble && list.trouble !== null) this.#mend(`Mend it: ${list.trouble}.`);
    this.#trouble = list.trouble;
    if (list.blind) return list.trouble ?? 'the never-harm list cannot be relied on';
    try {
      return new Guard([...list.nets, ...loggedIn(amongst(orders)), ...around(), ...allowedNets(allows)]);
    } catch (error) {
      return `who must be spared could not be seen (${shown(error instanceof Error ? error.message : String(error), 200)})`;
    }
  }
}

/** Few networks are held against each peer; for many it is quicker to look at all peers. */
const FEW = 50;

function amongst(orders: readonly HandOrder[] | null): (peer: string) => boolean {
  if (orders === null || orders.length > FEW) return () => true;
  const nets = orders.flatMap((order): Net[] => {
    const net = order.verb === 'ban' ? netOf(order.net) : '';
    return typeof net === 'string' ? [] : [net];
  });
  return (peer) => {
    const its = netOf(peer);
    return typeof its === 'string' || nets.some((net) => overlap(net, its));
  };
}
