/** One address that asks for name after name: it looks for accounts that exist here before it guesses, or tries one password on all of them. */

import type { Detector } from '../core/contracts.ts';
import { type Guesser, namesTried } from '../core/guessing.ts';
import { atServers, kindFigures, SSH_ALONE } from '../core/service-kind.ts';
import { counted, lasted, listed, named } from '../core/text.ts';
import type { FindingDraft } from '../core/words.ts';

/** Names that do not exist here: a person knows his own, and mistypes it in few ways. */
const UNKNOWN_NAMES = 5;
/** Names of any kind: more than one person has. */
const NAMES = 10;
/** A list and not a handful of guesses. */
const NAMES_OF_A_LIST = 20;
const VICTIMS = 20;

export const userEnumeration: Detector = {
  name: 'user-enumeration',
  about: 'Finds addresses that try many account names, most of which do not exist here.',
  cannotSee: 'whether names exist where the service does not say so (mail, FTP, databases), and more than 200 names of one address.',
  attack: ['T1087.001', 'T1110.003'],
  tells: 'attack',
  role: 'entry',
  start: ({ guesses, entries }) => ({
    'sweep.done': () => guesses.guessers().flatMap((guesser) => told(guesser, entries.times(guesser.ip)?.total ?? 0)),
  }),
};

interface Name {
  readonly name: string;
  readonly unknown: boolean;
}

/** Without unknown names it is no search for names: whoever tries has a list of them already. */
function says({ ip, tries, moreNames, passwords, kinds }: Guesser, names: readonly Name[], unknown: readonly Name[]): string {
  const list = (of: readonly Name[]) =>
    listed(
      of.map((one) => one.name),
      6,
    );
  const many = `${moreNames > 0 ? 'more than ' : ''}${counted(names.length, 'account name')}${atServers(kinds)} within ${lasted(tries.last - tries.first)}`;
  if (unknown.length > 0) {
    return `${named(ip)} tried ${many}, ${unknown.length} of which ${unknown.length === 1 ? 'does' : 'do'} not exist here (${list(unknown)})`;
  }
  // Mail and other services do not tell which names exist.
  if (kinds !== SSH_ALONE && kinds !== 0) return `${named(ip)} tried ${many} (${list(names)}); of none of them the logs say that it is unknown here`;
  return `${named(ip)} tried ${passwords > 0 ? 'passwords on ' : ''}${many}, none of them said to be unknown here (${list(names)})${passwords > 0 ? ': password spraying on accounts that exist' : ''}`;
}

function told(guesser: Guesser, logins: number): FindingDraft[] {
  const { ip, tries } = guesser;
  const names = namesTried(guesser).map(({ account, unknown }) => ({ name: account, unknown }));
  const unknown = names.filter((one) => one.unknown);
  if (unknown.length < UNKNOWN_NAMES && names.length < NAMES) return [];
  const shared = logins >= tries.total;
  return [
    {
      key: `address ${ip}`,
      at: tries.first,
      from: tries.first,
      to: tries.last,
      severity: names.length >= NAMES_OF_A_LIST && !shared ? 'medium' : 'low',
      confidence: 'strong',
      says: says(guesser, names, unknown),
      culprit: [{ is: 'address', ip }],
      victim: names.slice(0, VICTIMS).map(({ name }) => ({ is: 'account', name })),
      evidence: guesser.evidence.all(),
      seen: tries.total,
      ...(shared
        ? { explained: `${counted(logins, 'login')} from there were accepted, more than were refused: a place where many people work` }
        : {}),
      figures: { names: names.length, unknownNames: unknown.length, tries: tries.total, ...kindFigures(guesser.kinds) },
    },
  ];
}
