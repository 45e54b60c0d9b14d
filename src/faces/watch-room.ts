/** What `tocsin watch` looks through: logs that are followed, and who judges them. */

import type { Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';
import type { Judged } from '../engine/decisions.ts';

/** Lines of a log, or what could not be seen of it. */
export type Heard =
  | { readonly chunk: Chunk; readonly receivedAt: Millis; readonly fresh: boolean }
  | { readonly entries: readonly string[] }
  | { readonly blind: Unseen };

export interface Unseen {
  readonly path: string;
  readonly lines: number;
  readonly says: string;
}

export interface WatchRoom {
  /** Who logged in from where before it began, so that nobody who belongs here is shut out; how many lines told of it. */
  learn(): Promise<number>;
  next(): Promise<readonly Heard[]>;
  took(): void;
  /** Plain data, for the next start. */
  place(): unknown;
  /** `blind` = lines that were seen, and that a jail could not judge. */
  judge(heard: Exclude<Heard, { readonly blind: unknown }>): Judged & { readonly lines: number; readonly blind?: readonly Unseen[] };
  remember(net: string, count: number, at: Millis, untilMs: Millis): void;
  /** What fail2ban banned against what was decided here, where that was asked for. */
  compared?(): readonly string[];
  /** Logs whose stamps are far from the time at which their lines came, and what that means. */
  strangeClocks(): readonly { readonly source: string; readonly detail: string }[];
  /** What is seen and what is not, in words. */
  coverage(): readonly string[];
  close(): void;
}

export interface WatchAsked {
  readonly logs: readonly string[];
  readonly from: 'start' | 'end';
  readonly place: unknown;
  /** fail2ban's jails judge, too. */
  readonly jails?: boolean;
  /** What a fail2ban that runs bans is followed, to compare. */
  readonly besideFail2ban?: boolean;
}

export type OpenWatch = (asked: WatchAsked) => WatchRoom;
