/** Text on its way into a page: nothing that the attacker chose may become markup, an attribute's end or a hidden character. */

import { visible } from './visible.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** For element content and for quoted attribute values alike. */
export function safe(text: string | number, limit = 1000): string {
  return visible(String(text), limit).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}

/** A table with column headers; cells are HTML already. Empty when it has no rows. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[], caption: string): string {
  if (rows.length === 0) return '';
  const head = headers.map((header) => `<th scope="col">${safe(header)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><caption>${safe(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** A list of plain texts under a heading; empty when there is nothing to list. */
export function plainList(title: string, lines: readonly string[], kind: string): string {
  if (lines.length === 0) return '';
  return `<h3>${safe(title)}</h3>\n<ul class="${kind}">${lines.map((line) => `<li>${safe(line)}</li>`).join('\n')}</ul>`;
}
