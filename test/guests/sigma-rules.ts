/** Short ways to write rules and events for the tests of Sigma. */

import { SigmaEvent } from '../../src/guests/sigma/event.ts';
import { loadSigma } from '../../src/guests/sigma/load.ts';
import { SigmaMatcher } from '../../src/guests/sigma/match.ts';
import type { SigmaSet } from '../../src/guests/sigma/rule.ts';

/** A rule of any Linux log with this detection (YAML, not indented). */
export function ruleText(detection: string, head = 'title: Test'): string {
  const indented = detection
    .trim()
    .split('\n')
    .map((line) => `  ${line}`);
  return `${head}\nid: 11111111-2222-3333-4444-555555555555\nlogsource:\n  product: linux\ndetection:\n${indented.join('\n')}\n`;
}

/** One map of fields as the only part. */
export function fields(lines: string): string {
  const indented = lines
    .trim()
    .split('\n')
    .map((line) => `  ${line}`);
  return ruleText(`sel:\n${indented.join('\n')}\ncondition: sel`);
}

export function loaded(text: string, placeholders: Readonly<Record<string, readonly string[]>> = {}): SigmaSet {
  return loadSigma([{ path: 'test.yml', text }], { placeholders });
}

export function matches(text: string, event: unknown, placeholders: Readonly<Record<string, readonly string[]>> = {}): boolean {
  const set = loaded(text, placeholders);
  if (set.refused.length > 0) throw new Error(set.refused.map(({ line, reason }) => `${line}: ${reason}`).join('; '));
  return new SigmaMatcher(set.rules).match(new SigmaEvent(event)).length > 0;
}

/** Line and reason of every refusal. */
export function refusals(text: string): string[] {
  return loaded(text).refused.map(({ line, reason }) => `${line}: ${reason}`);
}
