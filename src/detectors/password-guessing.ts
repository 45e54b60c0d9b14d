/** One address that tries passwords until one fits: what every host on the internet sees daily, and how DNS1 began. */

import { triesLikePerson } from '../core/broken-job.ts';
import type { Detector } from '../core/contracts.ts';
import { type Guesser, guessesAlone, type NameTried, namesTried } from '../core/guessing.ts';
import { innocence } from '../core/innocence.ts';
import { byServers, kindFigures } from '../core/service-kind.ts';
import { HOUR_MS } from '../core/spans.ts';
import { counted, lasted, named } from '../core/text.ts';
import type { FindingDraft } from '../core/words.ts';

const SHORTEST_SPAN_MS = 60_000;
const VICTIMS = 20;
const NAMES_SAID = 5;

export const passwordGuessing: Detector = {
  name: 'password-guessing',
  about: 'Finds addresses that were refused five times within ten minutes, or twenty times in all.',
  cannotSee: 'tries spread over many addresses (spread-guessing looks at those), and refused keys, which sshd writes down only at LogLevel VERBOSE.',
  attack: ['T1110.001'],
  tells: 'attack',
  role: 'entry',
  start: ({ networks, guesses, entries }) => ({
    'sweep.done': () =>
      guesses
        .guessers()
        .filter(guessesAlone)
        .map((guesser) => told(guesser, innocence(guesser, entries, networks))),
  }),
};

/** Mail, databases and web sites have accounts of their own, and do not say which exist: then nothing is claimed. */
function existing(names: readonly NameTried[], known: number): string {
  if (known > 0) return `, ${known} of them existing here`;
  return names.every((name) => name.unknown) ? ', none of which exists here' : '';
}

function told(guesser: Guesser, innocent: string | null): FindingDraft {
  const { ip, tries } = guesser;
  const names = namesTried(guesser);
  const known = names.filter((name) => name.known || name.denied).length;
  const spanMs = tries.last - tries.first;
  const most = names.slice(0, NAMES_SAID).map(({ account, tries: on }) => `${named(account)} ${on.total}x`);
  const more = names.length > NAMES_SAID ? ', …' : '';
  return {
    key: `address ${ip}`,
    at: tries.first,
    from: tries.first,
    to: tries.last,
    severity: innocent || triesLikePerson(guesser) ? 'low' : 'medium',
    confidence: 'strong',
    says: `${named(ip)} was refused ${counted(tries.total, 'time')}${byServers(guesser.kinds)} within ${lasted(spanMs)}${names.length > 0 ? ` on ${counted(names.length, 'account name')} (${most.join(', ')}${more})${existing(names, known)}` : ''}`,
    culprit: [{ is: 'address', ip }],
    victim: names.slice(0, VICTIMS).map(({ account }) => ({ is: 'account', name: account })),
    evidence: guesser.evidence.all(),
    seen: tries.total,
    ...(innocent ? { explained: innocent } : {}),
    figures: {
      failures: tries.total,
      accounts: names.length,
      spanMs,
      perHour: Math.round((tries.total * HOUR_MS) / Math.max(spanMs, SHORTEST_SPAN_MS)),
      known,
      ...kindFigures(guesser.kinds),
    },
  };
}
