/**
 * The one nft table of ours, as nft 1.0.6 and later read it. Single addresses and IPv6 /64 lie in hash sets: adding one costs the same
 * among a hundred thousand as among ten. Other networks lie in interval sets, which nft reads as a whole at every change.
 */

import { addressText, type Net } from '../core/nets.ts';
import type { Spread } from './cover.ts';
import type { Kind } from './words.ts';

export const TABLE = 'inet tocsin';
/** Before connection tracking (-200) and before other tables' raw chains (-300): what is dropped here costs and fills nothing. */
const PRIORITY = -310;
/** Elements of the sets that the packet path fills: a forged flood must not take the kernel's memory. */
const AGAIN_AT_MOST = 65_535;

export type SetName = 'allow4' | 'allow6' | 'ban4' | 'ban6' | 'half6' | 'net4' | 'net6';
export const SETS: readonly SetName[] = ['allow4', 'allow6', 'ban4', 'ban6', 'half6', 'net4', 'net6'];
export const SPREAD_SETS: readonly SetName[] = ['allow4', 'allow6', 'net4', 'net6'];
export const AGAIN = ['again4', 'again6'] as const;
const CHAINS = ['early', 'banned4', 'banned6'] as const;

/** No packet comes from these. One lies in each set, so that a set that somebody has emptied is told from one that is empty. */
export const WITNESS = { 4: '255.255.255.255', 6: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' } as const;

export function familyOf(set: string): 4 | 6 {
  return set.endsWith('4') ? 4 : 6;
}

/** In which set a network lies. */
export function setOf(kind: Kind, net: Net): SetName {
  if (kind === 'allow') return net.family === 4 ? 'allow4' : 'allow6';
  if (net.family === 4) return net.prefix === 32 ? 'ban4' : 'net4';
  return net.prefix === 128 ? 'ban6' : net.prefix === 64 ? 'half6' : 'net6';
}

/** The element of a hash set: a /64 by its first address. */
export function elementOf(net: Net): string {
  return addressText(net.family, net.first);
}

export function rangeText(family: 4 | 6, { first, last }: Pick<Spread, 'first' | 'last'>): string {
  return first === last ? addressText(family, first) : `${addressText(family, first)}-${addressText(family, last)}`;
}

export interface Tally {
  readonly packets: number;
  readonly bytes: number;
}

/** ` counter packets 1 bytes 2 timeout 300ms`, as nft wants it behind an element. */
export function tail(leftMs: number | null, tally: Tally | null): string {
  const counter = tally === null ? '' : ` counter packets ${tally.packets} bytes ${tally.bytes}`;
  if (leftMs === null || leftMs > LONGEST_MS) return counter;
  const left = Math.max(1, Math.ceil(leftMs));
  // nft 1.0.6 reads no number of ten digits, so days are said apart.
  return `${counter} timeout ${left < DAY_MS ? '' : `${Math.floor(left / DAY_MS)}d`}${left % DAY_MS}ms`;
}

/** A hundred years: what is to last longer has no end in the kernel. */
const LONGEST_MS = 36_500 * 86_400_000;
const DAY_MS = 86_400_000;

export function statement(verb: 'add' | 'delete' | 'create', set: string, elements: readonly string[]): string {
  return elements.length === 0 ? '' : `${verb} element ${TABLE} ${set} { ${elements.join(', ')} }\n`;
}

/** Where the turns are written: it has to be there before the first. */
export const turnSet = `table ${TABLE} {\nset turn { type mark; flags timeout; }\n}\n`;

/** All of the table but its elements; said again, it changes nothing but puts missing parts back. */
export function declaration(lingerS: number): string {
  const sets = [
    ...SETS.map(
      (set) => `set ${set} { type ipv${familyOf(set)}_addr; flags ${SPREAD_SETS.includes(set) ? 'interval,timeout' : 'timeout'}; ${counter(set)}}`,
    ),
    ...AGAIN.map((set) => `set ${set} { type ipv${familyOf(set)}_addr; size ${AGAIN_AT_MOST}; flags dynamic,timeout; counter; }`),
  ];
  const base = `type filter hook prerouting priority ${PRIORITY}; policy accept;`;
  return [
    `table ${TABLE} {\n${sets.join('\n')}\nchain banned4 {\n}\nchain banned6 {\n}\nchain early {\n${base}\n}\n}`,
    ...CHAINS.map((chain) => `flush chain ${TABLE} ${chain}`),
    `table ${TABLE} {`,
    ...[4, 6].map((family) => `chain banned${family} {\nupdate @again${family} { ${saddr(family)} timeout ${lingerS}s }\ndrop\n}`),
    `chain early {\n${base}\niif "lo" accept\n${lookups(4)}\n${lookups(6)}\n}\n}\n`,
  ].join('\n');
}

function counter(set: SetName): string {
  return set.startsWith('allow') ? '' : 'counter; ';
}

function saddr(family: number): string {
  return family === 4 ? 'ip saddr' : 'ip6 saddr';
}

function lookups(family: 4 | 6): string {
  const source = saddr(family);
  const banned = [`ban${family}`, `net${family}`, `again${family}`].map((set) => `${source} @${set} goto banned${family}`);
  const half = family === 6 ? [`${source} and ffff:ffff:ffff:ffff:: @half6 goto banned6`] : [];
  return [`${source} @allow${family} accept`, ...half, ...banned].join('\n');
}

export const forget = `delete table ${TABLE}\n`;
export const flushSets = SETS.map((set) => `flush set ${TABLE} ${set}\n`).join('');
/** Empties one set but for its witness. */
export function emptying(set: SetName): string {
  return `flush set ${TABLE} ${set}\n${statement('add', set, [WITNESS[familyOf(set)]])}`;
}

export const witnesses = SETS.map((set) => statement('add', set, [WITNESS[familyOf(set)]])).join('');
/** Said to nft as a question (`-c`): it fails where one of the witnesses is gone. */
export const askWitnesses = SETS.map((set) => statement('delete', set, [WITNESS[familyOf(set)]])).join('');
/** Said as questions, one by one: the kernel refuses each as long as a rule leads there. */
export const askChains = ['banned4', 'banned6'].map((chain) => `delete chain ${TABLE} ${chain}\n`);

export function bracket(turn: number): { readonly open: string; readonly close: string } {
  const mark = (number: number) => statement('add', 'turn', [String(number)]) + statement('delete', 'turn', [String(number)]);
  return { open: mark(turn), close: mark(turn + 1) };
}
