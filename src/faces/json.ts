/** The report for other programs: one JSON object, whose text is safe to print on a terminal too. */

import type { Case, Coverage, Evidence, Fact, Finding, Report, Step } from '../core/words.ts';
import { iso } from './when.ts';

/**
 * What JSON.stringify leaves as it is but a terminal could obey: DEL, C1, line separators, bidirectional overrides, zero width,
 * invisible tags. C0 and lone surrogates it escapes by itself (ECMA-262, QuoteJSONString).
 */
const OBEYED = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

export function json(report: Report): string {
  const told = {
    tocsin: report.version,
    host: report.host,
    from: iso(report.from),
    to: iso(report.to),
    verdict: report.verdict,
    cases: report.cases.map(caseOf),
    findings: report.findings.map(findingOf),
    coverage: report.coverage.map(coverageOf),
  };
  return JSON.stringify(told, null, 2).replace(OBEYED, escaped);
}

/** Every such character stands inside a string, so that an escape means the same. */
function escaped(characters: string): string {
  return [...characters].flatMap((whole) => Array.from({ length: whole.length }, (_, index) => unit(whole.charCodeAt(index)))).join('');
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

function caseOf(story: Case): unknown {
  return {
    ...story,
    openedAt: iso(story.openedAt),
    chain: story.chain.map(stepOf),
    findings: story.findings.map(findingOf),
    facts: story.facts.map(factOf),
  };
}

function stepOf(step: Step): unknown {
  return { ...step, at: iso(step.at), evidence: step.evidence.map(evidenceOf) };
}

function findingOf(finding: Finding): unknown {
  return {
    ...finding,
    at: iso(finding.at),
    ...(finding.from === undefined ? {} : { from: iso(finding.from) }),
    ...(finding.to === undefined ? {} : { to: iso(finding.to) }),
    evidence: finding.evidence.map(evidenceOf),
  };
}

function factOf(fact: Fact): unknown {
  return { ...fact, at: iso(fact.at), evidence: fact.evidence.map(evidenceOf) };
}

function evidenceOf(evidence: Evidence): unknown {
  return { ...evidence, ...(evidence.at === undefined ? {} : { at: iso(evidence.at) }) };
}

function coverageOf(entry: Coverage): unknown {
  return {
    ...entry,
    ...(entry.from === undefined ? {} : { from: iso(entry.from) }),
    ...(entry.to === undefined ? {} : { to: iso(entry.to) }),
  };
}
