/** Tells a case as a chain: the steps from the way in to the damage, in the order of time, each with its evidence. */

import { keyOf } from '../core/entity.ts';
import { counted, listed } from '../core/text.ts';
import type { Fact, Finding, Millis, Role, Step } from '../core/words.ts';

/** What comes first when two steps have the same time, or none. */
const ORDER: readonly Role[] = ['entry', 'account', 'foothold', 'persistence', 'process', 'effect', 'victim', 'explanation'];

/** More guessing addresses than this are told in one step. */
const GUESSERS_TOLD = 8;
const EVIDENCE_PER_STEP = 50;

export function chainOf(findings: readonly Finding[], facts: readonly Fact[]): Step[] {
  const guessing = findings.filter((finding) => finding.tells === 'attack' && finding.role === 'entry');
  const others = findings.filter((finding) => !guessing.includes(finding));
  const steps = [
    ...guessSteps(guessing),
    ...others.map(stepOfFinding),
    ...others.flatMap(victims),
    ...facts.flatMap((fact) => (fact.role && !toldBy(others, fact) ? [stepOfFact(fact, fact.role)] : [])),
  ];
  return inOrder(withoutRepeats(steps));
}

function stepOfFinding(finding: Finding): Step {
  return {
    role: finding.explained ? 'explanation' : finding.role,
    entity: finding.culprit[0] ?? finding.victim[0] ?? { is: 'unit', name: 'kernel' },
    at: finding.at,
    says: finding.explained ? `${finding.says} (${finding.explained})` : finding.says,
    evidence: finding.evidence,
  };
}

/** A log-in that a finding accuses is told by the finding; what probes say of the same log-in stays in the details. */
function toldBy(findings: readonly Finding[], fact: Fact): boolean {
  const { entity } = fact;
  if (fact.role !== 'entry' || entity?.is !== 'address' || fact.probe === 'process-login') return false;
  return findings.some((finding) => finding.role === 'entry' && finding.culprit.some((culprit) => keyOf(culprit) === keyOf(entity)));
}

function stepOfFact(fact: Fact, role: Role): Step {
  return { role, entity: fact.entity ?? fact.about, at: fact.at, says: fact.says, evidence: fact.evidence };
}

/** The loudest guessers one by one, the rest in one step, so that a thousand addresses do not hide what they led to. */
function guessSteps(guessing: readonly Finding[]): Step[] {
  const loudest = [...guessing].sort((a, b) => b.seen - a.seen);
  const steps = loudest.slice(0, GUESSERS_TOLD).map((finding): Step => ({ ...stepOfFinding(finding), at: finding.from ?? finding.at }));
  const rest = loudest.slice(GUESSERS_TOLD);
  const first = rest[0];
  if (!first) return steps;
  const addresses = [...new Set(rest.flatMap((finding) => finding.culprit.flatMap((entity) => (entity.is === 'address' ? [entity.ip] : []))))];
  const tries = rest.reduce((sum, finding) => sum + finding.seen, 0);
  steps.push({
    role: 'entry',
    entity: first.culprit[0] ?? { is: 'unit', name: 'sshd' },
    at: Math.min(...rest.map((finding) => finding.from ?? finding.at)),
    says: `${counted(addresses.length, 'more address', 'more addresses')} guessed too (${listed(addresses, 3)}), ${counted(tries, 'try', 'tries')} in all`,
    evidence: rest.flatMap((finding) => finding.evidence.slice(0, 1)).slice(0, EVIDENCE_PER_STEP),
  });
  return steps;
}

/** Whom it hit, told once for each finding that names victims other than accounts of this host. */
function victims(finding: Finding): Step[] {
  const hit = finding.victim.filter((entity) => entity.is === 'address');
  const first = hit[0];
  if (!first || finding.explained || finding.role === 'entry') return [];
  const names = hit.flatMap((entity) => (entity.is === 'address' ? [entity.ip] : []));
  const total = Number(finding.figures?.['distinctTargets'] ?? hit.length);
  const says = `${counted(total, 'address was a target', 'addresses were targets')}: ${listed(names, Math.min(10, names.length))}${total > names.length ? ' among others' : ''}`;
  return [{ role: 'victim', entity: first, at: finding.at, says, evidence: finding.evidence.slice(0, 5) }];
}

function withoutRepeats(steps: readonly Step[]): Step[] {
  const told = new Map<string, Step>();
  for (const step of steps) {
    const key = `${step.role} ${keyOf(step.entity)} ${step.says}`;
    if (!told.has(key)) told.set(key, step);
  }
  return [...told.values()];
}

function inOrder(steps: readonly Step[]): Step[] {
  const when = (step: Step): Millis => (step.role === 'explanation' ? Number.MAX_SAFE_INTEGER : (step.at ?? Number.MAX_SAFE_INTEGER - 1));
  return [...steps].sort((a, b) => when(a) - when(b) || ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
}
