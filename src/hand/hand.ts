/**
 * The hand: takes a batch of orders, asks the guard, writes plan and undo, changes the kernel, asks the kernel back, and says what came
 * of it. One batch at a time. It reads no log and judges nobody; what it is told to do is all that it does.
 */

import type { Batch, HandAnswer, HandEvent, HandReceipt } from '../core/orders.ts';
import { counted, listed, shown } from '../core/text.ts';
import { Book } from './book.ts';
import type { Files } from './files.ts';
import { endFlows } from './flows.ts';
import { isPlain, Judge, type Judged, type Sight } from './judge.ts';
import { Kernel } from './kernel.ts';
import { Ledger, LedgerFault } from './ledger.ts';
import { allowed, listing } from './listing.ts';
import type { Nft, Tallies } from './nft.ts';
import { Sparing } from './sparing.ts';
import { AGAIN } from './table.ts';
import { Watch } from './watch.ts';
import type { Act, Clock } from './words.ts';

export interface HandOptions {
  readonly state: string;
  readonly neverHarm: string;
  readonly lingerS: number;
  /** Linux 6.12 and later. */
  readonly renews: boolean;
  readonly files: Files;
  readonly clock: Clock;
  readonly nft: Nft;
  readonly tell: (event: HandEvent) => void;
}

const EXPIRE_EVERY_MS = 1000;
/** Somebody who flushes in a loop is answered each time, and told of once in a while. */
const TOLD_EVERY_MS = 1000;
/** Reading back more counters takes longer than a ban may be missing. */
const COUNTED_AT_MOST = 5000;
const NETS_TOLD = 20;

export class Hand {
  readonly #options: HandOptions;
  readonly #book: Book;
  readonly #ledger: Ledger;
  readonly #kernel: Kernel;
  readonly #watch: Watch;
  readonly #sparing: Sparing;
  readonly #said: readonly string[];
  #queue: Promise<unknown> = Promise.resolve();
  #expiring: NodeJS.Timeout | null = null;
  /** Does the kernel have what the book says, as far as we know? */
  #laid = false;
  #looking = false;
  #putBack = { times: 0, toldAt: Number.NEGATIVE_INFINITY };

  constructor(options: HandOptions) {
    this.#options = options;
    this.#book = new Book(options.clock);
    const { ledger, acts, said } = Ledger.open(options.state, options.files);
    this.#ledger = ledger;
    this.#said = said;
    this.#book.apply(acts);
    this.#kernel = new Kernel(options.nft, this.#book, options.clock, options);
    this.#watch = new Watch(options.nft, (why) => this.#lost(why));
    this.#sparing = new Sparing(options.neverHarm, options.files, (says) => this.#tell('never-harm', says));
  }

  /** Makes the kernel agree with the ledger, and begins to watch. */
  async start(): Promise<void> {
    for (const says of this.#said) this.#tell('ledger', says);
    await this.#inTurn(async () => {
      const fault = this.#options.nft.missing() ?? (await this.#restore());
      if (fault !== null) this.#tell('kernel', `No ban is in force: ${fault}.`);
    });
    this.#watch.start();
    this.#expiring = setInterval(() => this.#expire(), EXPIRE_EVERY_MS);
    const bans = counted(this.#book.count('ban'), 'ban');
    this.#tell('ready', this.#laid ? `${bans} in force.` : `${bans} in the ledger, none in the kernel.`);
  }

  /** Leaves the bans in the kernel. */
  async stop(): Promise<void> {
    this.#watch.stop();
    if (this.#expiring) clearInterval(this.#expiring);
    await this.#inTurn(async () => {
      this.#ledger.close();
      this.#options.nft.end();
    });
  }

  obey(batch: Batch): Promise<HandAnswer> {
    return this.#inTurn(async () => ({ id: batch.id, receipts: await this.#carryOut(batch) }));
  }

  async #carryOut({ orders }: Batch): Promise<HandReceipt[]> {
    this.#expire();
    const changes = !orders.every(isPlain);
    const missing = changes ? this.#options.nft.missing() : null;
    if (missing !== null) return orders.map((order) => refused(order, missing));
    if (changes && !this.#laid) await this.#restore();
    const judge = new Judge(this.#book, this.#options.clock, await this.#sight(orders));
    const judged = orders.map((order) => judge.judge(order));
    const acts = judged.flatMap(({ act }) => (act ? [act] : []));
    const fault = acts.length === 0 ? null : await this.#act(acts);
    const ended = fault === null ? await this.#endFlows(judged) : 0;
    const receipts = judged.map((one) => (fault === null || one.act === null ? one.receipt : { ...one.receipt, ...fault }));
    return this.#finish(receipts, ended);
  }

  /** Plan, book, kernel, outcome; null when all is done, else how every act of it ended. */
  async #act(acts: readonly Act[]): Promise<Pick<HandReceipt, 'state' | 'says'> | null> {
    let turn: number;
    try {
      turn = this.#ledger.plan(acts);
    } catch (error) {
      if (!(error instanceof LedgerFault)) throw error;
      return { state: 'refused', says: `Nothing was done: ${error.says}. Make room or mend the disk, then order it again.` };
    }
    this.#book.apply(acts);
    const fault = await this.#kernel.change(acts);
    if (fault !== null) {
      this.#book.undo(acts);
      this.#ledger.outcome(turn, 'failed', fault);
      const still = await this.#restore();
      const stands = still === null ? 'What was there before stands.' : `What was there before could not be put back either (${still}).`;
      return { state: 'failed', says: `nft did not carry it out: ${shown(fault, 300)}. ${stands}` };
    }
    this.#ledger.outcome(turn, 'done');
    this.#compact();
    return null;
  }

  /** What the guard goes by, looked at now; only as far as these orders need it. */
  async #sight(orders: Batch['orders']): Promise<Sight> {
    const guard = orders.some(({ verb }) => verb === 'ban') ? this.#sparing.guard(this.#book.all('allow'), orders) : '';
    const unbans = orders.some((order) => order.verb === 'unban' && this.#book.get('ban', order.net) === null);
    const lingering: Tallies = unbans ? await this.#options.nft.tallies(AGAIN) : new Map();
    return { guard, lingers: (ip) => AGAIN.some((set) => lingering.get(set)?.has(ip) === true) };
  }

  async #endFlows(judged: readonly Judged[]): Promise<number> {
    const banned = judged.flatMap(({ act, receipt }) =>
      act?.now && receipt.verb === 'ban' ? [this.#book.get('ban', act.net)?.net ?? []].flat() : [],
    );
    return banned.length === 0 ? 0 : endFlows(banned).catch(() => 0);
  }

  async #finish(receipts: readonly HandReceipt[], ended: number): Promise<HandReceipt[]> {
    const told: HandReceipt[] = [];
    let rest = ended;
    for (const receipt of receipts) {
      if (receipt.verb === 'list')
        told.push({ ...receipt, bans: listing(this.#book, await this.#options.nft.tallies(), this.#options.clock), allows: allowed(this.#book) });
      else if (receipt.verb === 'ban' && receipt.state === 'done' && rest > 0) {
        told.push({ ...receipt, says: `${counted(rest, 'open connection')} of what was banned ${rest === 1 ? 'was' : 'were'} ended.` });
        rest = 0;
      } else told.push(receipt);
    }
    return told;
  }

  /** Lays the kernel as the book says, the guard asked again; null when it stands. */
  async #restore(): Promise<string | null> {
    this.#liftSpared();
    const few = this.#book.count('ban') <= COUNTED_AT_MOST;
    const fault = await this.#kernel.lay(few ? await this.#options.nft.tallies() : new Map());
    this.#laid = fault === null;
    return fault;
  }

  /** Who has become someone to be spared since: a new address of this machine, a line in the never-harm list, a log-in. */
  #liftSpared(): void {
    const guard = this.#sparing.guard([], null);
    if (typeof guard === 'string') return;
    const judged = [...this.#book.all('ban')].map((held) => ({ held, objection: guard.objection(held.net, true) }));
    const spared = judged.filter(({ objection }) => objection !== null);
    if (spared.length === 0) return;
    const acts = spared.map(({ held: { kind, text, since, untilMs, because, decision } }): Act => {
      return { kind, net: text, now: null, was: { since, untilMs, because, decision } };
    });
    try {
      this.#ledger.outcome(this.#ledger.plan(acts), 'done');
    } catch {
      // Not banning somebody who must be spared comes before writing it down.
    }
    this.#book.apply(acts);
    const says = `${listed(acts.map(({ net }) => net))} ${acts.length === 1 ? 'is' : 'are'} banned no more: ${spared[0]?.objection}.`;
    this.#tell(
      'lifted',
      says,
      acts.map(({ net }) => net),
    );
  }

  #lost(why: 'asked' | 'removed'): void {
    if (this.#looking) return;
    this.#looking = true;
    const work = this.#inTurn(async () => {
      this.#looking = false;
      if (this.#options.nft.missing() !== null) return;
      const before = this.#laid;
      const whole = before && (why === 'asked' ? await this.#options.nft.intact() : (await this.#kernel.lost()) === null);
      if (whole) return;
      const fault = (await this.#restore()) === null ? null : await this.#restore();
      if (before) this.#tellPutBack(fault);
      else if (fault === null) this.#tell('ready', `${counted(this.#book.count('ban'), 'ban')} in force.`);
    });
    work.catch((error: unknown) => this.#tell('kernel', `The firewall could not be looked at: ${shown(String(error), 200)}.`));
  }

  #tellPutBack(fault: string | null): void {
    this.#putBack.times += 1;
    const now = this.#options.clock.steady();
    if (now - this.#putBack.toldAt < TOLD_EVERY_MS) return;
    const bans = counted(this.#book.count('ban'), 'ban');
    const times = this.#putBack.times > 1 ? `, ${this.#putBack.times} times since it was last said` : '';
    if (fault === null) this.#tell('put-back', `Somebody took our table or parts of it out of the firewall; ${bans} stand again${times}.`);
    else this.#tell('kernel', `Somebody took our table out of the firewall, and it could not be put back: ${fault}.`);
    this.#putBack = { times: 0, toldAt: now };
  }

  #expire(): void {
    if (this.#book.expire().length > 0) this.#compact();
  }

  #compact(): void {
    const living = this.#book.count('ban') + this.#book.count('allow');
    if (!this.#ledger.isLong(living)) return;
    const acts = [...this.#book.all()].map(({ kind, text, since, untilMs, because, decision }): Act => {
      return { kind, net: text, now: { since, untilMs, because, decision }, was: null };
    });
    const says = this.#ledger.compact(acts);
    if (says !== null) this.#tell('ledger', says);
  }

  #tell(event: HandEvent['event'], says: string, nets?: readonly string[]): void {
    this.#options.tell({ event, at: this.#options.clock.wall(), says, ...(nets ? { nets: nets.slice(0, NETS_TOLD) } : {}) });
  }

  /** One after the other, also when one of them throws. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }
}

function refused(order: Batch['orders'][number], why: string): HandReceipt {
  if (isPlain(order)) return { verb: order.verb, state: 'refused', says: `Order it by itself: ${why}.` };
  return { verb: order.verb, net: order.net, state: 'refused', says: `Nothing was done: ${why}.` };
}
