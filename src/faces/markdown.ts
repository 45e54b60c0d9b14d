/** The report handed to a colleague: the same story complete, as Markdown in which nothing that the attacker chose is markup. */

import type { Case, Coverage, Evidence, Fact, Finding, Proposal, Report, Step } from '../core/words.ts';
import { doorWords, openDoors } from './doors.ts';
import { visible } from './visible.ts';
import { clock, utc } from './when.ts';
import { byState, explainedBy, looseFindings, orderWords, quote, ROLE_WORDS, readWords, reference, spanWords, verdictWords } from './wording.ts';

export function markdown(report: Report): string {
  const loose = looseFindings(report);
  const parts = [
    `# ${report.verdict.toUpperCase()}: ${plain(report.host)}`,
    `${plain(verdictWords(report) + doorWords(report))}. Looked at: ${plain(spanWords(report))}. Cases: ${report.cases.length}. Written by Tocsin ${plain(report.version)}; all times are UTC.`,
    ...report.cases.map((story, index) => caseText(story, index + 1)),
    section('Open doors', list(openDoors(report).flatMap((door) => [door.says, ...(door.remedy ?? [])]))),
    ...(loose.length > 0 ? [`## Findings that made no case`, findingTable(loose)] : []),
    '## What was looked at',
    `Read: ${readWords(report.coverage)}. What could not be read comes first; nothing of it is known to be clean.`,
    coverageTable(report.coverage),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function caseText(story: Case, number: number): string {
  const reason = explainedBy(story);
  const lines = [
    `## Case ${number}: ${plain(story.title)}`,
    `${story.severity.toUpperCase()}, evidence ${story.confidence}, ${story.state}, since ${utc(story.openedAt)}, ${plain(story.id)}${story.attack.length > 0 ? `, ATT\\&CK ${story.attack.map((id) => plain(id)).join(', ')}` : ''}.`,
    reason === null ? '' : `Probably harmless in part: ${plain(reason)}.`,
    section('What happened', table(['Time (UTC)', 'Role', 'What', 'Evidence'], story.chain.map(stepRow))),
    section('What to do now', proposalList(story.proposes)),
    section('What a person must do', list(story.recommends)),
    section('What is not known', list(story.gaps)),
    section('Evidence', evidenceTable(story)),
    section('Findings', findingTable(story.findings)),
    section('Looked up', table(['Time (UTC)', 'Probe', 'What', 'Sure', 'Evidence'], story.facts.map(factRow))),
  ];
  return lines.filter(Boolean).join('\n\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `### ${title}\n\n${body}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${plain(line)}`).join('\n');
}

function stepRow(step: Step): string[] {
  return [clock(step.at), ROLE_WORDS[step.role], plain(step.says), references(step.evidence)];
}

function factRow(fact: Fact): string[] {
  return [clock(fact.at), plain(fact.probe), plain(fact.says), fact.confidence, references(fact.evidence)];
}

function references(evidence: readonly Evidence[]): string {
  const more = evidence.length > 5 ? ` and ${evidence.length - 5} more below` : '';
  return `${evidence
    .slice(0, 5)
    .map((one) => plain(reference(one)))
    .join(', ')}${more}`;
}

function proposalList(proposals: readonly Proposal[]): string {
  return proposals
    .map(
      (proposal, index) =>
        `${index + 1}. **${plain(orderWords(proposal.order))}**\n   - why: ${plain(proposal.because)}\n   - risk: ${plain(proposal.risk)}\n   - undo: ${plain(proposal.undo)}`,
    )
    .join('\n');
}

/** Each place once, in the order of the chain, with what stands there. */
function evidenceTable(story: Case): string {
  const all = [...story.chain, ...story.findings, ...story.facts].flatMap((teller) => teller.evidence);
  const rows = new Map<string, string[]>();
  for (const one of all) {
    const row = [plain(reference(one)), one.at === undefined ? '' : clock(one.at), plain(quote(one))];
    rows.set(row.join('\u0000'), row);
  }
  return table(['Where', 'Time (UTC)', 'What it says'], [...rows.values()]);
}

function findingTable(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    clock(finding.at),
    `${finding.severity}, ${finding.confidence}`,
    plain(finding.detector),
    `${plain(finding.says)}${finding.explained ? ` (explained: ${plain(finding.explained)})` : ''}`,
    Object.entries(finding.figures ?? {})
      .map(([name, value]) => `${plain(name)} ${plain(String(value))}`)
      .join(', '),
    finding.attack.map((id) => plain(id)).join(', '),
  ]);
  return table(['Time (UTC)', 'How bad, how sure', 'Detector', 'What', 'Figures', 'ATT&CK'], rows);
}

function coverageTable(coverage: readonly Coverage[]): string {
  const rows = byState(coverage).map((entry) => [
    entry.state,
    plain(entry.source),
    plain(entry.detail),
    entry.lines === undefined ? '' : String(entry.lines),
    entry.from === undefined && entry.to === undefined ? '' : `${clock(entry.from)} to ${clock(entry.to)}`,
  ]);
  return table(['State', 'Source', 'Detail', 'Lines', 'Time (UTC)'], rows);
}

/** Headers are ours; cells are escaped already. */
function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = [headers.map(plain), headers.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Text that Markdown takes for nothing but text: CommonMark lets every ASCII punctuation be escaped by a backslash. `&` would name a
 * character, `$` is mathematics on some hosts; `://`, `www.` and `@` become links by themselves (GFM, autolinks). At the start a sign or
 * number would begin a list.
 */
function plain(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]<>|#!~&$@]/g, '\\$&')
    .replace(/:\/\//g, ':\\/\\/')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}\\.`)
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}
