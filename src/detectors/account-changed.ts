/** Accounts that were made or given powers: a second root, and what an intruder changed to come back by another name. */

import type { Detector, Surroundings } from '../core/contracts.ts';
import type { Entry } from '../core/entries.ts';
import { Foreign, SESSION_MS } from '../core/foreign.ts';
import { evidenceOfLine } from '../core/quotes.ts';
import { SECOND_MS } from '../core/spans.ts';
import { lasted, named, shown } from '../core/text.ts';
import type { AccountChange, Entity, EventOf, Evidence, FindingDraft, Millis, Severity } from '../core/words.ts';

/** Lines of one look; a university makes ten thousand accounts in one night. */
const CHANGES_AT_MOST = 4_000;
const POWERS_AT_MOST = 20_000;
/** A tool run by sudo changes the account at once, or after a person has typed the new password. */
const TOOL_MS = 10 * 60_000;
/** Where nothing tells who became root, only a change soon after the entry is the intruder's. */
const SOON_MS = 3_600_000;
const TOOLS = /\b(?:useradd|adduser|usermod|passwd|chpasswd|gpasswd|newusers|addgroup|chsh|vipw)\b/;
const SHELLS = /^(?:su|-?(?:\/\S{0,40}\/)?(?:su|(?:ba|da|z|k|fi)?sh|bash))(?: |$)/;
/** Groups that are as good as root. */
const ADMIN_GROUPS: ReadonlySet<string> = new Set(['root', 'sudo', 'wheel', 'admin', 'docker', 'lxd', 'disk', 'shadow']);
const NO_SHELL = /shell=\S{0,100}\/(?:nologin|false|sync)\b|to '\S{0,100}\/(?:nologin|false)'/;

type Changed = EventOf<'account.changed'>;
type Power = { readonly at: Millis; readonly account: string; readonly command: string; readonly evidence: Evidence };
type Author = { readonly account: string; readonly evidence: Evidence | null };

export const accountChanged: Detector = {
  name: 'account-changed',
  about: 'Finds second accounts with uid 0, and accounts that were made or given powers after somebody had broken in.',
  cannotSee: 'changes that were written into /etc/passwd or /etc/shadow directly, and who typed in a root shell that several people share.',
  attack: ['T1136.001', 'T1098'],
  tells: 'compromise',
  role: 'persistence',
  start(around) {
    const changes: Changed[] = [];
    const roots: Changed[] = [];
    const powers: Power[] = [];
    return {
      'account.changed': (event) => {
        const list = event.fields.uid === 0 ? roots : changes;
        if (event.fields.account !== '' && waysBack(event) !== null && list.length < CHANGES_AT_MOST) list.push(event);
        return null;
      },
      'privilege.used': (event) => {
        const { account, target, command } = event.fields;
        if (target === 'root' && account !== 'root' && (TOOLS.test(command) || SHELLS.test(command)) && powers.length < POWERS_AT_MOST)
          powers.push({ at: event.at, account, command, evidence: evidenceOfLine(event) });
        return null;
      },
      'sweep.done': () => judged([...roots, ...changes], powers, around),
    };
  },
};

/** What the change gives to whoever wants to come back; null where it gives nothing. */
function waysBack({ fields: { change, account, group, uid, detail } }: Changed): string | null {
  if (account === 'root' && change !== 'password-changed') return null;
  if (uid === 0 && (change === 'created' || change === 'uid-changed'))
    return `${change === 'created' ? 'was made' : 'was changed'} with uid 0, so it is root under a second name`;
  if (change === 'created') return NO_SHELL.test(detail) ? null : 'was made';
  if (change === 'group-added') return ADMIN_GROUPS.has(group ?? '') ? `was put into the group ${named(group ?? '')}` : null;
  if (change === 'shell-changed') return NO_SHELL.test(detail) ? null : 'got another shell';
  return SIMPLE[change] ?? null;
}

const SIMPLE: Readonly<Partial<Record<AccountChange, string>>> = { 'password-changed': 'got a new password', unlocked: 'was unlocked' };

/** One finding an account: the worst of what was done to it comes first. */
function judged(changes: readonly Changed[], powers: readonly Power[], { entries, guesses, networks }: Surroundings): FindingDraft[] {
  const foreign = new Foreign(entries, guesses, networks);
  const acts = [
    ...powers,
    ...entries.inOrder().flatMap(({ account, at, evidence }) => (account === 'root' ? [{ at, account, command: 'su', evidence }] : [])),
  ];
  const byAccount = new Map<string, Changed[]>();
  for (const change of changes) {
    const list = byAccount.get(change.fields.account);
    if (list) list.push(change);
    else byAccount.set(change.fields.account, [change]);
  }
  return [...byAccount.values()].flatMap((list) => told(list, acts, foreign));
}

function told(list: readonly Changed[], acts: readonly Power[], foreign: Foreign): FindingDraft[] {
  const inOrder = [...list].sort((a, b) => a.at - b.at);
  const charges = inOrder.map((change) => ({ change, author: authorOf(change, acts) }));
  const guilty = charges.map((charge) => ({ ...charge, entry: entryOf(charge.change, charge.author, foreign) }));
  const worst = guilty.find(({ change }) => secondRoot(change)) ?? guilty.find(({ entry }) => entry) ?? guilty[0];
  if (!worst) return [];
  const { change, author } = worst;
  const entry = worst.entry ?? guilty.find((one) => one.entry)?.entry;
  const bad = secondRoot(change) || entry !== undefined;
  const of = bad ? guilty.filter((one) => one.entry || secondRoot(one.change)) : guilty;
  const name = change.fields.account;
  const uid = of.find((one) => one.change.fields.uid !== null)?.change.fields.uid ?? null;
  const did = [...new Set(of.map((one) => waysBack(one.change) ?? ''))].filter(Boolean);
  return [
    {
      key: `account ${name}`,
      at: change.at,
      from: of[0]?.change.at ?? change.at,
      to: of[of.length - 1]?.change.at ?? change.at,
      severity: severityOf(
        of.map((one) => one.change),
        entry,
      ),
      confidence: secondRoot(change) ? 'strong' : entry && author ? 'medium' : 'weak',
      says: `account ${named(name)} ${did.join(' and ')}${byWords(author)}${entry ? `, ${lasted(change.at - entry.at)} after ${named(entry.account)} had been entered from ${named(entry.ip)}, whose network guessed` : ''}`,
      culprit: culpritsOf(name, uid, entry),
      victim: [],
      evidence: [
        ...of.map((one) => evidenceOfLine(one.change)),
        ...(author?.evidence ? [author.evidence] : []),
        ...(entry ? [entry.evidence] : []),
      ].slice(0, 20),
      seen: of.length,
      attack: techniques(of.map((one) => one.change)),
      ...(bad ? {} : ({ tells: 'oddity', role: 'account' } as const)),
      figures: { changes: of.length, by: author?.account ?? 'unknown', detail: shown(change.fields.detail, 200) },
    },
  ];
}

function byWords(author: Author | null): string {
  return author ? ` by ${named(author.account)}` : '';
}

function culpritsOf(name: string, uid: number | null, entry: Entry | undefined): Entity[] {
  const account: Entity = uid === null ? { is: 'account', name } : { is: 'account', name, uid };
  return entry ? [account, { is: 'account', name: entry.account }, { is: 'address', ip: entry.ip }] : [account];
}

function secondRoot({ fields: { change, uid } }: Changed): boolean {
  return uid === 0 && (change === 'created' || change === 'uid-changed');
}

function severityOf(changes: readonly Changed[], entry: Entry | undefined): Severity {
  if (changes.some(secondRoot)) return 'high';
  if (!entry) return 'info';
  return changes.some(({ fields }) => fields.change === 'group-added') ? 'high' : 'medium';
}

function techniques(changes: readonly Changed[]): string[] {
  return [...new Set(changes.map(({ fields }) => (fields.change === 'created' ? 'T1136.001' : 'T1098')))];
}

/** Whoever the line names, or who last became root for it. */
function authorOf({ at, fields: { by } }: Changed, acts: readonly Power[]): Author | null {
  if (by !== null && by !== '' && by !== 'root') return { account: by, evidence: null };
  let last: Power | null = null;
  for (const act of acts) {
    const fits = act.at <= at + SECOND_MS && at - act.at <= (TOOLS.test(act.command) ? TOOL_MS : SHELLS.test(act.command) ? SESSION_MS : -1);
    if (fits && (!last || act.at >= last.at)) last = act;
  }
  return last && { account: last.account, evidence: last.evidence };
}

/** Log stamps have whole seconds. */

/** The entry behind a change: of its author, or, where nothing tells who did it, of whoever had just come in. */
function entryOf({ at, fields }: Changed, author: Author | null, foreign: Foreign): Entry | undefined {
  if (author) return foreign.before(author.account, at, SESSION_MS);
  return foreign.before(fields.account, at, SESSION_MS) ?? foreign.anyBefore(at, SOON_MS);
}
