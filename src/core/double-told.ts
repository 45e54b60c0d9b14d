/**
 * One try at a mail, FTP or other server is often told twice: by the server in its own log, and by PAM in the authentication log, under other pids
 * and of other files. Such a try counts once: what PAM tells counts only where no line of the servers of that kind tells of it.
 */

import { kindOfService } from './service-kind.ts';
import { Bounded } from './window.ts';
import type { EventOf, Millis } from './words.ts';

type Told = EventOf<'login.probed'>;

/** dovecot tells of a connection's tries when it ends, and lets one wait for three minutes (its CLIENT_LOGIN_TIMEOUT_MSECS). */
const SPAN_MS = 3 * 60_000;
/** Of an address at one kind of server. Logs are read one after the other, so that what PAM told waits until the other log was read. */
const SPANS_AT_MOST = 20_000;
/** One line for each account that PAM named; the rest of a flood is added to the last one. */
const EVENTS_OF_SPAN = 8;

interface Span {
  /** What PAM told and nobody else did so far. */
  readonly waiting: Told[];
  /** Tries of which servers told and PAM did not so far. */
  told: number;
}

/** sshd and its like fork for each connection: there the pid says what belongs together (core/hearsay.ts). */
export function toldTwice(service: string): boolean {
  const kind = kindOfService(service);
  return kind !== 'ssh' && kind !== 'other';
}

export class DoubleTold {
  #ripe: Told[] = [];
  /** Does anything wait? Asked before all spans are gone through: whoever wants a number settles first. */
  #waits = false;
  readonly #spans = new Bounded<Span>(SPANS_AT_MOST, null, ({ waiting }) => this.#ripe.push(...waiting));

  /** PAM tells of tries; they are counted when they fall out of `take` or `rest`. */
  byPam(event: Told): void {
    const { ip, service, times } = event.fields;
    let left = times;
    for (const span of this.#near(ip, service, event.at)) {
      const same = Math.min(left, span.told);
      span.told -= same;
      left -= same;
    }
    if (left === 0) return;
    wait(this.#open(ip, service, event.at).waiting, event, left);
    this.#waits = true;
  }

  /** A server tells of tries in its own words: the same ones that PAM told before or tells later are none. */
  byServer(ip: string, service: string, times: number, at: Millis): void {
    let left = times;
    for (const { waiting } of this.#near(ip, service, at)) left = withdrawn(waiting, left);
    if (left > 0) this.#open(ip, service, at).told += left;
  }

  /** What had to make room. */
  take(): readonly Told[] {
    if (this.#ripe.length === 0) return this.#ripe;
    const ripe = this.#ripe;
    this.#ripe = [];
    return ripe;
  }

  /** All that still waits. */
  rest(): readonly Told[] {
    if (this.#waits) for (const { waiting } of this.#spans.values()) this.#ripe.push(...waiting.splice(0));
    this.#waits = false;
    return this.take();
  }

  #open(ip: string, service: string, at: Millis): Span {
    return this.#spans.open(keyOf(ip, service, Math.floor(at / SPAN_MS)), () => ({ waiting: [], told: 0 }));
  }

  /** Its own span first, then the one before and the one after. */
  #near(ip: string, service: string, at: Millis): Span[] {
    const number = Math.floor(at / SPAN_MS);
    return [number, number - 1, number + 1].flatMap((near) => this.#spans.get(keyOf(ip, service, near)) ?? []);
  }
}

function keyOf(ip: string, service: string, span: number): string {
  return `${ip} ${kindOfService(service)} ${span}`;
}

function wait(waiting: Told[], event: Told, times: number): void {
  const same =
    waiting.find(({ fields }) => fields.account === event.fields.account) ?? (waiting.length >= EVENTS_OF_SPAN ? waiting.at(-1) : undefined);
  if (!same) waiting.push(withTimes(event, times));
  else waiting[waiting.indexOf(same)] = withTimes(same, same.fields.times + times);
}

/** Takes tries off what waits, the first ones first; returns how many were more than that. */
function withdrawn(waiting: Told[], times: number): number {
  let left = times;
  for (let first = waiting[0]; first && left > 0; first = waiting[0]) {
    const same = Math.min(left, first.fields.times);
    left -= same;
    if (same === first.fields.times) waiting.shift();
    else waiting[0] = withTimes(first, first.fields.times - same);
  }
  return left;
}

/** Events of log lines are lent, and their text is made when it is asked for: what waits is a copy. */
export function withTimes({ kind, at, source, line, raw, fields }: Told, times: number): Told {
  return {
    kind,
    at,
    source,
    ...(line === undefined ? {} : { line }),
    ...(raw === undefined ? {} : { raw }),
    fields: { ...fields, times },
  };
}
