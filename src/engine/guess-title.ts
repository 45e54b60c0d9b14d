/** The title of a case of guessing: how many guess, and whether somebody was seen to get in. */

import type { Given } from '../core/contracts.ts';
import { accountsAmong, addressesAmong } from '../core/entity.ts';
import { kindsGuessed, kindsOfLogins, serversOf } from '../core/service-kind.ts';
import { counted, listed, named } from '../core/text.ts';
import type { Finding } from '../core/words.ts';

const ACCOUNTS_NAMED = 3;
/** Whoever it tells of is none of those that try only a few times each. */
const LOUD = 'password-guessing';

/** Who is explained (a job with an old password) is told of in the case and is none of those who guess. */
export function guessTitle(all: readonly Finding[], given: Given, entries: readonly Finding[]): string {
  const accused = all.filter((finding) => !finding.explained);
  const guessing = accused.length > 0 ? accused : all;
  const kinds = kindsGuessed(guessing);
  const probing = guessing.filter((finding) => kindsGuessed([finding]).length === 0);
  // Whoever only looks for holes of web sites guesses nothing, and has a clause of his own.
  if (kinds.length === 0) return `${whoAmong(guessing, 'looks', 'look')} for holes in web sites; none was seen to get in`;
  const guesses = guessing.filter((finding) => !probing.includes(finding));
  const which = kindsOfLogins(kinds);
  const also = probing.length > 0 ? `; ${whoAmong(probing, 'looks', 'look')} for holes in web sites` : '';
  return `${whoAmong(guesses, 'guesses', 'guess')} ${which === '' ? '' : `${which} `}log-ins${also}; ${whoGotIn(guesses, given, entries)}`;
}

function whoAmong(findings: readonly Finding[], does: string, doMany: string): string {
  const { many, atLeast } = addressesIn(findings);
  const who = many > 0 ? `${atLeast ? 'at least ' : ''}${counted(many, 'address', 'addresses')}` : 'many addresses';
  return `${who} ${many === 1 ? does : doMany}`;
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
  if (only === undefined) {
    const unread = kindsGuessed(guessing).filter((kind) => kind !== 'ssh');
    if (unread.length === 0) return 'nobody was seen to get in';
    return kindsGuessed(guessing).length > unread.length
      ? `nobody was seen to get in by SSH, and who got in at ${serversOf(unread)} is not known`
      : `who got in at ${serversOf(unread)} is not known`;
  }
  return entered.size === 1
    ? `account ${named(only)} was entered from elsewhere after guessing`
    : `accounts ${listed([...entered], ACCOUNTS_NAMED)} were entered from elsewhere after guessing`;
}
