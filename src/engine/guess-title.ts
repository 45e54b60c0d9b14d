/** The title of a case of guessing: how many guess, and whether somebody was seen to get in. */

import type { Given } from '../core/contracts.ts';
import { accountsAmong, addressesAmong } from '../core/entity.ts';
import { counted, listed, named } from '../core/text.ts';
import type { Finding } from '../core/words.ts';

const ACCOUNTS_NAMED = 3;
/** Whoever it tells of is none of those that try only a few times each. */
const LOUD = 'password-guessing';

export function guessTitle(guessing: readonly Finding[], given: Given, entries: readonly Finding[]): string {
  const { many, atLeast } = addressesIn(guessing);
  const who = many > 0 ? `${atLeast ? 'at least ' : ''}${counted(many, 'address', 'addresses')}` : 'many addresses';
  return `${who} ${many === 1 ? 'guesses' : 'guess'} log-ins; ${whoGotIn(guessing, given, entries)}`;
}

/** Culprits are named up to a bound; the figures of those who tell of many have them all. */
function addressesIn(guessing: readonly Finding[]): { readonly many: number; readonly atLeast: boolean } {
  const spread = guessing.filter((finding) => finding.figures?.['addresses'] !== undefined);
  // A search for names may be so quiet that it is one of the many: beside those only who guessed loudly is another.
  const loud = guessing.filter((finding) => !spread.includes(finding) && (spread.length === 0 || finding.detector === LOUD));
  const alone = new Set(loud.flatMap(({ culprit }) => addressesAmong(culprit)));
  const together = new Set(spread.flatMap(({ culprit }) => addressesAmong(culprit)));
  const most = spread.reduce((largest, finding) => Math.max(largest, Number(finding.figures?.['addresses'])), 0);
  const whole = spread.some((finding) => finding.victim.length === 0);
  const forgotten = spread.some((finding) => Number(finding.figures?.['moreAddresses'] ?? 0) > 0);
  return { many: alone.size + Math.max(together.size, most), atLeast: forgotten || (spread.length > 1 && !whole) };
}

/** Only what is true: whoever of them was let in, and who was let in after the same tries from elsewhere, which is another case. */
function whoGotIn(guessing: readonly Finding[], given: Given, entries: readonly Finding[]): string {
  const addresses = new Set(guessing.flatMap(({ culprit }) => addressesAmong(culprit)));
  const own = new Set(given.history.logins().flatMap((run) => (run.ip !== null && addresses.has(run.ip) ? [run.account] : [])));
  if (own.size > 0) return `log-ins from there as ${listed([...own], ACCOUNTS_NAMED)} were accepted too`;
  const victims = new Set(guessing.flatMap((finding) => accountsAmong(finding.victim)));
  const everybody = guessing.some((finding) => finding.victim.length === 0);
  const entered = new Set(
    entries
      .filter((entry) => !entry.explained)
      .flatMap((entry) => accountsAmong(entry.culprit).filter((account) => everybody || victims.has(account))),
  );
  const [only] = entered;
  if (only === undefined) return 'nobody was seen to get in';
  return entered.size === 1
    ? `account ${named(only)} was entered from elsewhere after guessing`
    : `accounts ${listed([...entered], ACCOUNTS_NAMED)} were entered from elsewhere after guessing`;
}
