/** What the kernel itself says of bans, asked of nft without changing anything. Cannot see: anything where it is not root that asks, or nft is missing. */

import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { addressText, type Net, netAround, netOf, WIDTH } from '../core/nets.ts';
import type { AllowTold, BanTold } from '../core/orders.ts';

const NFT = ['/usr/sbin/nft', '/sbin/nft', '/usr/bin/nft'];
const TABLE = ['inet', 'tocsin'] as const;
const TIME_MS = 20_000;
/** A table of 250,000 bans in JSON. */
const SAID_BYTES = 256 << 20;

/** Sets in the order in which a packet meets them, and what meeting one means. */
const SETS = {
  4: { allow4: 'let in', ban4: 'dropped', net4: 'dropped', again4: 'dropped' },
  6: { allow6: 'let in', half6: 'dropped', ban6: 'dropped', net6: 'dropped', again6: 'dropped' },
} as const;

/** `unseen` says why the kernel could not be asked. */
export type KernelSays = { readonly unseen: string } | { readonly table: boolean; readonly sets: readonly Holding[] };

interface Holding {
  readonly set: string;
  readonly does: 'let in' | 'dropped';
}

/** In which sets the kernel should have these; empty where it should have nothing. nft reads all of a table at each question, so few are asked. */
export function setsOf(bans: readonly BanTold[], allows: readonly AllowTold[]): string[] {
  const family = ({ net }: { readonly net: string }) => (net.includes(':') ? 6 : 4);
  const banned = bans.map((one) => {
    const net = netOf(one.net);
    const six = family(one) === 6;
    if (one.lingers || typeof net === 'string') return `again${family(one)}`;
    if (six && net.prefix === 64) return 'half6';
    return `${net.prefix === WIDTH[net.family] ? 'ban' : 'net'}${family(one)}`;
  });
  return [...new Set([...allows.map((one) => `allow${family(one)}`), ...banned])];
}

/** Which of our sets hold the first address of a net: of those that are named, or of all. Without a net only whether the table is there. */
export async function kernelOn(net: Net | null, named: readonly string[] = []): Promise<KernelSays> {
  if (process.getuid?.() !== 0) return { unseen: 'only root can ask the kernel' };
  const nft = NFT.find((file) => fs.existsSync(file));
  if (nft === undefined) return { unseen: 'nft is not installed' };
  const sets = net === null ? [] : await holding(nft, net, named);
  return { table: sets.length > 0 || (await says(nft, ['list', 'chain', ...TABLE, 'early'])) !== null, sets };
}

async function holding(nft: string, net: Net, named: readonly string[]): Promise<Holding[]> {
  const all = Object.entries(SETS[net.family]);
  const asked = named.length === 0 ? all : all.filter(([set]) => named.includes(set));
  const answers = asked.map(async ([set, does]) => {
    const first = set === 'half6' ? netAround(6, net.first, 64).first : net.first;
    const element = addressText(net.family, first);
    return (await says(nft, ['get', 'element', ...TABLE, set, `{ ${element} }`])) === null ? [] : [{ set, does }];
  });
  return (await Promise.all(answers)).flat();
}

export interface Counted {
  readonly bans: number;
  readonly allows: number;
  readonly lingering: number;
  readonly packets: number;
  readonly bytes: number;
}

const NO_SENDER = new Set(['255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']);

/** What the table holds, without a hand; networks that lie in one another count once. Null where there is no table or it cannot be read. */
export async function kernelCount(): Promise<Counted | null> {
  const nft = NFT.find((file) => fs.existsSync(file));
  const text = nft === undefined || process.getuid?.() !== 0 ? null : await says(nft, ['-j', '-n', 'list', 'table', ...TABLE]);
  return text === null ? null : countedIn(JSON.parse(text));
}

/** libnftables-json(5): of an element with a counter its value stands in `val`. */
interface Element {
  readonly elem?: { readonly val: unknown; readonly counter?: { readonly packets: number; readonly bytes: number } };
}

export function countedIn(table: {
  readonly nftables: readonly { readonly set?: { readonly name: string; readonly elem?: readonly unknown[] } }[];
}): Counted {
  const found = { bans: 0, allows: 0, lingering: 0, packets: 0, bytes: 0 };
  for (const { set } of table.nftables) {
    const kind = !set || set.name === 'turn' ? null : set.name.startsWith('allow') ? 'allows' : set.name.startsWith('again') ? 'lingering' : 'bans';
    if (!set || kind === null) continue;
    for (const one of set.elem ?? []) {
      // Plain where there is neither counter nor time.
      const { elem } = typeof one === 'object' && one !== null ? (one as Element) : {};
      if (NO_SENDER.has(String(elem ? elem.val : one))) continue;
      found[kind] += 1;
      found.packets += elem?.counter?.packets ?? 0;
      found.bytes += elem?.counter?.bytes ?? 0;
    }
  }
  return found;
}

/** Null when nft says no. */
function says(nft: string, words: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const env = { LC_ALL: 'C', PATH: '/usr/sbin:/sbin:/usr/bin:/bin' };
    execFile(nft, words, { timeout: TIME_MS, maxBuffer: SAID_BYTES, env, cwd: '/' }, (error, out) => resolve(error === null ? out : null));
  });
}
