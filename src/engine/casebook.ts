/** Joins findings into cases by what they accuse, and lets probes walk on from there; what a walk leads to belongs to the same case. */

import type { Given, Probe } from '../core/contracts.ts';
import { keyOf } from '../core/entity.ts';
import { isQueryFlood } from '../core/query-flood.ts';
import { cameBySsh } from '../core/service-kind.ts';
import type { Entity, Fact, Finding } from '../core/words.ts';
import { joinBelongings } from './belongings.ts';
import { joinToEntries } from './entered.ts';
import { Groups, type Ties, ties, tyingKeys } from './ties.ts';
import { type Walk, walkFrom } from './walk.ts';

/** A case before it is told: what was found, what was looked up, and whether a bound cut the walk short. */
export interface Draft {
  readonly findings: readonly Finding[];
  readonly facts: readonly Fact[];
  readonly entities: readonly Entity[];
  readonly cutShort: boolean;
}

const SENDS: ReadonlySet<string> = new Set(['outbound-scan', 'outbound-flood']);
const FILLED: ReadonlySet<string> = new Set(['conntrack-filling', 'conntrack-full']);

export function casebook(findings: readonly Finding[], probes: readonly Probe[], given: Given, subject: Entity | null): Draft[] {
  const tie = ties(given);
  const groups = new Groups();
  for (const finding of findings) {
    for (const key of tyingKeys(finding.culprit, tie)) groups.join(mark(finding), key);
  }
  joinFullTable(findings, groups, tie);
  joinBelongings(findings, given, opens, (one, other) => groups.join(mark(one), mark(other)));
  joinToEntries(findings, given, opens, (one, other) => groups.join(mark(one), mark(other)));
  joinOwnerless('changed-package-file', accused, findings, groups);
  joinOwnerless('deleted-logs', (finding) => accused(finding) && finding.role === 'entry', findings, groups);
  joinOwnerless('listening-card', (finding) => accused(finding) && finding.detector === 'raw-socket', findings, groups);
  const walks = new Map<string, Walk>();
  for (const group of grouped(findings, groups)) {
    if (group.some(deservesWalk))
      walks.set(
        mark(group[0]),
        walkFrom(
          group.flatMap((finding) => finding.culprit),
          group,
          probes,
          given,
        ),
      );
  }
  if (subject) walks.set(`subject ${keyOf(subject)}`, walkSubject(subject, findings, probes, given, groups));
  for (const [start, walk] of walks) {
    for (const key of tyingKeys(
      walk.facts.flatMap((fact) => fact.leadsTo),
      tie,
    ))
      groups.join(start, key);
  }
  joinFullToIntruder(findings, groups, tie);
  joinNoise(findings, groups);
  joinQueryFloods(findings, groups);
  return withDoors(gather(findings, groups, walks), findings, tie);
}

function mark(finding: Finding | undefined): string {
  return `finding ${finding?.id}`;
}

/** Severity `info`, mere exposure and what is explained open no case; they join one that their culprits belong to. */
function opens(finding: Finding): boolean {
  return finding.severity !== 'info' && finding.tells !== 'exposure' && !finding.explained;
}

/** Guessing alone is told by the logs; a walk from each of a thousand guessers would find nothing more. */
function deservesWalk(finding: Finding): boolean {
  return opens(finding) && finding.tells !== 'attack';
}

function walkSubject(subject: Entity, findings: readonly Finding[], probes: readonly Probe[], given: Given, groups: Groups): Walk {
  const about = findings.filter((finding) => finding.culprit.some((entity) => keyOf(entity) === keyOf(subject)));
  groups.join(`subject ${keyOf(subject)}`, keyOf(subject));
  for (const finding of about) groups.join(`subject ${keyOf(subject)}`, mark(finding));
  return walkFrom([subject], about, probes, given);
}

/** A full connection table has no culprit of its own: it belongs to the one case that sends out, or stands alone. */
function joinFullTable(findings: readonly Finding[], groups: Groups, tie: Ties): void {
  const senders = findings.filter((finding) => SENDS.has(finding.detector) && opens(finding) && !finding.explained);
  const owners = new Set(senders.map((finding) => groups.of(mark(finding))));
  const full = findings.filter((finding) => FILLED.has(finding.detector) && tyingKeys(finding.culprit, tie).length === 0);
  const owner = owners.size === 1 ? senders[0] : full[0];
  for (const finding of full) groups.join(mark(owner), mark(finding));
}

/** Where nothing is known that sends out, a table that filled while the one intruder of this host was at work is his doing. */
function joinFullToIntruder(findings: readonly Finding[], groups: Groups, tie: Ties): void {
  if (findings.some((finding) => SENDS.has(finding.detector) && opens(finding))) return;
  const full = findings.filter((finding) => FILLED.has(finding.detector) && opens(finding) && tyingKeys(finding.culprit, tie).length === 0);
  const others = findings.filter((finding) => accused(finding) && !full.includes(finding));
  const works = others.find((finding) => finding.role !== 'entry' && finding.role !== 'account');
  if (!works || new Set(others.map((finding) => groups.of(mark(finding)))).size !== 1) return;
  const since = Math.min(...others.map((finding) => finding.at));
  for (const finding of full) if ((finding.to ?? finding.at) >= since) groups.join(mark(works), mark(finding));
}

/** Exchanged system files, deleted logs and listening cards have no culprit either: whoever is at work here is the one who can have done it, when there is only one. */
function joinOwnerless(detector: string, owns: (finding: Finding) => boolean, findings: readonly Finding[], groups: Groups): void {
  const found = findings.filter((finding) => finding.detector === detector && opens(finding));
  const others = findings.filter((finding) => owns(finding) && !found.includes(finding));
  const owners = new Set(others.map((finding) => groups.of(mark(finding))));
  const owner = owners.size === 1 ? others[0] : found[0];
  for (const finding of found) groups.join(mark(owner), mark(finding));
}

function accused(finding: Finding): boolean {
  return finding.tells === 'compromise' && opens(finding) && finding.severity !== 'low';
}

/** Why somebody could get in (sshd open to the world) accuses nobody; it explains every case that has a way in. */
function withDoors(drafts: readonly Draft[], findings: readonly Finding[], tie: Ties): Draft[] {
  const doors = findings.filter((finding) => finding.tells === 'exposure' && tyingKeys(finding.culprit, tie).length === 0);
  const entered = (draft: Draft) =>
    draft.findings.some((finding) => finding.role === 'entry' && finding.tells === 'compromise' && !finding.explained && cameBySsh(finding));
  return drafts.map((draft) => (entered(draft) ? { ...draft, findings: [...new Set([...draft.findings, ...doors])] } : draft));
}

/** Guessing in which nobody got in asks for one answer, however many addresses took part. */
function joinNoise(findings: readonly Finding[], groups: Groups): void {
  const noise = grouped(findings, groups).filter((group) => group.every((finding) => finding.tells === 'attack' && finding.role === 'entry'));
  for (const group of noise) groups.join(mark(noise[0]?.[0]), mark(group[0]));
}

/** One name server is flooded: whatever the names, it asks for one answer. */
function joinQueryFloods(findings: readonly Finding[], groups: Groups): void {
  const floods = findings.filter((finding) => isQueryFlood(finding) && opens(finding));
  for (const flood of floods) groups.join(mark(floods[0]), mark(flood));
}

function grouped(findings: readonly Finding[], groups: Groups): Finding[][] {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const root = groups.of(mark(finding));
    const group = found.get(root);
    if (group) group.push(finding);
    else found.set(root, [finding]);
  }
  return [...found.values()];
}

/** Everything of one group, and the facts of all walks that ended up in it. Groups that open no case are left out. */
function gather(findings: readonly Finding[], groups: Groups, walks: ReadonlyMap<string, Walk>): Draft[] {
  const walksOf = new Map<string, Walk[]>();
  for (const [start, walk] of walks) walksOf.set(groups.of(start), [...(walksOf.get(groups.of(start)) ?? []), walk]);
  const drafts: Draft[] = [];
  for (const group of grouped(findings, groups)) {
    const root = groups.of(mark(group[0]));
    if (group.some(opens) || walksOf.has(root)) drafts.push(draftOf(group, walksOf.get(root) ?? []));
    walksOf.delete(root);
  }
  return [...drafts, ...[...walksOf.values()].map((rest) => draftOf([], rest))];
}

function draftOf(findings: readonly Finding[], walks: readonly Walk[]): Draft {
  const facts = new Map(walks.flatMap((walk) => walk.facts).map((fact) => [`${fact.probe} ${keyOf(fact.about)} ${fact.says}`, fact]));
  const entities = new Map(
    [...walks.flatMap((walk) => walk.entities), ...findings.flatMap((finding) => finding.culprit)].map((entity) => [keyOf(entity), entity]),
  );
  return { findings, facts: [...facts.values()], entities: [...entities.values()], cutShort: walks.some((walk) => walk.cutShort) };
}
