/** Runs the product inside a lab host as a person would, and reads what it says as a program that knows only its documented JSON. */

import * as path from 'node:path';
import type { How, LabHost, Said } from './host.ts';

/** Times in JSON are ISO 8601 texts. */
export interface SaidEvidence {
  readonly source: string;
  readonly line?: number;
  readonly path?: string;
  readonly says?: string;
}

export interface SaidEntity {
  readonly is: string;
  readonly ip?: string;
  readonly name?: string;
  readonly path?: string;
  readonly pid?: number;
}

export interface SaidStep {
  readonly role: string;
  readonly entity: SaidEntity;
  readonly at: string | null;
  readonly says: string;
  readonly evidence: readonly SaidEvidence[];
}

export interface SaidFinding {
  readonly detector: string;
  readonly severity: string;
  readonly says: string;
  readonly from?: string;
  readonly to?: string;
  readonly culprit: readonly SaidEntity[];
  readonly victim: readonly SaidEntity[];
  readonly figures?: Readonly<Record<string, number | string>>;
  readonly evidence: readonly SaidEvidence[];
  readonly explained?: string;
}

export interface SaidProposal {
  readonly order: {
    readonly verb: string;
    readonly pid?: number;
    readonly alike?: readonly { readonly pid: number }[];
    readonly path?: string;
    readonly name?: string;
    readonly ip?: string;
    readonly line?: number | null;
  };
  readonly because: string;
  readonly risk: string;
  readonly undo: string;
}

export interface SaidCase {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly chain: readonly SaidStep[];
  readonly findings: readonly SaidFinding[];
  readonly facts: readonly { readonly says: string }[];
  readonly attack: readonly string[];
  readonly proposes: readonly SaidProposal[];
  readonly gaps: readonly string[];
  readonly recommends: readonly string[];
}

export interface SaidReport {
  readonly host: string;
  readonly verdict: string;
  readonly tookMs: number;
  readonly cases: readonly SaidCase[];
  readonly findings: readonly SaidFinding[];
  readonly coverage: readonly { readonly source: string; readonly state: string; readonly detail: string }[];
}

export interface Answer extends Said {
  readonly report: SaidReport;
}

const LOUD = ['medium', 'high', 'critical'];

/** Cases that would wake somebody. */
export function loudCases(report: SaidReport): SaidCase[] {
  return report.cases.filter((story) => LOUD.includes(story.severity));
}

export function tocsin(host: LabHost, argv: readonly string[], how: How = {}): Promise<Said> {
  const PATH = `${path.dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return host.run(['/opt/tocsin/bin/tocsin', ...argv], { ...how, environment: { PATH, ...how.environment } });
}

export async function investigate(host: LabHost, argv: readonly string[] = [], how: How = {}): Promise<Answer> {
  const said = await tocsin(host, ['investigate', '--json', ...argv], how);
  try {
    // The shape is the product's documented promise; what is missing fails the assertions that read it.
    return { ...said, report: JSON.parse(said.out) as SaidReport };
  } catch {
    throw new Error(`tocsin investigate --json said no JSON: status ${said.status}: ${said.err.slice(0, 2000)}${said.out.slice(0, 500)}`);
  }
}

/** One line a case, finding and gap: what a failing test prints. */
export function inShort(report: SaidReport): string {
  const lines = [`verdict ${report.verdict}, ${report.tookMs} ms`];
  for (const story of report.cases) {
    lines.push(`case ${story.id} ${story.severity}: ${story.title}`);
    for (const step of story.chain) lines.push(`  ${step.role} ${step.at ?? '-'} ${step.says}`);
    for (const proposal of story.proposes.slice(0, 30)) lines.push(`  propose ${JSON.stringify(proposal.order)}`);
    for (const gap of story.gaps) lines.push(`  gap ${gap}`);
  }
  for (const finding of report.findings.slice(0, 40))
    lines.push(`finding ${finding.detector} ${finding.severity}: ${finding.says}${finding.explained ? ` (${finding.explained})` : ''}`);
  for (const seen of report.coverage) if (seen.state !== 'read') lines.push(`coverage ${seen.source} ${seen.state}: ${seen.detail}`);
  return lines.join('\n').slice(0, 20_000);
}
