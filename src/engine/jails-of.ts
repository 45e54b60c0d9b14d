/** From fail2ban's configuration to jails that judge: which of them can, which logs they want, and what a person must know of the others. */

import { counted, joined, listed, named } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import type { JailDefinition, Trouble } from '../guests/fail2ban/definition.ts';
import type { GuestFiles } from '../guests/fail2ban/files.ts';
import { unresolved } from '../guests/fail2ban/jail-count.ts';
import { readJails } from '../guests/fail2ban/jail-reader.ts';
import { logsMissing } from '../guests/fail2ban/log-there.ts';
import { zoneMinutes } from '../guests/fail2ban/zone-names.ts';
import { fieldsAsked, type JournalMatch, journalMatchOf } from './jail-journal.ts';
import type { JailsGiven } from './jail-judge.ts';
import { isUnproven } from './jail-ports.ts';
import { type JailRuns, JailSentry } from './jail-sentry.ts';

export interface Jails {
  readonly sentry: JailSentry;
  /** Of the logs that they watch, patterns among them. */
  readonly paths: readonly string[];
  /** Of the journal's entries that they ask for: alternatives, each of terms that must all be there, and the fields to tell whose an entry is. */
  readonly journal: { readonly matches: JournalMatch; readonly fields: readonly string[] };
  /** For the start, a sentence each. */
  readonly notes: readonly string[];
}

export interface JailsAsked extends JailsGiven {
  /** Where fail2ban's files lie. */
  readonly directory: string;
  /** The machine's own time zone. */
  zone(localMs: Millis): Millis;
  readonly now: Millis;
}

const EACH_MINUTE_MS = 60_000;
const WHOLE =
  'bans are for all ports and protocols, whatever ports a jail names, and IPv6 addresses are taken with their /64; its other actions are not run';

export function jailsOf(files: GuestFiles, asked: JailsAsked): Jails {
  const read = readJails(files, asked.directory);
  if (read.files.length === 0)
    return { ...empty(asked), notes: [`jails: no jail.conf and no jail.local could be read in ${named(asked.directory)}, so no jail judges`] };
  const enabled = read.jails.filter((jail) => jail.enabled);
  const runs = enabled.filter((jail) => whyNot(jail) === null).map((jail) => runOf(jail, asked));
  const sentry = new JailSentry(runs, asked, asked.now);
  const broken = new Map(sentry.troubles().map(({ jail, troubles }) => [jail, troubles]));
  const paths = [...new Set(runs.flatMap(({ jail }) => jail.logpath.filter((path) => path.startsWith('/'))))];
  const notes = [
    `jails: ${counted(runs.length, 'jail')} of fail2ban ${runs.length === 1 ? 'judges' : 'judge'} too${
      runs.length > 0
        ? ` (${listed(
            runs.map(({ jail }) => jail.name),
            50,
          )}): ${WHOLE}`
        : ''
    }`,
    ...read.troubles.map((trouble) => `jails: ${saidOf(trouble)}`),
    ...enabled.flatMap((jail) => notesOf(files, jail, broken.get(jail.name) ?? [])),
  ];
  const matches = runs.flatMap(({ match }) => match ?? []);
  return { sentry, paths, journal: { matches, fields: fieldsAsked(matches) }, notes };
}

function empty(asked: JailsAsked): Jails {
  return { sentry: new JailSentry([], asked, asked.now), paths: [], journal: { matches: [], fields: [] }, notes: [] };
}

/** Why a jail cannot judge, or null. */
function whyNot(jail: JailDefinition): string | null {
  const refused = [...jail.troubles, ...(jail.filter?.troubles ?? [])].find(({ weight }) => weight === 'refused');
  if (refused) return refused.says;
  if (jail.filter === null) return 'it has no filter';
  if (jail.filter.failregex.length === 0) return 'its filter has no failregex';
  if (readsJournal(jail) && journalMatchOf(jail.filter.journalmatch) === null)
    return 'it reads the journal, and its journalmatch names no entries or cannot be read: give it one such as _SYSTEMD_UNIT=sshd.service';
  return null;
}

function readsJournal({ backend }: JailDefinition): boolean {
  return backend.startsWith('systemd');
}

function runOf(jail: JailDefinition, asked: JailsAsked): JailRuns {
  const minutes = zoneOf(jail);
  const match = readsJournal(jail) ? journalMatchOf(jail.filter?.journalmatch ?? null) : null;
  if (minutes === null) return { jail, match, zone: (local) => asked.zone(local), zoneName: '' };
  return { jail, match, zone: (local) => local - minutes * EACH_MINUTE_MS, zoneName: String(minutes) };
}

/** As fail2ban takes it: a fixed distance from UTC only. */
function zoneOf({ logTimezone }: JailDefinition): number | null {
  return logTimezone === null ? null : zoneMinutes(logTimezone);
}

function notesOf(files: GuestFiles, jail: JailDefinition, broken: readonly Trouble[]): string[] {
  const why = whyNot(jail);
  if (why !== null) return [`jail ${named(jail.name)} does not judge: ${why}`];
  const troubles = [...jail.troubles, ...broken, ...logsMissing(files, jail)];
  const others = jail.actions.filter(({ becomes }) => becomes === 'mail').map(({ name }) => name);
  const notes = [
    ...new Set(troubles.map(saidOf)),
    ...(others.length > 0 ? [`letters are not sent for it (${listed(others)})`] : []),
    ...ownNotes(jail),
  ];
  return notes.map((says) => `jail ${named(jail.name)}: ${says}`);
}

function ownNotes(jail: JailDefinition): string[] {
  const notes: string[] = [];
  const names = unresolved(jail.ignoreip);
  if (names.length > 0)
    notes.push(`names are not looked up, so ${joined(names.slice(0, 5).map(named), Math.max(0, names.length - 5))} in ignoreip spares nobody`);
  if (isUnproven(jail)) notes.push('it hears of strangers by UDP, where anybody can write any address as the sender: it tells, and bans nobody');
  else if (!jail.actions.some(({ becomes }) => becomes === 'ban'))
    notes.push('none of its actions is a ban that is known here: it tells, and bans nobody');
  if (jail.logTimezone !== null && zoneOf(jail) === null)
    notes.push(`the time zone ${named(jail.logTimezone)} is no fixed distance from UTC: the machine's own is taken`);
  return notes;
}

function saidOf({ place: { file, line }, option, says }: Trouble): string {
  return `${option === '' ? '' : `${named(option)}: `}${says} (${named(file)}${line > 0 ? `, line ${line}` : ''})`;
}
