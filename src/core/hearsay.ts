/**
 * Refusals that only PAM or a host name tells of: they count where no better line of the same connection (its pid) does. sshd writes `Failed
 * password` beside pam_unix's line about the same try, sooner or later; other services, and sshd with its own lines filtered out, write none.
 */

import { ByPid } from './by-pid.ts';
import { near, type TryEvent } from './connections.ts';
import { DoubleTold, toldTwice, withTimes } from './double-told.ts';
import { addressOf } from './peer.ts';
import { AUDIT_TOLD, PAM_TOLD, REFUSED } from './tries.ts';
import type { EventOf, Millis } from './words.ts';

/** Refusals of one connection that wait; a mail server's one worker has thousands. */
const WAITING_AT_MOST = 8;

type Told = EventOf<'login.probed'>;

interface Waiting {
  readonly events: Told[];
  at: Millis;
}

/** Is somebody else's line about the same try better than this one? */
export function isHearsay(event: Told): boolean {
  return event.fields.how === PAM_TOLD || addressOf(event.fields.ip) === null;
}

export class Hearsay {
  #ripe: Told[] = [];
  /** Of how many connections something waits. */
  #waits = 0;
  readonly #waiting = new ByPid<Waiting>(
    () => ({ events: [], at: 0 }),
    ({ events }) => {
      this.#ripe.push(...events);
      this.#waits -= 1;
    },
  );
  /** When a connection was last told of by its own lines. */
  readonly #told = new ByPid(() => ({ at: 0, ip: '' }));
  /** When a connection was let in by a line of its own. */
  readonly #letIn = new ByPid(() => ({ at: 0 }));
  /** Of servers other than sshd, of which other logs tell. */
  readonly #doubles = new DoubleTold();

  /** What is to be counted now. */
  hear(event: Told): readonly Told[] {
    const { pid, ip } = event.fields;
    if (pid === null) {
      this.#ripe.push(event);
      return this.#take();
    }
    const told = this.#told.get(pid);
    if (told && near(told.at, event.at) && same(told.ip, ip)) {
      if (isDouble(event)) this.#doubles.byPam(event);
      return this.#take();
    }
    const old = this.#waiting.get(pid);
    if (old && !near(old.at, event.at)) this.#settle(pid, old);
    const waiting = this.#waiting.get(pid) ?? this.#wait(pid);
    waiting.at = event.at;
    const best = waiting.events[0];
    if (best && trust(event) < trust(best)) return this.#take();
    if (best && trust(event) > trust(best)) waiting.events.length = 0;
    waiting.events.push(withTimes(event, event.fields.times));
    if (waiting.events.length > WAITING_AT_MOST) this.#ripe.push(...waiting.events.splice(0, 1));
    return this.#take();
  }

  /** A line of the connection's own program tells of the try. */
  better(event: TryEvent, ip: string): void {
    const { pid, service, times } = event.fields;
    const dropped = pid === null ? 0 : this.#betterUnder(pid, ip, event.at);
    const refused = event.kind === 'login.failed' || REFUSED.has(event.fields.how) || event.fields.how === AUDIT_TOLD;
    if (refused && times > dropped && toldTwice(service)) this.#doubles.byServer(ip, service, times - dropped, event.at);
  }

  /** How many tries are dropped for it. */
  #betterUnder(pid: number, ip: string, at: Millis): number {
    const told = this.#told.get(pid);
    if (told && told.ip === ip) told.at = at;
    else this.#tell(pid, ip, at);
    const waiting = this.#waiting.get(pid);
    if (!waiting || !near(waiting.at, at) || !waiting.events.every((event) => same(event.fields.ip, ip))) return 0;
    const dropped = waiting.events.reduce((sum, { fields }) => sum + fields.times, 0);
    this.#drop(pid, waiting);
    return dropped;
  }

  /** Somebody was let in: what its connection says of refusals later was before that. */
  entered(ip: string, pid: number, at: Millis): void {
    this.passed(pid);
    this.#tell(pid, ip, at);
    this.#letIn.claim(pid).at = at;
  }

  /** The address that was refused under this pid shortly before, and of which no line says that it was let in. */
  refusedUnder(pid: number, at: Millis): string | null {
    const letIn = this.#letIn.get(pid);
    if (letIn && near(letIn.at, at)) return null;
    const told = this.#told.get(pid);
    if (told && near(told.at, at)) return told.ip;
    const waiting = this.#waiting.get(pid);
    const last = waiting && near(waiting.at, at) ? waiting.events[waiting.events.length - 1] : undefined;
    return last && addressOf(last.fields.ip) !== null ? last.fields.ip : null;
  }

  /** Another module of PAM let the same one in: the last refusal was none. */
  passed(pid: number | null): void {
    if (pid !== null) this.#waiting.get(pid)?.events.pop();
  }

  /** All that still waits. */
  rest(): readonly Told[] {
    if (this.#waits > 0) for (const [pid, waiting] of this.#waiting.entries()) this.#settle(pid, waiting);
    return [...this.#take(), ...this.#doubles.rest()];
  }

  #tell(pid: number, ip: string, at: Millis): void {
    const told = this.#told.claim(pid);
    told.at = at;
    told.ip = ip;
  }

  #wait(pid: number): Waiting {
    const waiting = this.#waiting.claim(pid);
    waiting.events.length = 0;
    this.#waits += 1;
    return waiting;
  }

  /** The list is used again; what it held must not live on with it. */
  #drop(pid: number, waiting: Waiting): void {
    waiting.events.length = 0;
    this.#waiting.remove(pid);
    this.#waits -= 1;
  }

  #settle(pid: number, waiting: Waiting): void {
    this.#ripe.push(...waiting.events);
    this.#drop(pid, waiting);
  }

  #take(): readonly Told[] {
    if (this.#ripe.length === 0) return this.#ripe;
    const ripe = this.#ripe;
    this.#ripe = [];
    const alone = ripe.filter((event) => !isDouble(event));
    if (alone.length === ripe.length) return ripe;
    for (const event of ripe) if (isDouble(event)) this.#doubles.byPam(event);
    return [...alone, ...this.#doubles.take()];
  }
}

/** Under another pid a line of the server itself may tell of the same try. */
function isDouble({ fields }: Told): boolean {
  return fields.how === PAM_TOLD && toldTwice(fields.service) && addressOf(fields.ip) !== null;
}

/** The same try may be told by PAM and by sshd in PAM's words: of one connection only the best kind of line counts, with an address before all. */
function trust({ fields }: Told): number {
  return (addressOf(fields.ip) === null ? 0 : 2) + (fields.how === PAM_TOLD ? 0 : 1);
}

/** A host name may be the name of any address: under one pid it is the same client. */
function same(a: string, b: string): boolean {
  return a === b || addressOf(a) === null || addressOf(b) === null;
}
