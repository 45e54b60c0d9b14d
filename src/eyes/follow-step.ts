/** What one step along a followed file can bring. */

import type { Body } from './follow-body.ts';

/** What was passed over unread. */
export interface Skipped {
  readonly lines: number;
  readonly bytes: number;
  readonly why: string;
}

export type Step =
  /** Whole lines; the last one is without its end where it was cut. */
  | { readonly kind: 'lines'; readonly bytes: Buffer; readonly firstLine: number }
  | { readonly kind: 'skipped'; readonly skipped: Skipped }
  /** Went on, with nothing to tell. */
  | { readonly kind: 'moved'; readonly bytes: number }
  /** Nothing more for now. */
  | { readonly kind: 'end' }
  /** What stands before the offset is not what was read: the file was emptied and filled again. */
  | { readonly kind: 'changed' };

/** What is being passed over. */
export interface Skip {
  readonly to: number;
  /** Null = without a word. */
  readonly why: string | null;
  lines: number;
  bytes: number;
  /** It stands within a line. */
  inside: boolean;
}

/** A point in the file that was reached. */
export interface Mark {
  readonly offset: number;
  readonly lines: number;
  readonly inLine: boolean;
  readonly tail: Buffer;
}

export interface StrandFacts {
  readonly body: Body;
  readonly dev: number;
  readonly inode: number;
  /** Nobody writes to it any more. */
  readonly still: boolean;
}
