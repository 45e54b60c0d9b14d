/**
 * What happened in the words of the Elastic Common Schema (flat, dotted names), so that rules and programs of others understand it.
 * Cannot see: what an event's line said beyond its fields; host and program of the line are added by whoever has it (engine/explain-line).
 */

import { request } from './ecs-web.ts';
import { type Ecs, known, type Loose, peer } from './ecs-words.ts';
import type { AccountChange, Event, EventKind, EventOf } from './words.ts';

export type { Ecs, EcsValue } from './ecs-words.ts';

/** ssh has the name that Elastic's modules give it; others are told apart by their service. */
const SSH: ReadonlySet<string> = new Set(['sshd', 'dropbear']);

function loginAction(service: string): string {
  return SSH.has(service) ? 'ssh_login' : `${service.toLowerCase().replaceAll(/[^a-z\d]+/g, '_')}_login`;
}

function failed({ fields }: EventOf<'login.failed'>): Ecs {
  return known({
    ...login(fields.service, 'failure'),
    ...peer(fields.ip, fields.port),
    'user.name': fields.account,
    'process.pid': fields.pid,
    'tocsin.login.method': fields.method,
    'tocsin.login.times': fields.times,
  });
}

function accepted({ fields }: EventOf<'login.accepted'>): Ecs {
  return known({
    ...login(fields.service, 'success'),
    ...peer(fields.ip, fields.port),
    'user.name': fields.account,
    'process.pid': fields.pid,
    'tocsin.login.method': fields.method,
    'tocsin.login.fingerprint': fields.fingerprint,
  });
}

function login(service: string, outcome: 'success' | 'failure'): Loose {
  return {
    'event.category': ['authentication'],
    'event.type': [outcome === 'success' ? 'start' : 'info'],
    'event.action': loginAction(service),
    'event.outcome': outcome,
    'service.name': service,
  };
}

function probedBy({ fields }: EventOf<'login.probed'>): Ecs {
  const { how, service } = fields;
  const refused = REFUSALS.has(how);
  return known({
    'event.category': refused ? ['authentication'] : ['network'],
    'event.type': [refused ? 'info' : 'connection'],
    'event.action': refused ? loginAction(service) : how,
    'event.outcome': how === 'pam-passed' ? 'success' : refused ? 'failure' : null,
    'event.reason': how,
    'service.name': service,
    ...peer(fields.ip),
    'user.name': fields.account,
    'process.pid': fields.pid,
  });
}

/** `how` of visits in which somebody was refused, not merely gone. */
const REFUSALS: ReadonlySet<string> = new Set([
  'invalid-user',
  'not-allowed',
  'pam-refused',
  'pam-told',
  'audit-told',
  'pam-passed',
  'root-refused',
  'auth-fail',
  'too-many-tries',
]);

function session(fields: EventOf<'session.opened'>['fields'] | EventOf<'session.closed'>['fields'], opened: boolean): Ecs {
  return known({
    'event.category': ['session'],
    'event.type': [opened ? 'start' : 'end'],
    'event.action': opened ? 'logged-on' : 'logged-off',
    'event.outcome': 'success',
    'service.name': fields.service,
    'user.name': fields.account,
    'user.changes.by': 'by' in fields ? fields.by : null,
    'process.pid': fields.pid,
  });
}

function privilege(fields: EventOf<'privilege.used'>['fields'] | EventOf<'privilege.refused'>['fields'], used: boolean): Ecs {
  return known({
    'event.category': ['process'],
    'event.type': [used ? 'start' : 'denied'],
    'event.action': used ? 'privilege-used' : 'privilege-refused',
    'event.outcome': used ? 'success' : 'failure',
    'service.name': fields.service,
    'user.name': fields.account,
    'user.effective.name': fields.target,
    'process.command_line': fields.command,
    'process.working_directory': 'cwd' in fields ? fields.cwd : null,
    'process.tty.name': 'tty' in fields ? fields.tty : null,
  });
}

/** As Elastic's modules call them where they have a word. */
const CHANGES: Readonly<Record<AccountChange, string>> = {
  created: 'added-user-account',
  deleted: 'deleted-user-account',
  'group-created': 'added-group-account-to',
  'group-deleted': 'deleted-group-account-from',
  'group-added': 'added-user-to-group',
  'group-removed': 'removed-user-from-group',
  'password-changed': 'changed-password',
  'shell-changed': 'changed-shell',
  'home-changed': 'changed-home',
  'uid-changed': 'changed-uid',
  renamed: 'renamed-user-account',
  locked: 'locked-user-account',
  unlocked: 'unlocked-user-account',
  'expiry-changed': 'changed-expiry',
  changed: 'changed-user-account',
};

function account({ fields }: EventOf<'account.changed'>): Ecs {
  const ofGroup = fields.account === '';
  const gid = /\b[Gg][Ii][Dd]=(\d{1,10})/.exec(fields.detail)?.[1];
  return known({
    'event.category': ['iam'],
    'event.type': [ofGroup ? 'group' : 'user', ENDINGS[fields.change] ?? 'change'],
    'event.action': CHANGES[fields.change],
    'event.outcome': 'success',
    'user.name': ofGroup ? fields.by : fields.account,
    'user.id': fields.uid === null ? null : String(fields.uid),
    'group.name': fields.group,
    'group.id': gid,
    'user.changes.by': fields.by,
    'event.reason': fields.detail,
  });
}

const ENDINGS: Partial<Readonly<Record<AccountChange, string>>> = {
  created: 'creation',
  'group-created': 'creation',
  deleted: 'deletion',
  'group-deleted': 'deletion',
};

type Makers = { readonly [K in EventKind]?: (event: EventOf<K>) => Ecs };

const MAKERS: Makers = {
  'login.failed': failed,
  'login.accepted': accepted,
  'login.probed': probedBy,
  'session.opened': ({ fields }) => session(fields, true),
  'session.closed': ({ fields }) => session(fields, false),
  'privilege.used': ({ fields }) => privilege(fields, true),
  'privilege.refused': ({ fields }) => privilege(fields, false),
  'account.changed': account,
  'web.request': request,
  'cron.ran': ({ fields }) =>
    known({
      'event.category': ['process'],
      'event.type': ['start'],
      'event.action': 'cron-ran',
      'user.name': fields.account,
      'process.command_line': fields.command,
    }),
  'cron.changed': ({ fields }) =>
    known({
      'event.category': ['configuration'],
      'event.type': [fields.how === 'deleted' ? 'deletion' : 'change'],
      'event.action': `crontab-${fields.how}`,
      'event.outcome': 'success',
      'user.name': fields.by,
      'user.target.name': fields.account,
    }),
  'kernel.conntrack-full': () => known({ 'event.category': ['network'], 'event.type': ['denied'], 'event.action': 'conntrack-full' }),
  'kernel.segfault': ({ fields }) =>
    ofKernel('segfault', { 'process.name': fields.program, 'process.pid': fields.pid, 'event.reason': fields.detail }),
  'kernel.promiscuous': ({ fields }) =>
    ofKernel(fields.on ? 'promiscuous-on' : 'promiscuous-off', { 'observer.ingress.interface.name': fields.device }),
  'kernel.oom': ({ fields }) =>
    ofKernel('oom-kill', { 'process.name': fields.program, 'process.pid': fields.pid, 'user.id': fields.uid === null ? null : String(fields.uid) }),
  'record.login': ({ fields }) =>
    known({
      ...login('login', fields.failed ? 'failure' : 'success'),
      ...peer(fields.ip),
      'user.name': fields.account,
      'process.pid': fields.pid,
      'process.tty.name': fields.line,
    }),
};

function ofKernel(action: string, more: Loose): Ecs {
  return known({ 'event.category': ['host'], 'event.type': ['info'], 'event.action': action, ...more });
}

/** Kinds that no log line tells of (what was seen on the machine) have no such names: the record is empty. */
export function ecsOf(event: Event): Ecs {
  // The maker's argument depends on the kind that the event carries; TypeScript cannot follow that through a union.
  const make = MAKERS[event.kind] as ((event: Event) => Ecs) | undefined;
  return make ? make(event) : {};
}
