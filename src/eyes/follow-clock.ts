/**
 * How far the clock of each followed log is from ours, measured by lines that arrive as they are written: a daemon in another time zone, a host
 * with a wrong clock. What is found is corrected by whoever reads the stamps, and told.
 */

import { Skew, type SkewTold } from '../core/skew.ts';
import { shown } from '../core/text.ts';
import type { Coverage, Millis } from '../core/words.ts';

/** As many as are followed. */
const SOURCES_AT_MOST = 2_000;

export class FollowClock {
  readonly #skews = new Map<string, Skew>();

  /** A stamp of a line that came with `fresh`; others say nothing about a clock. */
  hear(lines: { readonly path: string; readonly fresh: boolean; readonly receivedAt: Millis }, stampedAt: Millis): void {
    if (!lines.fresh) return;
    let skew = this.#skews.get(lines.path);
    if (!skew) {
      if (this.#skews.size >= SOURCES_AT_MOST) return;
      skew = new Skew();
      this.#skews.set(lines.path, skew);
    }
    skew.hear(lines.receivedAt, stampedAt);
  }

  /** `correctionMs` is to be added to the stamps of this log. */
  told(path: string): SkewTold {
    return (this.#skews.get(path) ?? NONE).told();
  }

  coverage(): readonly Coverage[] {
    return [...this.#skews].flatMap(([source, skew]): Coverage[] => {
      const { says } = skew.told();
      return says === '' ? [] : [{ source, state: 'partial', detail: `${shown(source, 200)}: ${says}` }];
    });
  }
}

const NONE = new Skew();
