/** What stands beside our own judge while logs are followed: fail2ban's jails, and the comparison with a fail2ban that runs. Either, both or neither. */

import type { Millis } from '../core/words.ts';
import type { Chunk, Networks } from '../core/world.ts';
import { Beside } from './beside.ts';
import type { Judged } from './decisions.ts';
import type { NotJudged } from './jail-blind.ts';
import type { JailsJudged } from './jail-sentry.ts';
import type { Jails } from './jails-of.ts';
import { JoinedJudged } from './joined-judged.ts';

/** Where Debian and its kin have fail2ban write. */
const FAIL2BAN_LOG = '/var/log/fail2ban.log';

const NOBODY: Judged = { decisions: [], spared: [] };

/** Entries of the journal, as journalctl's JSON texts. */
export interface Entries {
  readonly entries: readonly string[];
  readonly source: string;
}

export interface Written {
  readonly chunk: Chunk;
  readonly receivedAt: Millis;
  readonly fresh: boolean;
}

export class GuestJudging {
  readonly #jails: Jails | null;
  readonly #beside: Beside | null;
  readonly #joined: JoinedJudged;
  readonly #now: () => Millis;

  /** `now` is asked for entries of the journal. */
  constructor(networks: Networks, jails: Jails | null, beside: boolean, now: () => Millis) {
    this.#now = now;
    this.#jails = jails;
    this.#beside = beside ? new Beside(networks) : null;
    this.#joined = new JoinedJudged(networks);
  }

  /** Of logs that are to be followed for it. */
  get paths(): readonly string[] {
    return [...(this.#jails?.paths ?? []), ...(this.#beside ? [FAIL2BAN_LOG] : [])];
  }

  /** Of entries of the journal that are to be followed for it. */
  get journal(): Jails['journal'] {
    return this.#jails?.journal ?? { matches: [], fields: [] };
  }

  get notes(): readonly string[] {
    return this.#jails?.notes ?? [];
  }

  remember(net: string, count: number, at: Millis, untilMs: Millis): void {
    this.#joined.remember(net, untilMs);
    this.#jails?.sentry.remember(net, count, at, untilMs);
  }

  /** `own` = what our own judge says of it, where he hears of it. */
  judged(own: Judged | null, written: Written | Entries): Judged & { readonly blind: readonly NotJudged[] } {
    const chunk = 'chunk' in written ? written.chunk : null;
    if (this.#beside && chunk?.source === FAIL2BAN_LOG) this.#beside.chunk(chunk);
    const said = this.#heard(written);
    const all = said === null ? (own ?? NOBODY) : this.#joined.of(own ?? NOBODY, said);
    this.#beside?.judged(all);
    return { decisions: all.decisions, spared: all.spared, blind: said?.blind ?? [] };
  }

  #heard(written: Written | Entries): JailsJudged | null {
    if (this.#jails === null) return null;
    if ('chunk' in written) return this.#jails.sentry.chunk(written.chunk, written.receivedAt, written.fresh);
    return this.#jails.sentry.entries(written.entries, written.source, this.#now());
  }

  /** Both compared, a line each; nothing where nobody asked for it. */
  compared(): readonly string[] {
    return this.#beside?.says() ?? [];
  }
}
