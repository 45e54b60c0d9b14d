/** The files of one log that are open: the present one, those that were renamed and may still be written to, copies whose rest is read. */

import { Held } from './follow-held.ts';
import { type FileSettings, LiveClock } from './follow-items.ts';
import { type PathState, type Print, printOf } from './follow-place.ts';
import { between, type Gap } from './follow-resume.ts';
import type { Strand } from './follow-strand.ts';
import type { Telling } from './follow-tell.ts';

/** A renamed file that still has a name costs a descriptor; so many stay open for daemons that are never told to reopen. */
const RENAMED_KEPT = 2;
/** Past this the oldest are given up as soon as they are read: somebody renames faster than any daemon. */
const HELD_AT_MOST = 50;
/** Files that were read are known again, packed, while a rotation goes on. */
const READ_KEPT = 8;

const UNFINISHED = 'its last line was never finished before it was rotated, and half a line is not judged';

export class Shelf {
  readonly #settings: FileSettings;
  /** Oldest first. */
  #held: Held[] = [];
  /** Heads of files that were read to their end lately. */
  #read: readonly Print[] = [];

  constructor(settings: FileSettings) {
    this.#settings = settings;
  }

  /** What an earlier reader had read to its end. */
  remember(read: readonly Print[]): void {
    this.#read = read;
  }

  get empty(): boolean {
    return this.#held.length === 0;
  }

  /** Oldest first. */
  get open(): Held[] {
    return this.#held.filter((held) => !held.done);
  }

  /** The youngest from now on. */
  async hold(strand: Strand, quiet = false): Promise<Held> {
    // What it looks like at the first sight: it may be packed or gone at the second.
    strand.measure();
    await strand.takeHead();
    const { toUtc, now } = this.#settings;
    const held = new Held(strand, new LiveClock(toUtc, now), now(), quiet);
    this.#held.push(held);
    return held;
  }

  /** The file of this inode, as the youngest from now on. */
  again({ dev, inode }: Strand): Held | null {
    const held = this.open.find(({ strand }) => strand.inode === inode && strand.dev === dev);
    if (held) this.last(held);
    return held ?? null;
  }

  last(held: Held): void {
    this.#held = [...this.#held.filter((one) => one !== held), held];
  }

  /** What lies between a file and the present one, without what is in hand. */
  async gap(base: string, about: Omit<Gap, 'known' | 'read' | 'seen'> & Partial<Gap>) {
    const known = this.open.map(({ strand }) => strand).filter((strand) => strand !== about.upTo);
    const gap = await between(base, { seen: null, ...about, known, read: this.#read });
    if (gap.spent?.length) this.#hasRead(gap.spent);
    return gap;
  }

  /** Closes a renamed file that nobody writes to any more. It was read to its end. */
  retire(held: Held, live: Held | null, telling: Telling): void {
    const { strand, movedAt } = held;
    const renamed = this.open.filter((one) => one !== live);
    const kept = strand.body.named() && renamed.indexOf(held) >= renamed.length - RENAMED_KEPT;
    const graceful = kept || this.#settings.now() - movedAt < this.#settings.graceMs;
    if (!strand.still && graceful && renamed.length <= HELD_AT_MOST) return;
    if (strand.body.damage !== null) telling.blind(0, 0, strand.body.damage);
    else if (strand.unfinished > 0) telling.blind(1, strand.unfinished, UNFINISHED);
    held.gave();
    held.done = true;
    this.#hasRead(strand.head);
    strand.body.close();
  }

  #hasRead(head: Buffer): void {
    this.#read = [...this.#read, printOf(head)].slice(-READ_KEPT);
  }

  took(): void {
    for (const held of this.#held) held.took();
    this.#held = this.#held.filter((held) => !held.settled);
  }

  /** Null while nothing is settled. */
  state(): PathState | null {
    const places = this.#held.map((held) => held.place());
    const whole = places.filter((place) => place !== null);
    return whole.length < places.length ? null : { places: whole, read: this.#read };
  }

  /** What was given can still be acknowledged, and its places asked for. */
  close(): void {
    for (const { strand } of this.open) strand.body.close();
  }
}
