/** Sigma rules as `explain` asks them of one log line: on the line's fields in ECS names, and on its text for rules that have only words. */

import { counted } from '../core/text.ts';
import { SigmaEvent } from '../guests/sigma/event.ts';
import { loadSigma, type RuleFile } from '../guests/sigma/load.ts';
import { SigmaMatcher } from '../guests/sigma/match.ts';
import type { By, Guest } from './explain.ts';

export interface SigmaGuest {
  readonly guest: Guest;
  readonly troubles: readonly string[];
}

export function sigmaGuest(files: readonly RuleFile[]): SigmaGuest {
  const { rules, refused } = loadSigma(files);
  const matcher = new SigmaMatcher(rules);
  const guest: Guest = {
    look({ line }, ecs) {
      const event = new SigmaEvent({ ...ecs, message: line.message, 'event.original': line.raw });
      const by = matcher
        .match(event)
        .filter((rule) => !rule.part)
        .map((rule): By => ({ kind: 'sigma', name: rule.id, pattern: rule.title }));
      return { by, near: () => [], ignored: false };
    },
  };
  const empty = rules.length === 0 ? ['no Sigma rule could be used'] : [];
  const told = refused.slice(0, 20).map(({ file, line, reason }) => `Sigma rule ${file}, line ${line}, was refused: ${reason}`);
  const more = refused.length > 20 ? [`${counted(refused.length - 20, 'Sigma rule')} more were refused`] : [];
  return { guest, troubles: [...empty, ...told, ...more] };
}
