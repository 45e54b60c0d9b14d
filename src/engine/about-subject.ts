/** Which cases speak of the thing that was asked about: whoever was looked at and cleared in a case is not in it. */

import { calledIt, keyOf } from '../core/entity.ts';
import type { Case, Entity, Step } from '../core/words.ts';

/** Names those that others' log-ins in a case leave without suspicion. */
const CLEARS = 'cleared-accounts';
const NAMED = 3;

export function aboutSubject(cases: readonly Case[], subject: Entity): Case[] {
  const key = keyOf(subject);
  const about = cases.filter((story) => speaksOf(story, key));
  const clearing = cases.filter((story) => !about.includes(story) && clears(story).some((fact) => keyOf(fact.entity ?? fact.about) === key));
  if (clearing.length === 0) return about;
  const step: Step = {
    role: 'explanation',
    entity: subject,
    at: null,
    says: `${calledIt(subject)} was looked at and cleared in ${clearing
      .slice(0, NAMED)
      .map((story) => `case ${story.id} (${story.title})`)
      .join(' and ')}; the report without a subject tells it`,
    evidence: [],
  };
  return about.map((story, index) => (index === 0 ? { ...story, chain: [...story.chain, step] } : story));
}

function clears(story: Case): Case['facts'] {
  return story.facts.filter((fact) => fact.probe === CLEARS);
}

function speaksOf(story: Case, key: string): boolean {
  const cleared = new Set(clears(story).map((fact) => `${keyOf(fact.entity ?? fact.about)} ${fact.says}`));
  const entities = [
    ...story.chain.flatMap((step) => (cleared.has(`${keyOf(step.entity)} ${step.says}`) ? [] : [step.entity])),
    ...story.facts.map((fact) => fact.about),
    ...story.findings.flatMap((finding) => [...finding.culprit, ...finding.victim]),
  ];
  return entities.some((entity) => keyOf(entity) === key);
}
