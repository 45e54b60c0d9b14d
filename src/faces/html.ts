/** The report as one page that can be mailed and printed: no scripts, nothing loaded from anywhere, readable in the light and in the dark. */

import { grouped } from '../core/text.ts';
import type { Case, Coverage, Report } from '../core/words.ts';
import { doorWords, openDoors } from './doors.ts';
import { caseArticle, findingTable } from './html-case.ts';
import { STYLE } from './html-style.ts';
import { safe, table } from './html-text.ts';
import { clock } from './when.ts';
import { byState, looseFindings, readWords, spanWords, unseenWords, verdictWords } from './wording.ts';

/** Should a name ever slip through as markup, the browser still runs and loads nothing. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:`;

export function html(report: Report): string {
  const title = `${report.verdict}: ${report.host}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="tocsin ${safe(report.version)}">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${safe(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${opening(report)}
<main>
${report.cases.map(caseArticle).join('\n')}
${doors(report)}
${loose(report)}
${coverage(report.coverage)}
<footer>Written by Tocsin ${safe(report.version)}. It only looked: nothing on the machine was changed. All times are UTC.</footer>
</main>
</body>
</html>
`;
}

function opening(report: Report): string {
  return `<header>
<h1><span class="verdict ${report.verdict}">${report.verdict.toUpperCase()}</span> ${safe(report.host)}</h1>
<p>${safe(verdictWords(report) + doorWords(report))}. ${report.cases.length === 0 ? 'No case.' : ''}</p>
<p class="dim">Looked at ${safe(spanWords(report))}. Read: ${safe(readWords(report.coverage))}. ${safe(unseenWords(report))}</p>
${contents(report.cases)}
</header>`;
}

function contents(cases: readonly Case[]): string {
  if (cases.length < 2) return '';
  const lines = cases.map(
    (story, index) => `<li><a href="#case-${index + 1}">${safe(story.title, 200)}</a> <span class="dim">${story.severity}</span></li>`,
  );
  return `<nav aria-label="Cases"><ol>${lines.join('\n')}</ol></nav>`;
}

/** What stands open, and what shuts it. */
function doors(report: Report): string {
  const lines = openDoors(report).map(
    (door) => `<li>${safe(door.says)}<ul>${(door.remedy ?? []).map((line) => `<li>${safe(line)}</li>`).join('')}</ul></li>`,
  );
  return lines.length === 0 ? '' : `<section class="plate"><h2>Open doors</h2><ul>${lines.join('\n')}</ul></section>`;
}

/** What no case took in. */
function loose(report: Report): string {
  const findings = looseFindings(report);
  return findings.length === 0 ? '' : `<section class="plate"><h2>Findings that made no case</h2>${findingTable(findings)}</section>`;
}

function coverage(entries: readonly Coverage[]): string {
  const rows = byState(entries).map((entry) => [
    `<span class="${entry.state}">${entry.state}</span>`,
    `<code>${safe(entry.source, 300)}</code>`,
    safe(entry.detail),
    entry.lines === undefined ? '' : grouped(entry.lines),
    entry.from === undefined && entry.to === undefined ? '' : `${clock(entry.from)} to ${clock(entry.to)}`,
  ]);
  const caption = 'What could not be looked at comes first: nothing of it is known to be clean.';
  return `<section class="plate"><h2>What was looked at</h2>${table(['State', 'Source', 'Detail', 'Lines', 'Time (UTC)'], rows, caption) || '<p>Nothing was looked at.</p>'}</section>`;
}
