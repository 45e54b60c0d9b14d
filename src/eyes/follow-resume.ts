/** After a restart: the files of a log that are still to be read, in the order in which they were written, from where the last reader was. */

import { findIn, goTo, type Hit, openPart, type Part, partsOf, settled, youngerThan } from './follow-lineage.ts';
import { found } from './follow-open.ts';
import { isAmong, type PathState, type Place, type Print, printOf } from './follow-place.ts';
import type { Strand } from './follow-strand.ts';

export interface Resumed {
  /** Oldest first; the last one is the present file where there is one. */
  readonly strands: readonly Strand[];
  /** Places that are under no name any more. */
  readonly lost: readonly Place[];
}

/** `live` is the present file, opened; it is put to its place. Null = no file of that name. */
export async function resume(base: string, state: PathState, live: Strand | null): Promise<Resumed> {
  const found = await settled((opened) => search(base, state, live, opened));
  return found ?? { strands: live ? [live] : [], lost: state.places };
}

async function search(base: string, { places, read = [] }: PathState, live: Strand | null, opened: Strand[]): Promise<Resumed> {
  const listed = partsOf(base);
  const renamed = listed.findIndex((part) => part.inode === live?.inode);
  // What is behind a present file that was renamed meanwhile is for the next look.
  const parts = renamed < 0 ? listed : listed.slice(0, renamed);
  const hits = new Map<number, Strand>();
  const lost: Place[] = [];
  /** Behind all parts stands the present file. */
  const present = parts.length;
  let newest: number | null = null;
  let liveAt: number | null = null;
  for (const place of places) {
    const index = live !== null && isPresent(live, place) && (await goesTo(live, place, liveAt)) ? present : await older(place);
    if (index === present) liveAt = Math.min(liveAt ?? place.offset, place.offset);
    if (index === null) lost.push(place);
    // The inode of a file that was empty may be another's by now: it says nothing about the order.
    else if (place.head.bytes > 0) newest = Math.max(newest ?? 0, index);
  }
  const last = places[places.length - 1];
  const spent = new Set<number>();
  const isKnown = (part: Part) => hits.has(parts.indexOf(part)) || spent.has(parts.indexOf(part));
  // A file that was empty may have been filled, copied and emptied again, or its inode may be another's: only the times of the parts tell.
  const blank = last !== undefined && last.head.bytes === 0;
  for (const part of youngerThan(parts, blank ? null : newest, last?.at ?? 0, isKnown)) {
    const strand = await opening(part, opened, { read, known: [...hits.values()], upTo: live });
    if (strand === 'present') break;
    if (strand) hits.set(parts.indexOf(part), strand);
  }
  const strands = [...hits].sort(([a], [b]) => a - b).map(([, strand]) => strand);
  return { strands: live ? [...strands, live] : strands, lost };

  async function older(place: Place): Promise<number | null> {
    const hit = await findIn(parts, place);
    if (!hit) return null;
    if (!hit.strand) {
      spent.add(hit.index);
      return hit.index;
    }
    opened.push(hit.strand);
    const before = hits.get(hit.index);
    // Two places in one file: the content of an emptied file and its copy. The earlier one has more to read.
    const [first, second] = before && before.offset <= hit.strand.offset ? [before, hit.strand] : [hit.strand, before];
    hits.set(hit.index, first);
    if (second) opened.splice(opened.indexOf(second), 1);
    second?.body.close();
    return hit.index;
  }
}

function isPresent(live: Strand, place: Place): boolean {
  return live.inode === place.inode;
}

/** The earliest of several places. */
async function goesTo(live: Strand, place: Place, before: number | null): Promise<boolean> {
  return before !== null && before <= place.offset ? true : (await goTo(live, place)) === 'there';
}

export interface Gap {
  /** The file as it was left. */
  readonly place: Place;
  /** It is still open: only what came after it is wanted. */
  readonly held: boolean;
  /** The head of a file that is no more. */
  readonly seen: Buffer | null;
  /** Files that are in hand. */
  readonly known: readonly Strand[];
  /** Heads of files that were read to their end lately. */
  readonly read: readonly Print[];
  /** The present file. It may be renamed, packed or copied while we look: what is behind it is for the next look. */
  readonly upTo: Strand | null;
}

export interface Between {
  readonly rest: Strand | null;
  readonly younger: readonly Strand[];
  /** Neither the file itself nor a copy is among the parts. */
  readonly missing: boolean;
  /** The directory never stood still. */
  readonly restless: boolean;
  /** The head of a copy in which there is nothing more. */
  readonly spent: Buffer | null;
}

/** What was written between a file that was emptied or renamed away and the present one: its copy from there on, and the younger parts. */
export async function between(base: string, gap: Gap): Promise<Between> {
  const { place, known, upTo } = gap;
  const inodes = new Set(known.map(({ inode }) => inode));
  const looked = await settled(async (opened): Promise<Between> => {
    const parts = partsOf(base);
    const present = found(base);
    const bound = upTo && typeof present === 'object' && present.ino !== upTo.inode ? upTo.body.modifiedAt() : Number.POSITIVE_INFINITY;
    const hit = await findPlace(parts, place, gap);
    if (hit?.strand) opened.push(hit.strand);
    const younger: Strand[] = [];
    for (const part of youngerThan(parts, hit?.index ?? null, place.at, (one: Part) => inodes.has(one.inode))) {
      const strand = part.inode === upTo?.inode || part.modifiedAt > bound ? 'present' : await opening(part, opened, gap);
      if (strand === 'present') break;
      if (strand) younger.push(strand);
    }
    return { rest: hit?.strand ?? null, younger, missing: hit === null, spent: hit?.strand === null ? hit.head : null, restless: false };
  });
  return looked ?? { rest: null, younger: [], missing: true, spent: null, restless: true };
}

/** Null for what is in hand or was read already: it may have been packed under our hands. */
async function opening(
  part: Part,
  opened: Strand[],
  { read, known, upTo }: Pick<Gap, 'read' | 'known' | 'upTo'>,
): Promise<Strand | 'present' | null> {
  const strand = openPart(part);
  if (!strand) return null;
  opened.push(strand);
  // Only now: what is packed has all its bytes.
  for (const one of [strand, ...known, ...(upTo ? [upTo] : [])]) await one.takeHead();
  const present = upTo !== null && beginAlike(strand.head, upTo.head);
  if (!present && !isAmong(strand.head, [...read, ...known.map(({ head }) => printOf(head))])) return strand;
  opened.pop()?.body.close();
  return present ? 'present' : null;
}

function beginAlike(one: Buffer, other: Buffer): boolean {
  const most = Math.min(one.length, other.length);
  return most > 0 && one.subarray(0, most).equals(other.subarray(0, most));
}

/** A file that we hold is known by its inode; else it may have been packed already, and only its order counts. */
async function findPlace(
  parts: readonly Part[],
  place: Place,
  { held, seen }: { readonly held: boolean; readonly seen: Buffer | null },
): Promise<Hit | null> {
  const index = held ? parts.findIndex((part) => part.inode === place.inode) : -1;
  if (index >= 0) return { index, strand: null, head: Buffer.alloc(0) };
  const hit = await findIn(parts, place, seen);
  if (!hit || !held) return hit;
  hit.strand?.body.close();
  return { ...hit, strand: null };
}
