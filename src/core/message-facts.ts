/**
 * What some messages tell in fixed places though nothing happened that we judge: packets that a firewall logged, names that a name server was
 * asked for, clients in the error logs of web servers. In ECS names.
 */

import { type Ecs, known } from './ecs-words.ts';
import { addressOf } from './peer.ts';

const READ_CHARACTERS = 4_096;

export function messageFacts(program: string, whole: string): Ecs {
  const message = whole.slice(0, READ_CHARACTERS);
  switch (program) {
    case 'kernel':
    case 'ulogd':
      return packet(message);
    case 'named':
      return question(message);
    case 'apache-error':
      return client(APACHE_CLIENT.exec(message));
    case 'nginx-error':
    case 'nginx':
      // A visitor can write a second one into his request.
      return message.split(', client: ', 3).length > 2 ? {} : client(NGINX_CLIENT.exec(message));
    case 'haproxy':
      return connected(message);
    default:
      return {};
  }
}

const PAIR = / (SRC|DST|SPT|DPT|PROTO|IN|OUT)=([\w.:-]{0,64})(?= |$)/g;

/** The kernel's own words behind a prefix of the rule (xt_LOG): `IN=eth0 OUT= SRC=… DST=… PROTO=TCP SPT=… DPT=…`. */
export function packet(message: string): Ecs {
  if (!message.includes(' SRC=') || !message.includes('IN=')) return {};
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of ` ${message}`.matchAll(PAIR)) if (!values.has(key)) values.set(key, value);
  const number = (key: string) => (/^\d{1,5}$/.test(values.get(key) ?? '') ? Number(values.get(key)) : null);
  const [source, target] = [values.get('SRC') ?? '', values.get('DST') ?? ''];
  return known({
    'event.category': ['network'],
    'source.ip': addressOf(source) && source,
    'source.port': number('SPT'),
    'destination.ip': addressOf(target) && target,
    'destination.port': number('DPT'),
    'network.transport': values.get('PROTO'),
    'observer.ingress.interface.name': values.get('IN'),
    'observer.egress.interface.name': values.get('OUT'),
  });
}

/** `client @0x7f… 192.0.2.9#3074 (example.com): query: example.com IN A + (198.51.100.1)` (BIND's query log). */
const QUESTION =
  /^(?:queries: info: )?client (?:@0x[\da-f]{1,20} )?([^\s#]{2,64})#(\d{1,5})(?: \(.{0,300}?\))?: (?:view [^\s:]{1,60}: )?query: (\S{1,255}) (IN|CH|HS|ANY|CLASS\d{1,5}) ([A-Z\d]{1,12}) /;

function question(message: string): Ecs {
  const found = QUESTION.exec(message);
  if (!found) return {};
  const [, ip = '', port, name, kind, type] = found;
  return known({
    'event.category': ['network'],
    'network.protocol': 'dns',
    'source.ip': addressOf(ip),
    'source.port': Number(port),
    'dns.question.name': name,
    'dns.question.class': kind,
    'dns.question.type': type,
  });
}

/** Before any text that a visitor chose; a module may put its own words and an error of the system in front. */
const APACHE_CLIENT = /^(?:\(\d{1,6}\)[\w :,'-]{0,120}: |\[remote [^\]]{2,64}\] )?\[client ([^\]\s]{2,64}?)(?::(\d{1,5}))?\]/;
/** Behind what nginx says, and before the first request that follows it. */
const NGINX_CLIENT =
  /(?:, client: ([\da-fA-F:.]{2,45}),|^(?:\d{4}\/\d\d\/\d\d [\d:]{8} \[\w{1,12}\] [\d#]{1,24}: )?(?:\*\d{1,20} )?\[client ([\da-fA-F:.]{2,45})\])/;

function client(found: RegExpExecArray | null): Ecs {
  const ip = addressOf(found?.[1] ?? found?.[2] ?? '');
  return ip === null
    ? {}
    : known({ 'source.ip': ip, 'source.port': found?.[1] !== undefined && /^\d+$/.test(found[2] ?? '') ? Number(found[2]) : null });
}

/** `Connect from 192.0.2.9:40780 to 198.51.100.1:5000 (main/HTTP)` and the address that opens all other lines of haproxy. */
function connected(message: string): Ecs {
  const asked = /^Connect from (\S{2,64}):(\d{1,5}) to (\S{2,64}):(\d{1,5}) \(/.exec(message);
  if (asked)
    return known({
      'source.ip': addressOf(asked[1] ?? ''),
      'source.port': Number(asked[2]),
      'destination.ip': addressOf(asked[3] ?? ''),
      'destination.port': Number(asked[4]),
    });
  const first = /^(\S{2,64}):(\d{1,5}) \[/.exec(message);
  return first ? known({ 'source.ip': addressOf(first[1] ?? ''), 'source.port': Number(first[2]) }) : {};
}
