/**
 * Follows one log through everything that rotation does to it. The end of a renamed file is read before the new one begins, and it stays open
 * while its daemon may still write to it; of a file that was copied and emptied the rest is read from the copy.
 * Cannot see: lines that were written between our last look and the emptying and that no copy has. Coverage says how long that was.
 */

import type { Coverage } from '../core/words.ts';
import { codeOf } from './disk.ts';
import { PlainBody } from './follow-body.ts';
import type { Held } from './follow-held.ts';
import type { FileSettings, Turn } from './follow-items.ts';
import { found, openFollowed, parentOf } from './follow-open.ts';
import { nowhere, type PathState, type Place } from './follow-place.ts';
import { resume } from './follow-resume.ts';
import { shed } from './follow-shed.ts';
import { Shelf } from './follow-shelf.ts';
import { Strand } from './follow-strand.ts';
import { Telling } from './follow-tell.ts';

const ROTATED_AWAY = 'it was rotated away while nobody read it, and what was written to it afterwards cannot be found';
const OUTRUN = 'it was rotated so often between two looks that parts of it may have been deleted before they were read';
const UNCOPIED = 'written after the file was copied and before it was emptied';
const EMPTIED = 'the file was emptied, and no copy has its end';
const OVERWRITTEN = 'what had been read was written over: it goes on with the next line';
const SHRUNK = 'it was shortened in place: lines that had not been read yet were removed by somebody';
const SHORTENED = 'it was shortened in place: lines of it that had been read were removed by somebody';

export class FollowFile {
  readonly path: string;
  /** Where it really lies, links followed; null while there is none. */
  real: string | null = null;
  readonly #settings: FileSettings;
  readonly #shelf: Shelf;
  #live: Held | null = null;
  /** The last present file as it was left. */
  #last: { readonly place: Place; readonly real: string } | null = null;
  readonly #telling: Telling;

  constructor(path: string, settings: FileSettings) {
    this.path = path;
    this.#settings = settings;
    this.#shelf = new Shelf(settings);
    this.#telling = new Telling(path, settings);
  }

  /** From where an earlier reader was; else from its beginning or its end. */
  async begin(state: PathState | null, from: 'start' | 'end'): Promise<void> {
    const strand = this.#open();
    const places = state?.places ?? [];
    const last = places[places.length - 1];
    const { strands, lost } = last && state ? await resume(this.real ?? this.path, state, strand) : { strands: strand ? [strand] : [], lost: [] };
    this.#shelf.remember(state?.read ?? []);
    const quiet = state === null && from === 'end';
    for (const one of strands) {
      if (quiet) one.skipTo(one.measure(), null);
      const held = await this.#shelf.hold(one, quiet && one.quiet);
      if (one === strand) this.#live = held;
    }
    if (!strand) this.#last = { place: last ?? nowhere(this.#settings.now()), real: this.path };
    for (const place of lost) {
      // Of a file that was renamed before, all that was known of may have been read.
      if (place === last ? place.size > 0 : place.size > place.offset) this.#telling.blind(0, Math.max(0, place.size - place.offset), ROTATED_AWAY);
    }
  }

  /** Reads at most so much; oldest first, and nothing of a younger file that was written after the end of an older one was looked for. */
  async turn(most: number): Promise<Turn> {
    try {
      return await this.#turn(most);
    } catch (error) {
      // A disk that fails, a server of files that is away: said once, and tried again at the next look.
      this.#telling.cannot(codeOf(error), false);
      return { items: this.#telling.fetch(), bytes: 0, more: false };
    }
  }

  async #turn(most: number): Promise<Turn> {
    await this.#look();
    const held = this.#shelf.open;
    const limits = new Map([...held].reverse().map((one) => [one, one.strand.measure()]));
    shed(held, this.#settings.backlogBytes);
    let bytes = 0;
    for (const one of held) {
      const read = await this.#steps(one, most - bytes, one === held[0] ? Number.POSITIVE_INFINITY : (limits.get(one) ?? 0));
      bytes += read.bytes;
      if (!read.ended) return { items: this.#telling.fetch(), bytes, more: true };
      if (one !== this.#live) this.#shelf.retire(one, this.#live, this.#telling);
    }
    this.#telling.caughtUp();
    if (this.#live) this.#telling.can();
    return { items: this.#telling.fetch(), bytes, more: false };
  }

  took(): void {
    this.#shelf.took();
  }

  state(): PathState | null {
    const state = this.#shelf.state();
    return state?.places.length === 0 && this.#last ? { ...state, places: [this.#last.place] } : state;
  }

  get gone(): boolean {
    return this.#shelf.empty;
  }

  coverage(): Coverage {
    return this.#telling.coverage();
  }

  close(): void {
    this.#shelf.close();
    this.#live = null;
  }

  async #look(): Promise<void> {
    const facts = found(this.path);
    if (typeof facts === 'string') return this.#absent(facts);
    const live = this.#live;
    if (live?.strand.inode !== facts.ino || live.strand.dev !== facts.dev) return this.#renewed();
    const how = live.strand.compare();
    if (how === 'emptied') return this.#emptied(live);
    if (how === 'shortened') return this.#shortened(live);
    if (how === 'shrunk') this.#telling.lost(live.strand, live.strand.shrink(), SHRUNK);
    if (how === 'filled') await this.#filled(live);
    live.verifiedAt = this.#settings.now();
  }

  /** Something was written to a file that was empty: it may have been copied and emptied since, and this be the second. */
  async #filled(live: Held): Promise<void> {
    const place = nowhere(live.verifiedAt);
    const { younger } = await this.#shelf.gap(this.real ?? this.path, { place, held: false, upTo: live.strand });
    if (younger.length === 0) return;
    for (const one of younger) await this.#shelf.hold(one);
    this.#shelf.last(live);
    this.#telling.cut(this.#settings.now() - live.verifiedAt);
  }

  /** Another file has the name. */
  async #renewed(): Promise<void> {
    const before = this.real;
    const strand = this.#open();
    if (strand && this.#live?.strand.inode === strand.inode && this.#live.strand.dev === strand.dev) return strand.body.close();
    await this.#demote(before);
    if (!strand) return;
    // Renamed back: it is in hand.
    const known = this.#shelf.again(strand);
    if (known) strand.body.close();
    else await this.#after(strand);
    this.#live = known ?? (await this.#shelf.hold(strand));
    this.#last = null;
  }

  /** What was written between the last present file and this one. */
  async #after(strand: Strand): Promise<void> {
    const last = this.#last;
    const stays = last && found(last.real);
    // A link that was turned elsewhere leaves the file under its own name: nothing lies between.
    if (!last || (typeof stays === 'object' && stays?.ino === last.place.inode)) return;
    const { younger, missing, restless } = await this.#shelf.gap(last.real, { place: last.place, held: true, upTo: strand });
    if (restless || (missing && younger.length > 0 && last.place.head.bytes > 0)) this.#telling.blind(0, 0, OUTRUN);
    for (const one of younger) await this.#shelf.hold(one);
  }

  async #absent(code: string): Promise<void> {
    await this.#demote(this.real);
    this.#cannot(code);
    // Nothing of it was ever seen: all that is written from now on is new.
    if (this.#last?.place.inode === 0) this.#last = { place: nowhere(this.#settings.now()), real: this.path };
  }

  /** The file that had the name is kept for what is still written to it. */
  async #demote(real: string | null): Promise<void> {
    const live = this.#live;
    if (!live) return;
    // A file that was empty until now could not be told from others.
    await live.strand.takeHead();
    this.#last = { place: live.strand.placeOf(live.strand.mark(), live.verifiedAt), real: real ?? this.path };
    live.movedAt = this.#settings.now();
    this.#live = null;
  }

  async #emptied(live: Held): Promise<void> {
    const { strand, verifiedAt } = live;
    const place = strand.placeOf(strand.mark(), verifiedAt);
    const now = this.#settings.now();
    live.done = true;
    const fresh = strand.again();
    const { rest, younger, missing } = await this.#shelf.gap(this.real ?? this.path, { place, held: false, seen: strand.head, upTo: fresh });
    const copy = rest ?? (place.head.bytes === 0 ? younger[0] : undefined);
    const lost = strand.seen - Math.max(place.offset, copy?.measure() ?? 0);
    if (lost > 0) this.#telling.lost(strand, lost, copy || !missing ? UNCOPIED : EMPTIED);
    for (const one of rest ? [rest, ...younger] : younger) await this.#shelf.hold(one);
    this.#live = await this.#shelf.hold(fresh);
    this.#telling.cut(now - verifiedAt);
  }

  async #shortened(live: Held): Promise<void> {
    this.#telling.blind(0, 0, SHORTENED);
    live.done = true;
    const strand = live.strand.again();
    strand.skipTo(strand.measure(), null);
    this.#live = await this.#shelf.hold(strand, true);
  }

  async #steps(held: Held, most: number, limit: number): Promise<{ readonly bytes: number; readonly ended: boolean }> {
    let bytes = 0;
    while (bytes < most) {
      const step = await held.strand.step(most - bytes, limit);
      if (held.quiet && !held.strand.quiet) held.began();
      if (step.kind === 'end') return { bytes, ended: true };
      held.movedAt = this.#settings.now();
      if (step.kind === 'changed') {
        await this.#changed(held);
        return { bytes, ended: false };
      }
      if (step.kind === 'skipped') this.#telling.blind(step.skipped.lines, step.skipped.bytes, step.skipped.why);
      else if (step.kind === 'lines') this.#telling.give(held, step.bytes, step.firstLine);
      bytes += step.kind === 'lines' ? step.bytes.length : step.kind === 'moved' ? step.bytes : 0;
      if (step.kind !== 'moved') held.gave();
    }
    return { bytes, ended: false };
  }

  /** Emptied and filled again since the look, or somebody wrote over what was read: then it goes on with the next line. */
  async #changed(held: Held): Promise<void> {
    if (held === this.#live && held.strand.compare() === 'emptied') return this.#emptied(held);
    this.#telling.blind(0, 0, OVERWRITTEN);
    await held.strand.skipLine();
  }

  /** The present file from its beginning, or null with the reason told. */
  #open(): Strand | null {
    try {
      const { fd, facts, real } = openFollowed(this.path);
      this.real = real;
      this.#telling.can();
      return new Strand({ body: new PlainBody(fd), dev: facts.dev, inode: facts.ino, still: false });
    } catch (error) {
      this.#cannot(codeOf(error));
      return null;
    }
  }

  #cannot(code: string): void {
    this.#telling.cannot(code, code === 'ENOENT' && typeof found(parentOf(this.path)) === 'string');
    this.real = null;
  }
}
