/** Which steps of a long chain are told where space is short: one of each kind first, the worst of each, and equal ones folded into one. */

import { keyOf } from '../core/entity.ts';
import { SEVERITIES } from '../core/severity.ts';
import type { Case, Entity, Role, Step } from '../core/words.ts';
import { ROLES } from './wording.ts';

/** A step with the equal ones that it stands for. */
export interface Told {
  readonly step: Step;
  readonly also: readonly Entity[];
  readonly alike: number;
}

/** Two of a kind are told one by one; from here on they are folded. */
const FOLDED_FROM = 3;

/** Damage before circumstances: when space is short, an account's history waits. */
const TOLD_FIRST: readonly Role[] = ['entry', 'foothold', 'process', 'effect', 'victim', 'persistence', 'account', 'explanation'];

export function picked(story: Case, atMost: number): { readonly steps: readonly Told[]; readonly left: number } {
  const weigh = weights(story);
  const folded = fold(story.chain, weigh);
  const lanes = TOLD_FIRST.map((role) => folded.filter((told) => told.step.role === role).sort((a, b) => weigh(b.step) - weigh(a.step)));
  const chosen = new Set<Told>();
  for (let round = 0; chosen.size < atMost && lanes.some((lane) => lane.length > round); round += 1) {
    for (const lane of lanes) {
      const told = lane[round];
      if (told && chosen.size < atMost) chosen.add(told);
    }
  }
  return { steps: folded.filter((told) => chosen.has(told)), left: folded.length - chosen.size };
}

/** How much a step matters: what its finding claims (a way in that worked outweighs a thousand tries), then how bad it is. */
function weights(story: Case): (step: Step) => number {
  const known = new Map<string, number>();
  for (const fact of story.facts) known.set(fact.says, fact.severity ? SEVERITIES.indexOf(fact.severity) : 0);
  for (const finding of story.findings) {
    const weight = SEVERITIES.indexOf(finding.severity) + (finding.tells === 'compromise' ? SEVERITIES.length : 0);
    known.set(finding.says, Math.max(known.get(finding.says) ?? 0, finding.explained ? 0 : weight));
  }
  return (step) => (known.get(step.says) ?? 0) + (step.at === null ? 0 : 0.5);
}

function fold(chain: readonly Step[], weigh: (step: Step) => number): Told[] {
  const kinds = new Map<string, Step[]>();
  for (const step of chain) {
    const kind = kindOf(step);
    const same = kinds.get(kind);
    if (same) same.push(step);
    else kinds.set(kind, [step]);
  }
  const told = [...kinds.values()].flatMap((same) => (same.length < FOLDED_FROM ? same.map(alone) : [stands(same, weigh)]));
  const place = new Map(chain.map((step, index) => [step, index]));
  return told.sort((a, b) => (place.get(a.step) ?? 0) - (place.get(b.step) ?? 0));
}

function alone(step: Step): Told {
  return { step, also: [], alike: 0 };
}

function stands(same: readonly Step[], weigh: (step: Step) => number): Told {
  const step = same.reduce((worst, other) => (weigh(other) > weigh(worst) ? other : worst));
  const others = same.filter((other) => other !== step);
  const seen = new Set([keyOf(step.entity)]);
  const also = others.map((other) => other.entity).filter((entity) => !seen.has(keyOf(entity)) && seen.add(keyOf(entity)));
  return { step, also, alike: others.length };
}

/** The sentence without its numbers and without the name of its thing: "process # (…) runs …". */
function kindOf(step: Step): string {
  const { entity } = step;
  const name = entity.is === 'address' ? entity.ip : 'path' in entity ? entity.path : 'name' in entity ? (entity.name ?? '') : '';
  const bare = name === '' ? step.says : step.says.replaceAll(name, '…');
  return `${ROLES.indexOf(step.role)} ${entity.is} ${bare.slice(0, 400).replace(/\d+/g, '#')}`;
}
