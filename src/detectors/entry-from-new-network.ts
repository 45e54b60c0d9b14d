/** An account that comes in from where it never came from before: a journey, a new provider, or somebody else. */

import type { Detector } from '../core/contracts.ts';
import { type Entries, type Entry, placeKey } from '../core/entries.ts';
import type { GuessBook } from '../core/guess-book.ts';
import { TRIES_OF_A_GUESSER } from '../core/guessing.ts';
import { counted, listed, named } from '../core/text.ts';
import { Bounded } from '../core/window.ts';
import type { AccountSeen, FindingDraft, Severity } from '../core/words.ts';

/** What is usual can only be said after so many logins on so many days. */
const LOGINS_BEFORE = 3;
const DAYS_BEFORE = 2;
const DAY_MS = 86_400_000;
const ACCOUNTS_AT_MOST = 20_000;
const LOGINS_SHOWN = 10;

interface Past {
  readonly networks: Map<string, FindingDraft | null>;
  readonly days: Set<number>;
  logins: number;
}

export const entryFromNewNetwork: Detector = {
  name: 'entry-from-new-network',
  about: 'Finds logins from a network that the account never used before in the logs.',
  cannotSee: 'networks used before the logs begin, and an intruder in a network that the account uses.',
  attack: ['T1078'],
  tells: 'oddity',
  role: 'entry',
  start({ guesses, entries }) {
    const accounts = new Bounded<AccountSeen>(ACCOUNTS_AT_MOST, null);
    return {
      'account.seen': ({ fields }) => {
        accounts.open(fields.name, () => fields);
        return null;
      },
      'sweep.done': () => all(entries, (entry) => gravity(entry, guesses, accounts.get(entry.account)), guesses),
    };
  },
};

type Gravity = { readonly severity: Severity; readonly because: string; readonly tries: number };

function gravity({ network, at }: Entry, guesses: GuessBook, account: AccountSeen | undefined): Gravity {
  const tries = guesses.network(network)?.tries.between(Number.NEGATIVE_INFINITY, at) ?? 0;
  if (tries >= TRIES_OF_A_GUESSER) return { severity: 'medium', because: `; that network was refused ${counted(tries, 'time')} before`, tries };
  if (account?.admin) return { severity: 'low', because: `; the account may act as root: ${named(account.admin)}`, tries };
  if (account?.system) return { severity: 'low', because: '; it is an account for a service and not for a person', tries };
  return { severity: 'info', because: '', tries };
}

function all(entries: Entries, weigh: (entry: Entry) => Gravity, guesses: GuessBook): FindingDraft[] {
  const pasts = new Map<string, Past>();
  for (const entry of entries.inOrder()) {
    const past = pasts.get(entry.account) ?? { networks: new Map<string, FindingDraft | null>(), days: new Set<number>(), logins: 0 };
    pasts.set(entry.account, past);
    const old = past.networks.get(entry.network);
    if (old === undefined) {
      const judged = past.logins >= LOGINS_BEFORE && past.days.size >= DAYS_BEFORE;
      past.networks.set(entry.network, judged ? told(entry, past, weigh(entry), entries, guesses) : null);
    } else if (old && old.evidence.length < LOGINS_SHOWN) {
      past.networks.set(entry.network, { ...old, to: entry.at, evidence: [...old.evidence, entry.evidence] });
    }
    past.days.add(Math.floor(entry.at / DAY_MS));
    past.logins += 1;
  }
  return [...pasts.values()].flatMap((past) => [...past.networks.values()].flatMap((draft) => draft ?? []));
}

function told(
  { account, ip, network, at, method, evidence }: Entry,
  past: Past,
  weight: Gravity,
  entries: Entries,
  guesses: GuessBook,
): FindingDraft {
  const before = [...past.networks.keys()];
  const logins = entries.since(placeKey(account, network), at);
  const refused = (guesses.network(network)?.evidence.all() ?? []).filter((line) => weight.tries >= TRIES_OF_A_GUESSER && (line.at ?? at) <= at);
  return {
    key: `${account} ${network}`,
    at,
    from: at,
    severity: weight.severity,
    confidence: weight.severity === 'medium' ? 'medium' : 'weak',
    says: `account ${named(account)} was entered from ${named(ip)} by ${method}, for the first time from ${named(network)}; ${counted(past.logins, 'login')} before came from ${listed(before, 4)}${weight.because}`,
    culprit: [
      { is: 'address', ip },
      { is: 'account', name: account },
    ],
    victim: [],
    evidence: [...refused, evidence],
    seen: logins,
    figures: { method, logins, loginsBefore: past.logins, networksBefore: before.length, networkFailures: weight.tries },
  };
}
