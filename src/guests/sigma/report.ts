/** What became of a folder of Sigma rules, one by one: taken over, partly, of no use here, or refused and why. */

import { SigmaMatcher } from './match.ts';
import type { Place, SigmaSet } from './rule.ts';

export type Taken = 'taken' | 'partly' | 'not-applicable' | 'refused';

export interface SigmaLine extends Place {
  readonly kind: 'sigma';
  readonly id: string | null;
  readonly title: string | null;
  readonly taken: Taken;
  /** Why it is not wholly taken; notes where it is. */
  readonly because: readonly string[];
}

export interface SigmaReport {
  readonly total: number;
  readonly taken: number;
  readonly partly: number;
  readonly notApplicable: number;
  readonly refused: number;
  /** Rules that no literal text speeds up. */
  readonly slow: number;
  readonly lines: readonly SigmaLine[];
}

export function sigmaReport(set: SigmaSet): SigmaReport {
  const lines = [...ruleLines(set), ...correlationLines(set), ...refusedLines(set)];
  const count = (taken: Taken) => lines.filter((line) => line.taken === taken).length;
  return {
    total: lines.length,
    taken: count('taken'),
    partly: count('partly'),
    notApplicable: count('not-applicable'),
    refused: count('refused'),
    slow: new SigmaMatcher(set.rules).slow,
    lines: lines.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1)),
  };
}

function ruleLines({ rules }: SigmaSet): SigmaLine[] {
  return rules
    .filter(({ part }) => !part)
    .map(({ file, line, id, title, notApplicable, missing, notes }) => {
      const lacking = missing.map((field) => `no event of its log has the field ${field}`);
      const because = notApplicable === null ? [...lacking, ...notes] : [notApplicable, ...notes];
      const taken: Taken = notApplicable !== null ? 'not-applicable' : missing.length > 0 ? 'partly' : 'taken';
      return { kind: 'sigma', file, line, id, title, taken, because };
    });
}

/** A correlation is of as much use as the rules that it counts. */
function correlationLines({ rules, correlations }: SigmaSet): SigmaLine[] {
  return correlations.map(({ file, line, id, title, of, type, notes }) => {
    const idle = rules.filter((rule) => of.includes(rule.id) && rule.notApplicable !== null);
    const because = idle.map((rule) => `it counts “${rule.title}”: ${rule.notApplicable}`);
    const all = type === 'temporal' || type === 'temporal_ordered' ? idle.length > 0 : idle.length === new Set(of).size;
    const taken: Taken = all ? 'not-applicable' : idle.length > 0 ? 'partly' : 'taken';
    return { kind: 'sigma', file, line, id, title, taken, because: [...because, ...notes] };
  });
}

function refusedLines({ refused }: SigmaSet): SigmaLine[] {
  return refused.map(({ file, line, id, title, reason }) => ({ kind: 'sigma', file, line, id, title, taken: 'refused', because: [reason] }));
}
