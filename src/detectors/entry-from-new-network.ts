/** An account that comes in from where it never came from before: a journey, a new provider, or somebody else. */

import { offeredKeys } from '../core/blame.ts';
import type { Detector } from '../core/contracts.ts';
import { type Entries, type Entry, placeKey } from '../core/entries.ts';
import type { GuessBook } from '../core/guess-book.ts';
import { TRIES_OF_A_GUESSER } from '../core/guessing.ts';
import { DAY_MS } from '../core/spans.ts';
import { counted, listed, named } from '../core/text.ts';
import { Bounded } from '../core/window.ts';
import type { AccountSeen, FindingDraft, Severity } from '../core/words.ts';

/** What is usual can only be said after so many logins on so many days. */
const LOGINS_BEFORE = 3;
const DAYS_BEFORE = 2;
const ACCOUNTS_AT_MOST = 20_000;
const LOGINS_SHOWN = 10;
const ROOT = 'root';

interface Past {
  readonly networks: Map<string, FindingDraft | null>;
  /** Fingerprints of its keys. */
  readonly keys: Set<string>;
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
    const asRoot = new Bounded<string>(ACCOUNTS_AT_MOST, null);
    return {
      'account.seen': ({ fields }) => {
        accounts.open(fields.name, () => fields);
        return null;
      },
      'privilege.used': ({ fields }) => {
        if (fields.target === ROOT) asRoot.open(fields.account, () => fields.command);
        return null;
      },
      'sweep.done': () => {
        const around: Around = { entries, guesses };
        return all(around, (entry, newKey) => gravity(entry, newKey, around, accounts.get(entry.account), asRoot.get(entry.account) !== undefined));
      },
    };
  },
};

interface Around {
  readonly entries: Entries;
  readonly guesses: GuessBook;
}

type Gravity = { readonly severity: Severity; readonly because: string; readonly tries: number };

function gravity({ account: name, network, at }: Entry, newKey: boolean, around: Around, account: AccountSeen | undefined, asRoot: boolean): Gravity {
  const tries = refusedIn(network, at, around);
  if (tries >= TRIES_OF_A_GUESSER) return { severity: 'medium', because: `; that network was refused ${counted(tries, 'time')} before`, tries };
  if (account?.admin) return { severity: 'low', because: `; the account may act as root: ${named(account.admin)}`, tries };
  if (account?.system) return { severity: 'low', because: '; it is an account for a service and not for a person', tries };
  if (name === ROOT || asRoot) return { severity: 'low', because: name === ROOT ? '' : '; it was used to act as root', tries };
  return { severity: newKey ? 'low' : 'info', because: '', tries };
}

/** What its addresses were refused before, but for those that only offered keys until one fitted. */
function refusedIn(network: string, at: number, { guesses, entries }: Around): number {
  return (guesses.network(network)?.guessers ?? []).reduce(
    (sum, guesser) => (offeredKeys(guesser, entries) ? sum : sum + guesser.tries.between(Number.NEGATIVE_INFINITY, at)),
    0,
  );
}

function all(around: Around, weigh: (entry: Entry, newKey: boolean) => Gravity): FindingDraft[] {
  const pasts = new Map<string, Past>();
  for (const entry of around.entries.inOrder()) {
    const { fingerprint } = entry;
    const past = pasts.get(entry.account) ?? {
      networks: new Map<string, FindingDraft | null>(),
      keys: new Set<string>(),
      days: new Set<number>(),
      logins: 0,
    };
    pasts.set(entry.account, past);
    const old = past.networks.get(entry.network);
    if (old === undefined) {
      const judged = past.logins >= LOGINS_BEFORE && past.days.size >= DAYS_BEFORE;
      const newKey = fingerprint !== null && past.keys.size > 0 && !past.keys.has(fingerprint);
      past.networks.set(entry.network, judged ? told(entry, past, weigh(entry, newKey), newKey, around) : null);
    } else if (old && old.evidence.length < LOGINS_SHOWN) {
      past.networks.set(entry.network, { ...old, to: entry.at, evidence: [...old.evidence, entry.evidence] });
    }
    if (fingerprint !== null) past.keys.add(fingerprint);
    past.days.add(Math.floor(entry.at / DAY_MS));
    past.logins += 1;
  }
  return [...pasts.values()].flatMap((past) => [...past.networks.values()].flatMap((draft) => draft ?? []));
}

function told(
  { account, ip, network, at, method, fingerprint, evidence }: Entry,
  past: Past,
  weight: Gravity,
  newKey: boolean,
  { entries, guesses }: Around,
): FindingDraft {
  const key = fingerprint === null ? '' : ` (key ${named(fingerprint)}${newKey ? ', never used before' : ''})`;
  const before = [...past.networks.keys()];
  const logins = entries.since(placeKey(account, network), at);
  const refused = (guesses.fromNetwork(network)?.evidence.all() ?? []).filter((line) => weight.tries >= TRIES_OF_A_GUESSER && (line.at ?? at) <= at);
  return {
    key: `${account} ${network}`,
    at,
    from: at,
    severity: weight.severity,
    confidence: weight.severity === 'medium' ? 'medium' : 'weak',
    says: `account ${named(account)} was entered from ${named(ip)} by ${method}${key}, for the first time from ${named(network)}; ${counted(past.logins, 'login')} before came from ${listed(before, 4)}${weight.because}`,
    culprit: [
      { is: 'address', ip },
      { is: 'account', name: account },
    ],
    victim: [],
    evidence: [evidence, ...refused],
    seen: logins,
    figures: { method, logins, loginsBefore: past.logins, networksBefore: before.length, networkFailures: weight.tries },
  };
}
