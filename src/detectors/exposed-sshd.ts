/** An sshd that takes passwords and listens to more than this host: the door that guessing needs. */

import type { Detector } from '../core/contracts.ts';
import { openedForPasswords } from '../core/sshd-match.ts';
import { counted, listed, named } from '../core/text.ts';
import type { Entity, EventOf, Evidence, FindingDraft, SocketSeen, SshdSeen } from '../core/words.ts';
import type { Networks } from '../core/world.ts';

/** Sockets of one host that listen on sshd's ports; more say nothing new. */
const LISTENERS_AT_MOST = 50;
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::', '*']);

export const exposedSshd: Detector = {
  name: 'exposed-sshd',
  about: 'Finds an sshd that takes passwords and listens on more than the loopback address.',
  cannotSee: 'firewalls before or on this host, which log-ins a Match block opens it for, and an sshd that somebody started by hand.',
  attack: ['T1021.004'],
  tells: 'exposure',
  role: 'explanation',
  start({ networks }) {
    let settings: EventOf<'sshd.seen'> | null = null;
    let socketsSeen = false;
    const listeners: SocketSeen[] = [];
    return {
      'sshd.seen': (event) => {
        if (settings?.fields.by !== 'sshd -T' || event.fields.by === 'sshd -T') settings = event;
        return null;
      },
      'socket.seen': ({ fields }) => {
        socketsSeen = true;
        const listens = fields.state === 'LISTEN' && fields.proto === 'tcp' && settings?.fields.ports.includes(fields.localPort);
        if (listens && listeners.length < LISTENERS_AT_MOST) listeners.push(fields);
        return null;
      },
      'sweep.done': () => (settings ? judged(settings, socketsSeen ? listeners : null, networks) : null),
    };
  },
};

/** `listeners` is null when no sockets could be seen, as on a mounted disk. */
function judged(event: EventOf<'sshd.seen'>, listeners: readonly SocketSeen[] | null, networks: Networks): FindingDraft | null {
  if (!takesPasswords(event.fields) && openedForPasswords(event.fields).length === 0) return null;
  const open = listeners?.filter(({ local }) => EVERYWHERE.has(local) || networks.classOf(local) !== 'loopback') ?? null;
  if (open?.length === 0) return null;
  const ports = open ? [...new Set(open.map((socket) => socket.localPort))] : event.fields.ports;
  return told(event, open, ports);
}

function takesPasswords({ passwordAuthentication, keyboardInteractive, usePam }: SshdSeen): boolean {
  return passwordAuthentication || (keyboardInteractive && usePam);
}

function told({ at, fields }: EventOf<'sshd.seen'>, open: readonly SocketSeen[] | null, ports: readonly number[]): FindingDraft {
  const rootByPassword = fields.permitRootLogin === 'yes';
  const locals = [...new Set((open ?? []).map((socket) => socket.local))];
  const everywhere = locals.some((local) => EVERYWHERE.has(local));
  const where =
    open === null ? 'whether it runs could not be seen' : `it listens ${everywhere ? 'on every address, so to the world' : `on ${listed(locals)}`}`;
  return {
    key: 'sshd',
    at,
    severity: takesPasswords(fields) && (rootByPassword || fields.permitEmptyPasswords) ? 'low' : 'info',
    confidence: open === null ? 'medium' : 'strong',
    says: `sshd takes ${allowed(fields).join(', ')}; ${where} (port ${listed(ports.map(String))})${otherwise(fields)}`,
    culprit: ports.map((port): Entity => ({ is: 'port', proto: 'tcp', port })),
    victim: [],
    evidence: [settingsEvidence(fields), ...(open ?? []).map(socketEvidence)],
    seen: 1,
    figures: { ports: ports.join(' '), maxAuthTries: fields.maxAuthTries, permitRootLogin: fields.permitRootLogin },
  };
}

function otherwise(fields: SshdSeen): string {
  if (fields.matches.length === 0 || !takesPasswords(fields)) return '';
  return `; ${counted(fields.matches.length, 'Match block')} may say otherwise`;
}

function allowed(fields: SshdSeen): string[] {
  if (!takesPasswords(fields)) return [`passwords only where a block says so: ${listed(openedForPasswords(fields), 3)}`];
  return [
    'passwords',
    ...(fields.permitRootLogin === 'yes' ? ['root by password too'] : []),
    ...(fields.permitEmptyPasswords ? ['empty passwords'] : []),
    fields.allowUsers.length + fields.allowGroups.length === 0
      ? 'from every account'
      : `from ${listed([...fields.allowUsers, ...fields.allowGroups])} only`,
  ];
}

function settingsEvidence({ by, path, passwordAuthentication, keyboardInteractive, permitRootLogin, permitEmptyPasswords }: SshdSeen): Evidence {
  const word = (on: boolean) => (on ? 'yes' : 'no');
  return {
    source: by,
    path,
    says: `PasswordAuthentication ${word(passwordAuthentication)}, KbdInteractiveAuthentication ${word(keyboardInteractive)}, PermitRootLogin ${named(permitRootLogin)}, PermitEmptyPasswords ${word(permitEmptyPasswords)}`,
  };
}

function socketEvidence({ local, localPort, pid }: SocketSeen): Evidence {
  return { source: 'sockets', says: `LISTEN ${local} port ${localPort}${pid === null ? '' : `, pid ${pid}`}` };
}
