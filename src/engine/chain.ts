/** Tells a case as a chain: the steps from the way in to the damage, in the order of time, each with its evidence. */

import { addressesAmong, keyOf } from '../core/entity.ts';
import { isQueryFlood } from '../core/query-flood.ts';
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
    ...facts.flatMap((fact) => (fact.role && !toldBy(others, fact) && !sameLines(others, fact) ? [stepOfFact(fact, fact.role)] : [])),
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

/** What was done to an account stands in log lines: where a finding tells all of them, it is not told line by line too. */
function sameLines(findings: readonly Finding[], { role, evidence }: Fact): boolean {
  if (role !== 'account' || evidence.length === 0) return false;
  const told = new Set(findings.flatMap((finding) => finding.evidence.map(({ source, line }) => `${source}:${line}`)));
  return evidence.every(({ source, line }) => line !== undefined && told.has(`${source}:${line}`));
}

function stepOfFact(fact: Fact, role: Role): Step {
  return { role, entity: fact.entity ?? fact.about, at: fact.at, says: fact.says, evidence: fact.evidence };
}

/** What is told of one guesser: the same tries may be password guessing and a search for names. */
interface Guesses {
  readonly findings: Finding[];
  tries: number;
}

/** The loudest guessers one by one, the rest in one step, so that a thousand addresses do not hide what they led to. */
function guessSteps(guessing: readonly Finding[]): Step[] {
  const loudest = byGuesser(guessing);
  const steps = loudest
    .slice(0, GUESSERS_TOLD)
    .flatMap(({ findings }) => findings.map((finding): Step => ({ ...stepOfFinding(finding), at: finding.from ?? finding.at })));
  // The many who tried this host a few times each are told: who is known only by a few tries is one of them.
  const whole = guessing.some((finding) => finding.culprit.length > 1 && finding.victim.length === 0);
  const rest = loudest.slice(GUESSERS_TOLD).filter((guesses) => !whole || isWhole(guesses) || isLoud(guesses));
  const findings = rest.flatMap((guesses) => guesses.findings);
  const first = findings[0];
  if (!first) return steps;
  const single = rest.filter((guesses) => !isSpread(guesses));
  // One address may stand in several of the others: the largest of them is certain.
  const spread = rest.filter(isSpread);
  const addresses = [...new Set(findings.flatMap((finding) => addressesAmong(finding.culprit)))];
  const many = single.length + spread.reduce((most, guesses) => Math.max(most, addressesOf(guesses)), 0);
  const tries = single.reduce((sum, guesses) => sum + guesses.tries, 0) + spread.reduce((most, guesses) => Math.max(most, guesses.tries), 0);
  steps.push({
    role: 'entry',
    entity: first.culprit[0] ?? { is: 'unit', name: 'sshd' },
    at: findings.reduce((earliest, finding) => Math.min(earliest, finding.from ?? finding.at), first.at),
    says: `${counted(many, 'more address', 'more addresses')} guessed too (${listed(addresses, 3)}), ${spread.length > 1 ? 'at least ' : ''}${counted(tries, 'try', 'tries')} in all`,
    evidence: findings.flatMap((finding) => finding.evidence.slice(0, 1)).slice(0, EVIDENCE_PER_STEP),
  });
  return steps;
}

/** Findings of one address counted the same lines: together they have the tries of the largest. */
function byGuesser(guessing: readonly Finding[]): Guesses[] {
  const guessers = new Map<string, Guesses>();
  for (const finding of guessing) {
    const only = finding.culprit.length === 1 ? finding.culprit[0] : undefined;
    const key = only ? keyOf(only) : `finding ${finding.id}`;
    const guesses = guessers.get(key) ?? { findings: [], tries: 0 };
    guessers.set(key, guesses);
    guesses.findings.push(finding);
    guesses.tries = Math.max(guesses.tries, finding.seen);
  }
  return [...guessers.values()].sort((a, b) => b.tries - a.tries);
}

function isWhole({ findings }: Guesses): boolean {
  return findings.some((finding) => finding.culprit.length > 1 && finding.victim.length === 0);
}

function isLoud({ findings }: Guesses): boolean {
  return findings.some((finding) => finding.detector === 'password-guessing');
}

function isSpread({ findings }: Guesses): boolean {
  return findings.some((finding) => finding.culprit.length !== 1);
}

/** Culprits are named up to a bound; the figures have them all. */
function addressesOf({ findings }: Guesses): number {
  return findings.reduce((most, finding) => Math.max(most, Number(finding.figures?.['addresses'] ?? finding.culprit.length)), 0);
}

/** Whom it hit, told once for each finding that names victims other than accounts of this host. */
function victims(finding: Finding): Step[] {
  const hit = finding.victim.filter((entity) => entity.is === 'address');
  const first = hit[0];
  if (!first || finding.explained || finding.role === 'entry') return [];
  const names = addressesAmong(hit);
  const total = Number(finding.figures?.['distinctTargets'] ?? hit.length);
  // Who seems to ask a name server was perhaps forged by the one who did.
  const perhaps = isQueryFlood(finding) ? ' probably' : '';
  const says = `${counted(total, `address was${perhaps} a target`, `addresses were${perhaps} targets`)}: ${listed(names, Math.min(10, names.length))}${total > names.length ? ' among others' : ''}`;
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
