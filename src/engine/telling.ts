/** Turns what a case holds into what a person reads first: how bad, how sure, one sentence, what stays unknown, and the verdict. */

import type { Given, Policy } from '../core/contracts.ts';
import { calledIt, nameOf } from '../core/entity.ts';
import { interpreter } from '../core/running.ts';
import { atLeast, graver, SEVERITIES } from '../core/severity.ts';
import { counted, named, shown } from '../core/text.ts';
import type { Case, Confidence, Finding, Proposal, Severity, Verdict } from '../core/words.ts';
import type { Draft } from './casebook.ts';
import { chainOf } from './chain.ts';
import { gapsOf } from './gaps.ts';
import { guarded } from './guard.ts';
import { guessTitle } from './guess-title.ts';

const CONFIDENCES: readonly Confidence[] = ['weak', 'medium', 'strong'];

/** `entries` are all the ways in that were found: guessers of one case may belong to another's. */
export function told(draft: Draft, policies: readonly Policy[], given: Given, entries: readonly Finding[] = []): Case {
  const findings = [...draft.findings].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.at - b.at);
  const chain = chainOf(findings, draft.facts);
  const acts = findings.filter((finding) => finding.tells !== 'exposure');
  const acted = (acts.length > 0 ? acts : findings).map((finding) => finding.from ?? finding.at);
  const times = acted.length > 0 ? acted : draft.facts.flatMap((fact) => fact.at ?? []);
  const bare: Case = {
    id: `TOC-${fingerprint(findings.map((finding) => `${finding.detector} ${finding.key}`).sort()[0] ?? draft.entities.map((e) => JSON.stringify(e)).join())}`,
    title: titleOf(findings, draft, given, entries),
    state: 'open',
    severity: severityOf(findings),
    confidence: confidenceOf(findings),
    openedAt: times.length > 0 ? times.reduce((first, at) => Math.min(first, at)) : (given.history.from ?? given.eyes.now()),
    chain,
    findings,
    facts: draft.facts,
    attack: [...new Set(findings.filter((finding) => !finding.explained).flatMap((finding) => finding.attack))].sort(),
    proposes: [],
    gaps: gapsOf(draft, chain, given),
    recommends: [],
  };
  const advice = policies.map((policy) => decided(policy, bare, given));
  const { proposes, recommends } = guarded(distinct(advice.flatMap((said) => said.proposes)), given);
  return {
    ...bare,
    proposes: inOrder(proposes),
    recommends: [...new Set([...advice.flatMap((said) => said.recommends), ...recommends])],
    gaps: [...bare.gaps, ...advice.flatMap((said) => said.gap ?? [])],
  };
}

/** A policy that stumbles costs its own orders and not the case. */
function decided(policy: Policy, story: Case, given: Given): ReturnType<Policy['decide']> & { readonly gap?: string } {
  try {
    return policy.decide(story, given);
  } catch (error) {
    return { proposes: [], recommends: [], gap: `${policy.name} failed, so its orders are missing here: ${shown(String(error), 200)}` };
  }
}

/** The worst finding counts; a way in together with something that runs is worse than either. What is explained stays low. */
function severityOf(findings: readonly Finding[]): Severity {
  const real = findings.filter((finding) => !finding.explained);
  if (real.length === 0) return findings.some((finding) => finding.severity !== 'info') ? 'low' : 'info';
  const worst = real.map((finding) => finding.severity).reduce(graver, 'info');
  const compromise = real.filter((finding) => finding.tells === 'compromise' && atLeast(finding.severity, 'medium'));
  const entered = compromise.some((finding) => finding.role === 'entry');
  const runs = compromise.some((finding) => finding.role !== 'entry' && finding.role !== 'account');
  return entered && runs ? 'critical' : worst;
}

/** Two good witnesses of different kinds are as good as one strong one. */
function confidenceOf(findings: readonly Finding[]): Confidence {
  const real = findings.filter((finding) => !finding.explained && finding.severity !== 'info');
  const best = real.map((finding) => CONFIDENCES.indexOf(finding.confidence)).reduce((a, b) => Math.max(a, b), 0);
  const witnesses = new Set(real.filter((finding) => finding.confidence !== 'weak').map((finding) => finding.detector));
  return CONFIDENCES[Math.min(2, best === 1 && witnesses.size > 1 ? 2 : best)] ?? 'weak';
}

function distinct(proposals: readonly Proposal[]): Proposal[] {
  return [...new Map(proposals.map((proposal) => [JSON.stringify(proposal.order), proposal])).values()];
}

/** First nothing may move any more, then the evidence, then the doors, then the clearing up; settings come last. */
const ORDERS: readonly Proposal['order']['verb'][] = [
  'freeze-tree',
  'block-egress',
  'save-evidence',
  'end-sessions',
  'lock-account',
  'ban-address',
  'disable-persistence',
  'kill-tree',
  'quarantine-directory',
  'quarantine-file',
  'raise-conntrack-limit',
  'harden-sshd',
];

function inOrder(proposals: readonly Proposal[]): Proposal[] {
  return [...proposals].sort((a, b) => ORDERS.indexOf(a.order.verb) - ORDERS.indexOf(b.order.verb));
}

function titleOf(findings: readonly Finding[], draft: Draft, given: Given, entries: readonly Finding[]): string {
  const of = (detector: string) => findings.find((finding) => finding.detector === detector && !finding.explained);
  const entry = of('entry-after-guessing');
  const runs = of('attack-kit') ?? of('hidden-place') ?? of('masquerade') ?? of('deleted-executable') ?? of('many-instances');
  const does = of('outbound-scan') ?? of('outbound-flood');
  const parts = [entry ? entryWords(entry) : '', runs || does ? runsWords(runs ?? does, given) : '', does ? effectWords(does) : ''].filter(Boolean);
  if (parts.length > 0) return parts.join('; ');
  const guessing = findings.filter((finding) => finding.tells === 'attack' && finding.role === 'entry');
  if (guessing.length > 0 && guessing.length === findings.filter((finding) => opensTitle(finding)).length)
    return guessTitle(guessing, given, entries);
  return findings[0]?.says ?? `what is known of ${draft.entities[0] ? calledIt(draft.entities[0]) : 'it'}`;
}

function opensTitle(finding: Finding): boolean {
  return finding.severity !== 'info' && finding.tells !== 'exposure';
}

function entryWords(entry: Finding): string {
  const account = entry.culprit.find((entity) => entity.is === 'account') ?? entry.victim.find((entity) => entity.is === 'account');
  const address = entry.culprit.find((entity) => entity.is === 'address');
  return `${account ? calledIt(account) : 'an account'} was entered from ${address ? calledIt(address) : 'an unknown address'} after guessing`;
}

function runsWords(runs: Finding | undefined, given: Given): string {
  const program = runs?.culprit.find((entity) => entity.is === 'file');
  const place = runs?.culprit.find((entity) => entity.is === 'directory');
  if (program && !interpreter(program.path))
    return `${named(nameOf(program.path))} ${given.eyes.host.live ? 'runs from' : 'lies in'} ${named(program.path.slice(0, program.path.lastIndexOf('/')) || '/')}`;
  if (place) return runs?.detector === 'attack-kit' ? `an attack kit lies in ${named(place.path)}` : `a program works in ${named(place.path)}`;
  return '';
}

function effectWords(does: Finding): string {
  const targets = Number(does.figures?.['distinctTargets'] ?? 0);
  const port = does.figures?.['port'];
  if (does.detector === 'outbound-flood') return 'it floods the network';
  return `it scans ${targets > 0 ? counted(targets, 'address', 'addresses') : 'other hosts'}${port ? ` on port ${port}` : ''}`;
}

/** FNV-1a, 32 bits: the same case has the same name in every look. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

export function verdictOf(cases: readonly Case[]): Verdict {
  const tells = (kind: Finding['tells'], floor: Severity) =>
    cases.some(
      (story) =>
        atLeast(story.severity, floor) &&
        story.findings.some((finding) => !finding.explained && finding.tells === kind && atLeast(finding.severity, floor)),
    );
  if (tells('compromise', 'medium')) return 'compromised';
  return tells('attack', 'low') || tells('oddity', 'medium') ? 'attacked' : 'clean';
}

/** Worst first, then oldest first. */
export function byWeight(cases: readonly Case[]): Case[] {
  return [...cases].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.openedAt - b.openedAt);
}
