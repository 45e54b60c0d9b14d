/**
 * Holds what fail2ban banned, as its own log tells it, against what was decided here: for whoever runs both for a while before he trusts one.
 * Cannot see: bans from before the start, and those that somebody made by hand without a word in that log.
 */

import { addressBits } from '../core/address-bits.ts';
import { counted, named } from '../core/text.ts';
import { Bounded } from '../core/window.ts';
import type { Chunk, Networks } from '../core/world.ts';
import { networkOf } from '../guests/fail2ban/address.ts';
import type { Judged } from './decisions.ts';
import { eachLine } from './jail-lines.ts';

const KNOWN_AT_MOST = 50_000;
/** Of each kind; the rest are counted. */
const TOLD_AT_MOST = 20;
const BECAUSE_CHARACTERS = 300;
/** fail2ban 0.9 and later: `2026-03-03 10:00:00,123 fail2ban.actions [7]: NOTICE  [sshd] Ban 192.0.2.1`. `Restore Ban` is one from before its start. */
const BAN = /^\S+ \S+ fail2ban\.actions\s*\[\d+\]: (?:NOTICE|WARNING)\s+\[([^\]]{1,100})\] Ban ([\da-fA-F.:]{2,45})\s*$/;

export class Beside {
  readonly #networks: Networks;
  /** By the net that we would take: what fail2ban banned of it, and by which jail first. */
  readonly #theirs = new Bounded<{ readonly ip: string; readonly jail: string }>(KNOWN_AT_MOST, null);
  readonly #ours = new Bounded<string>(KNOWN_AT_MOST, null);
  readonly #spared = new Bounded<string>(KNOWN_AT_MOST, null);

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** A piece of fail2ban's own log. */
  chunk(chunk: Chunk): void {
    eachLine(chunk, (text) => {
      const [, jail, ip] = BAN.exec(text) ?? [];
      if (jail !== undefined && ip !== undefined && addressBits(ip) !== null) this.#theirs.open(this.#netOf(ip), () => ({ ip, jail }));
    });
  }

  judged({ decisions, spared }: Judged): void {
    for (const { net, because } of decisions) this.#ours.open(net, () => because.slice(0, BECAUSE_CHARACTERS));
    for (const { ip, because } of spared) this.#spared.open(this.#netOf(ip), () => because.slice(0, BECAUSE_CHARACTERS));
  }

  /** A line for the whole, and one for each difference. */
  says(): readonly string[] {
    const theirs = this.#theirs.entries();
    const missed = theirs.filter(([net]) => !this.#covered(net));
    const taken = new Set(theirs.map(([net]) => net));
    const more = this.#ours.entries().filter(([net]) => !taken.has(net) && !theirs.some(([other]) => isWithin(other, net)));
    const same = theirs.length - missed.length;
    return [
      `beside fail2ban: ${counted(same, 'ban')} the same, ${counted(more.length, 'ban')} only Tocsin, ${counted(missed.length, 'ban')} only fail2ban`,
      ...told(more.map(([net, because]) => `only Tocsin: ${net}, because ${because}`)),
      ...told(missed.map(([net, { ip, jail }]) => `only fail2ban: ${ip}, by its jail ${named(jail)}; here ${this.#why(net)}`)),
    ];
  }

  #why(net: string): string {
    const spared = this.#spared.get(net);
    return spared === undefined ? 'the tries that were seen were too few, or in a log that is not followed' : `it was left alone: ${spared}`;
  }

  #covered(net: string): boolean {
    return this.#ours.get(net) !== undefined || this.#ours.get(this.#networks.networkOf(net.replace(/\/.*$/, ''))) !== undefined;
  }

  #netOf(ip: string): string {
    return ip.includes(':') ? this.#networks.networkOf(ip) : ip;
  }
}

/** Whether an address is in a wider network. */
function isWithin(net: string, wide: string): boolean {
  const [inner, outer] = [networkOf(net), wide.includes('/') ? networkOf(wide) : null];
  return inner !== null && outer !== null && inner.family === outer.family && inner.bits.startsWith(outer.bits);
}

function told(lines: readonly string[]): string[] {
  if (lines.length <= TOLD_AT_MOST) return [...lines];
  return [...lines.slice(0, TOLD_AT_MOST), `… and ${counted(lines.length - TOLD_AT_MOST, 'more', 'more')} of these`];
}
