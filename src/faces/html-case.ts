/** One case on the page: chain, drawing, process tree, what to do, what is not known, and all that stands behind it. */

import type { Case, Evidence, Fact, Finding, Step } from '../core/words.ts';
import { plainList, safe, table } from './html-text.ts';
import { processTree } from './process-tree.ts';
import { timeline } from './timeline.ts';
import { clock, iso, utc } from './when.ts';
import { explainedBy, orderWords, quote, ROLE_WORDS, reference, weighs } from './wording.ts';

/** Evidence that stands open below a step; the rest folds away. */
const OPEN_AT_MOST = 3;

export function caseArticle(story: Case, index: number): string {
  const id = `case-${index + 1}`;
  const body = weighs(story) ? caseBody(story) : `<details><summary>Little or no weight: show it all the same</summary>${caseBody(story)}</details>`;
  return `<article id="${id}" class="${story.severity}" aria-labelledby="${id}-title">
<p><span class="badge ${story.severity}">${story.severity}</span><span class="badge plain">evidence ${story.confidence}</span><span class="badge plain">${story.state}</span>${story.attack.map((technique) => `<span class="badge plain">${safe(technique, 40)}</span>`).join('')}</p>
<h2 id="${id}-title">${safe(story.title)}</h2>
<p class="dim">Case ${safe(story.id, 60)}, since ${utc(story.openedAt)}. ${explained(story)}</p>
${body}
</article>`;
}

function explained(story: Case): string {
  const reason = explainedBy(story);
  return reason === null ? '' : `${weighs(story) ? 'Partly explained' : 'Probably harmless'}: ${safe(reason)}.`;
}

function caseBody(story: Case): string {
  const tree = processTree(story);
  const drawing = timeline(story);
  return [
    story.chain.length > 0 ? `<h3>What happened</h3>\n<ol class="chain">\n${story.chain.map(stepItem).join('\n')}\n</ol>` : '',
    drawing === '' ? '' : `<h3>In time</h3>\n${drawing}`,
    tree === '' ? '' : `<h3>Processes, below those that started them</h3>\n${tree}`,
    orders(story),
    plainList('What a person must do', story.recommends, 'recommends'),
    plainList('What is not known', story.gaps, 'gaps'),
    folded(`Findings (${story.findings.length})`, findingTable(story.findings)),
    folded(`Looked up (${story.facts.length})`, factTable(story.facts)),
  ]
    .filter(Boolean)
    .join('\n');
}

function folded(summary: string, body: string): string {
  return body === '' ? '' : `<details><summary>${safe(summary)}</summary>${body}</details>`;
}

function stepItem(step: Step): string {
  const at = iso(step.at);
  const when = at === null ? `<span class="when">time unknown</span>` : `<time class="when" datetime="${at}">${clock(step.at)}</time>`;
  return `<li class="${step.role}">${when}<span class="role">${ROLE_WORDS[step.role]}</span>${safe(step.says)}${evidenceList(step.evidence)}</li>`;
}

function evidenceList(evidence: readonly Evidence[]): string {
  const items = evidence.map(evidenceItem);
  const open = items.slice(0, OPEN_AT_MOST);
  const rest = items.slice(OPEN_AT_MOST);
  if (open.length === 0) return '';
  const more =
    rest.length > 0 ? `<details class="more"><summary>${rest.length} more</summary><ul class="evidence">${rest.join('\n')}</ul></details>` : '';
  return `<ul class="evidence">${open.join('\n')}</ul>${more}`;
}

function evidenceItem(evidence: Evidence): string {
  const at = evidence.at === undefined ? '' : ` <span class="dim">${clock(evidence.at)}</span>`;
  return `<li><code>${safe(reference(evidence), 300)}</code>${at}${evidence.says ? ` <q>${safe(quote(evidence))}</q>` : ''}</li>`;
}

function orders(story: Case): string {
  const rows = story.proposes.map((proposal) => [
    `<b>${safe(orderWords(proposal.order))}</b>`,
    safe(proposal.because),
    safe(proposal.risk),
    safe(proposal.undo),
  ]);
  const body = table(['Order', 'Why', 'Risk', 'How it is taken back'], rows, 'In this order. Nothing of it was done.');
  return body === '' ? '' : `<h3>What to do now</h3>\n${body}`;
}

export function findingTable(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    clock(finding.at),
    `<span class="badge ${finding.severity}">${finding.severity}</span> ${finding.confidence}`,
    `<code>${safe(finding.detector, 80)}</code>`,
    `${safe(finding.says)}${finding.explained ? `<br><span class="dim">Explained: ${safe(finding.explained)}</span>` : ''}${evidenceList(finding.evidence)}`,
    figures(finding),
    finding.attack.map((technique) => safe(technique, 40)).join(', '),
  ]);
  return table(
    ['Time (UTC)', 'How bad, how sure', 'Detector', 'What', 'Figures', 'ATT&CK'],
    rows,
    'What the detectors claim, and where it can be checked.',
  );
}

function figures(finding: Finding): string {
  return Object.entries(finding.figures ?? {})
    .map(([name, value]) => `${safe(name, 80)}&nbsp;${safe(value, 200)}`)
    .join('<br>');
}

function factTable(facts: readonly Fact[]): string {
  const rows = facts.map((fact) => [
    clock(fact.at),
    `<code>${safe(fact.probe, 80)}</code>`,
    `${safe(fact.says)}${fact.gap ? `<br><span class="dim">Not known: ${safe(fact.gap)}</span>` : ''}${evidenceList(fact.evidence)}`,
    fact.confidence,
  ]);
  return table(['Time (UTC)', 'Probe', 'What', 'Sure'], rows, 'What was looked up about each thing the case names.');
}
