/** Tells of lines that were too costly for an expression of a jail's filter: with the pattern, the line, and not with each further line again. */

import { HOUR_MS } from '../core/spans.ts';
import { counted, named } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import type { JailDefinition } from '../guests/fail2ban/definition.ts';
import type { RunningFilter } from '../guests/fail2ban/hit.ts';

/** In the form in which watch tells of what was not seen. */
export interface NotJudged {
  readonly path: string;
  readonly lines: number;
  readonly says: string;
}

interface Told {
  readonly count: number;
  readonly at: Millis;
}

export class JailBlind {
  readonly #told = new Map<string, Told>();

  /** What is new since it was told last. */
  of(filters: readonly { readonly jail: JailDefinition; readonly filter: RunningFilter }[], path: string, now: Millis): NotJudged[] {
    const said: NotJudged[] = [];
    for (const { jail, filter } of filters) {
      const { count, last } = filter.blind;
      if (count === 0 || last === null) continue;
      const told = this.#told.get(jail.name);
      if (told !== undefined && (count === told.count || now - told.at < HOUR_MS)) continue;
      this.#told.set(jail.name, { count, at: now });
      const { file, line } = last.pattern.place;
      const lines = count - (told?.count ?? 0);
      const which = `${last.option} ${last.pattern.index + 1} of jail ${named(jail.name)} (${file}, line ${line})`;
      const begins = `one of ${counted(last.lineLength, 'character')}, which begins ${named(last.line.slice(0, 80))}`;
      said.push({ path, lines, says: `${which} takes too long for ${counted(lines, 'line')} and was given up for them, the last of them ${begins}` });
    }
    return said;
  }
}
