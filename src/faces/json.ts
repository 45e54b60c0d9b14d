/** The report for other programs: one JSON object, whose text is safe to print on a terminal too. */

import type { Case, Coverage, Evidence, Fact, Finding, Report, Step } from '../core/words.ts';
import { iso } from './when.ts';

/**
 * What JSON.stringify leaves as it is but a terminal could obey: DEL, C1, line separators, bidirectional overrides, zero width,
 * invisible tags. C0 and lone surrogates it escapes by itself (ECMA-262, QuoteJSONString).
 */
const OBEYED = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

export function json(report: Report): string {
  return [...jsonPieces(report)].join('');
}

/** The same in pieces: the whole text of a host that was guessed at for a year is larger than all that it was made from. */
export function* jsonPieces(report: Report): Generator<string> {
  const told: Members = {
    tocsin: report.version,
    host: report.host,
    from: iso(report.from),
    to: iso(report.to),
    verdict: report.verdict,
    cases: new Row(report.cases, caseOf),
    findings: new Row(report.findings, findingOf),
    coverage: report.coverage.map(coverageOf),
  };
  for (const piece of members(told, '')) yield piece.replace(OBEYED, escaped);
}

type Members = Readonly<Record<string, unknown>>;

/** A long list whose items are made one by one; an item with members of its own may hold such lists too. */
class Row<T> {
  readonly items: readonly T[];
  readonly told: (item: T) => unknown;

  constructor(items: readonly T[], told: (item: T) => unknown) {
    this.items = items;
    this.told = told;
  }

  *pieces(margin: string): Generator<string> {
    if (this.items.length === 0) return yield '[]';
    let before = '[';
    for (const item of this.items) {
      yield `${before}\n${margin}  `;
      yield* value(this.told(item), `${margin}  `);
      before = ',';
    }
    yield `\n${margin}]`;
  }
}

class Parts {
  readonly told: Members;

  constructor(told: Members) {
    this.told = told;
  }
}

function* value(told: unknown, margin: string): Generator<string> {
  if (told instanceof Row) yield* told.pieces(margin);
  else if (told instanceof Parts) yield* members(told.told, margin);
  // Line ends stand between members only: inside strings JSON escapes them.
  else yield JSON.stringify(told, null, 2).replaceAll('\n', `\n${margin}`);
}

function* members(told: Members, margin: string): Generator<string> {
  let before = '{';
  for (const [name, member] of Object.entries(told)) {
    if (member === undefined) continue;
    yield `${before}\n${margin}  ${JSON.stringify(name)}: `;
    yield* value(member, `${margin}  `);
    before = ',';
  }
  yield `\n${margin}}`;
}

/** Every such character stands inside a string, so that an escape means the same. */
function escaped(characters: string): string {
  return [...characters].flatMap((whole) => Array.from({ length: whole.length }, (_, index) => unit(whole.charCodeAt(index)))).join('');
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

function caseOf(story: Case): unknown {
  return new Parts({
    ...story,
    openedAt: iso(story.openedAt),
    chain: story.chain.map(stepOf),
    findings: new Row(story.findings, findingOf),
    facts: new Row(story.facts, factOf),
  });
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
