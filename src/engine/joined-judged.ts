/** What several judges say of the same lines, as one: a net is told of once, with the longest of its bans, and whom our own judge leaves alone no jail shuts out. */

import { DAY_MS } from '../core/spans.ts';
import { Bounded } from '../core/window.ts';
import type { Millis } from '../core/words.ts';
import type { Networks } from '../core/world.ts';
import type { Decision, Judged, Spared } from './decisions.ts';

const KNOWN_AT_MOST = 100_000;

export class JoinedJudged {
  readonly #networks: Networks;
  readonly #until = new Bounded<{ ms: Millis }>(KNOWN_AT_MOST, ({ ms }) => ms);
  readonly #spared = new Bounded<Millis>(KNOWN_AT_MOST, (at) => at);

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** From before this start. */
  remember(net: string, untilMs: Millis): void {
    this.#until.open(net, () => ({ ms: untilMs }));
  }

  of(own: Judged, jails: Judged): Judged {
    for (const { ip, at } of own.spared) this.#leftAlone(ip, at);
    const longest = new Map<string, Decision>();
    const decisions = [...own.decisions, ...jails.decisions.filter((one) => !this.#isLeftAlone(one))];
    for (const one of decisions) if ((longest.get(one.net)?.untilMs ?? Number.NEGATIVE_INFINITY) < one.untilMs) longest.set(one.net, one);
    const told = [...longest.values()].filter((one) => this.#isLonger(one));
    const known = new Set(own.spared.map(({ ip }) => ip));
    const spared: Spared[] = [...own.spared, ...jails.spared.filter(({ ip }) => !known.has(ip))];
    return { decisions: told, spared };
  }

  #leftAlone(ip: string, at: Millis): void {
    for (const one of [ip, this.#netOf(ip)]) {
      this.#spared.remove(one);
      this.#spared.open(one, () => at);
    }
  }

  /** Our own judge tells of it once a day. */
  #isLeftAlone({ net, at }: Decision): boolean {
    const told = this.#spared.get(net);
    return told !== undefined && at - told < DAY_MS;
  }

  #netOf(ip: string): string {
    return ip.includes(':') ? this.#networks.networkOf(ip) : ip;
  }

  #isLonger({ net, untilMs }: Decision): boolean {
    const known = this.#until.open(net, () => ({ ms: Number.NEGATIVE_INFINITY }));
    if (known.ms >= untilMs) return false;
    known.ms = untilMs;
    return true;
  }
}
