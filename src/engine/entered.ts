/**
 * Ties to an entry what it is judged by and what was done in its session: the guessing of other addresses that its finding counts, and a second
 * root that the account which was entered made. The account `root` itself ties nothing; here the same line of the log or the hour does.
 */

import type { Given } from '../core/contracts.ts';
import { accountsAmong, addressesAmong } from '../core/entity.ts';
import { SESSION_MS } from '../core/foreign.ts';
import { SECOND_MS } from '../core/spans.ts';
import type { Evidence, Finding, Millis } from '../core/words.ts';

/** Log stamps have whole seconds. */

type Join = (one: Finding, other: Finding) => void;

export function joinToEntries(findings: readonly Finding[], { networks }: Given, opens: (finding: Finding) => boolean, join: Join): void {
  const networkOf = (ip: string) => networks.networkOf(ip);
  const entries = findings.filter((finding) => finding.role === 'entry' && finding.tells === 'compromise' && opens(finding));
  if (entries.length === 0) return;
  const guessing = findings.filter((finding) => finding.role === 'entry' && finding.tells === 'attack' && opens(finding));
  const made = findings.filter(
    (finding) => finding.role === 'persistence' && finding.tells === 'compromise' && opens(finding) && secondRoot(finding),
  );
  for (const entry of entries) {
    for (const guesses of guessing) if (isCounted(guesses, entry, networkOf)) join(entry, guesses);
    for (const account of made) if (isDoneBy(account, entry)) join(entry, account);
  }
}

/** The entry was judged by tries of other addresses, of its network or of any, on the same account before it. */
function isCounted(guesses: Finding, entry: Finding, networkOf: (ip: string) => string): boolean {
  const { figures } = entry;
  const near = Number(figures?.['fromNetwork'] ?? 0) > 0;
  if (!near && Number(figures?.['fromElsewhere'] ?? 0) === 0) return false;
  const networks = new Set(addressesAmong(entry.culprit).map((ip) => networkOf(ip)));
  if (near && !addressesAmong(guesses.culprit).some((ip) => networks.has(networkOf(ip)))) return false;
  const accounts = new Set(accountsAmong(entry.culprit));
  // Those who tried the whole host a few times each have no single victim, and the tries on this account are among theirs.
  const onSame =
    accountsAmong(guesses.victim).some((name) => accounts.has(name)) || (!near && guesses.victim.length === 0 && guesses.culprit.length > 1);
  return onSame && startOf(guesses) <= entry.at && (guesses.to ?? guesses.at) >= startOf(entry);
}

function secondRoot({ culprit }: Finding): boolean {
  return culprit.some((entity) => entity.is === 'account' && entity.uid === 0 && entity.name !== 'root');
}

/** Of root several people may be logged in: there the very login must be the one that the finding names. */
function isDoneBy(made: Finding, entry: Finding): boolean {
  const by = String(made.figures?.['by'] ?? '');
  if (!accountsAmong(entry.culprit).includes(by) || entry.at > made.at + SECOND_MS) return false;
  if (by !== 'root') return made.at - (entry.to ?? entry.at) <= SESSION_MS;
  const logins = new Set(entry.evidence.map(lineOf));
  return made.evidence.some((line) => line.line !== undefined && logins.has(lineOf(line)));
}

function lineOf({ source, line }: Evidence): string {
  return `${source} ${line}`;
}

function startOf(finding: Finding): Millis {
  return finding.from ?? finding.at;
}
