/**
 * Reads what useradd, usermod, passwd, chage, gpasswd and their kin write when accounts and groups change. One change is told by
 * several lines (`/etc/group`, `/etc/gshadow`, a shadow group); only the one about the account itself gives an event.
 */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import type { AccountChange, EventDraft } from '../core/words.ts';

/** Enough to show what was changed; a comment field may be long. */
const DETAIL_CHARS = 300;
/** What is left of a line that may be read for names: they are at most 256 characters (shadow's limit). */
const READ_CHARS = 1200;

interface Change {
  readonly change: AccountChange;
  readonly account?: string | undefined;
  readonly group?: string | undefined;
  readonly uid?: string | undefined;
  readonly by?: string | undefined;
  readonly detail?: string | undefined;
}

function changed({ change, account = '', group, uid, by, detail = '' }: Change): EventDraft {
  const number = uid === undefined ? null : Number(uid);
  return {
    kind: 'account.changed',
    fields: { change, account, group: group ?? null, uid: number, by: by ?? null, detail: detail.slice(0, DETAIL_CHARS) },
  };
}

/** shadow 4.0 wrote `name', later ones 'name'. */
const NAME = "[`']([^`']{1,256})'";

function form(name: string, begins: readonly string[], after: string, make: (found: RegExpExecArray) => Change): Pattern {
  const regex = new RegExp(`^${after}$`);
  return {
    name,
    begins,
    read(message, at) {
      const found = regex.exec(message.slice(at, at + READ_CHARS));
      return found && changed(make(found));
    },
  };
}

/** Words that usermod writes after `change user 'x' `, and what they mean. */
const FIELDS: Readonly<Record<string, AccountChange>> = {
  password: 'password-changed',
  shell: 'shell-changed',
  home: 'home-changed',
  'home directory': 'home-changed',
  UID: 'uid-changed',
  expiration: 'expiry-changed',
  inactive: 'expiry-changed',
};

function changeOf(field: string): AccountChange {
  return Object.hasOwn(FIELDS, field) ? (FIELDS[field] ?? 'changed') : 'changed';
}

export const patterns: readonly Pattern[] = [
  form('new-user', ['new user: name=', 'new account: account='], '([^,]{1,256}), ((?:UID|uid)=(\\d{1,10}).{0,1000})', ([, account, detail, uid]) => ({
    change: 'created',
    account,
    uid,
    detail,
  })),
  form('new-group', ['new group: name='], '([^,]{1,256}), ((?:GID|gid)=\\d{1,10})', ([, group, detail]) => ({
    change: 'group-created',
    group,
    detail,
  })),
  form('group-added', ['add '], `${NAME} to group ${NAME}`, ([, account, group]) => ({ change: 'group-added', account, group })),
  form('group-removed', ['delete '], `${NAME} from group ${NAME}`, ([, account, group]) => ({ change: 'group-removed', account, group })),
  form('user-deleted', ['delete user '], NAME, ([, account]) => ({ change: 'deleted', account })),
  form('group-deleted', ['group ', 'removed group '], `${NAME} (?:removed|owned by ${NAME})`, ([, group]) => ({ change: 'group-deleted', group })),
  form('group-changed', ['group changed in /etc/group (group '], '([^\\s/,]{1,256})(/\\d{1,10})?,? ?(.{0,600})\\)', ([, group, , detail]) => ({
    change: 'changed',
    group,
    detail,
  })),
  form('renamed', ['change user name '], `${NAME} to ${NAME}`, ([, was, account]) => ({ change: 'renamed', account, detail: `was ${was}` })),
  form(
    'field-changed',
    ['change user '],
    `${NAME} (UID|GID|[a-z]+(?: directory)?)( from ${NAME} to ${NAME}| from .{1,600} to .{1,600})?`,
    ([, account, field = '', fromTo = '', , to]) => ({
      change: changeOf(field),
      account,
      uid: field === 'UID' && /^\d{1,10}$/.test(to ?? '') ? to : undefined,
      detail: `${field}${fromTo}`,
    }),
  ),
  form('locked', ['lock user '], `${NAME} password`, ([, account]) => ({ change: 'locked', account })),
  form('unlocked', ['unlock user '], `${NAME} password`, ([, account]) => ({ change: 'unlocked', account })),
  form('password-by-pam', ['pam_unix('], '(?:passwd|chpasswd|useradd|newusers):chauthtok\\): password changed for (\\S{1,256})', ([, account]) => ({
    change: 'password-changed',
    account,
  })),
  form('password-by', ['password for '], `${NAME} changed by ${NAME}`, ([, account, by]) => ({ change: 'password-changed', account, by })),
  form('expiry', ['changed password expiry for '], '(\\S{1,256})', ([, account]) => ({ change: 'expiry-changed', account })),
  form('shell-by-chsh', ['changed user '], `${NAME} (shell) to ${NAME}`, ([, account, , shell]) => ({
    change: 'shell-changed',
    account,
    detail: `shell to '${shell}'`,
  })),
  form('gpasswd-added', ['user '], '(\\S{1,256}) added by (\\S{1,256}) to group (\\S{1,256})', ([, account, by, group]) => ({
    change: 'group-added',
    account,
    by,
    group,
  })),
  form('gpasswd-removed', ['user '], '(\\S{1,256}) removed by (\\S{1,256}) from group (\\S{1,256})', ([, account, by, group]) => ({
    change: 'group-removed',
    account,
    by,
    group,
  })),
  form(
    'gpasswd-members',
    ['members of group ', 'administrators of group ', 'password of group '],
    '(\\S{1,256}) ((?:set|changed|removed) by (\\S{1,256}).{0,600})',
    ([, group, detail, by]) => ({ change: 'changed', group, by, detail }),
  ),
];

export const accounts: Parser = {
  name: 'accounts',
  about: 'Reads the lines of useradd, usermod, passwd, gpasswd and their kin about accounts that were made or changed.',
  cannotSee: 'Changes made by writing to /etc/passwd, /etc/shadow or /etc/group directly, or in a directory service.',
  programs: [
    'useradd',
    'usermod',
    'userdel',
    'groupadd',
    'groupdel',
    'groupmod',
    'passwd',
    'chpasswd',
    'chage',
    'gpasswd',
    'adduser',
    'chsh',
    'newusers',
  ],
  needles: ['user', 'group', 'password', 'account', 'change'],
  parse: firstOf(patterns),
};
