/**
 * What some messages tell in fixed places though nothing happened that we judge: packets that a firewall logged, names that a name server was
 * asked for, clients in the error logs of web servers. In ECS names.
 */

import { type Ecs, known } from './ecs-words.ts';
import { clientIn, keyedClient, loginSaid, ofLogin } from './login-words.ts';
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
    case 'exim':
    case 'exim4':
      return client(EXIM_CLIENT.exec(message));
    case 'haproxy':
      return connected(message);
    default:
      return {};
  }
}

/** What any program's sentence says of a log-in; of others the client's address, where the words say that it is. No judgement: such sentences are known by their words alone. */
export function saidFacts(whole: string): Ecs {
  const message = whole.slice(0, READ_CHARACTERS);
  const told = asked(message) ?? barred(message) ?? arrow(message);
  if (told) return told;
  const { ip, account, outcome } = loginSaid(message);
  const said = outcome !== null || ofLogin(message);
  return known({
    'event.category': outcome === null ? null : ['authentication'],
    'event.outcome': outcome,
    'source.ip': (said ? ip : clientIn(message, true)) ?? keyedClient(message),
    'user.name': said ? account : null,
  });
}

/** `192.0.2.9 GET /path 404`: a request without quotation marks, behind its client; all that follows the method is the client's. */
const ASKED =
  /^[^"/]{0,160}?(?<![\w.:])\[?([\da-fA-F:.]{2,45}?)\]?(?::\d{1,5})?(?: (?!\d{1,3}\.)[\w.@-]{1,64}){0,2} (GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|PROPFIND|REPORT|CONNECT) (\S{1,2000})(?:.{0,60}? (\d{3})(?= |$))?/;

function asked(message: string): Ecs | null {
  const [, ip = '', method, target = '', status] = ASKED.exec(message) ?? [];
  if (addressOf(ip) === null || !/^(?:\/|https?:\/\/|\*)/.test(target)) return null;
  return known({
    'event.category': ['web'],
    'source.ip': addressOf(ip),
    'http.request.method': method,
    'url.original': target,
    'http.response.status_code': status === undefined ? null : Number(status),
    'event.outcome': status === undefined ? null : Number(status) < 400 ? 'success' : 'failure',
  });
}

/** Go's web frameworks (gin, gotify): `| 404 | 1.2ms | 192.0.2.9 | GET "/path"`. */
const BARRED =
  /^[^"|]{0,60}\| {0,4}(\d{3}) {0,4}\| {0,12}[\d.]{1,12}[\wµ\u00b5\u00c2]{1,4} {0,4}\| {0,45}([\da-fA-F:.]{2,45}) {0,4}\| {0,4}([A-Z]{3,10}) {0,8}"([^"]{1,2000})"/;

function barred(message: string): Ecs | null {
  const [, status, ip = '', method, target] = BARRED.exec(message) ?? [];
  if (addressOf(ip) === null) return null;
  return known({
    'event.category': ['web'],
    'source.ip': addressOf(ip),
    'http.request.method': method,
    'url.original': target,
    'http.response.status_code': Number(status),
    'event.outcome': Number(status) < 400 ? 'success' : 'failure',
  });
}

/** `192.0.2.9:4711 -> 198.51.100.1:443`, as sensors and proxies write a connection; Suricata's fast.log has the protocol before it. */
const ARROW = /(?:\{(\w{2,8})\} )?\[?([\da-fA-F:.]{2,45}?)\]?:(\d{1,5}) (?:->|=>|→) \[?([\da-fA-F:.]{2,45}?)\]?:(\d{1,5})(?![\w.:])/g;

function arrow(message: string): Ecs | null {
  const flows = [...message.matchAll(ARROW)].filter((found) => addressOf(found[2] ?? '') !== null && addressOf(found[4] ?? '') !== null);
  const [, transport, from = '', fromPort, to = '', toPort] = flows[0] ?? [];
  if (flows.length !== 1) return null;
  const { account, outcome } = loginSaid(message);
  return known({
    'event.category': ['network'],
    'event.outcome': outcome,
    'user.name': outcome === null ? null : account,
    'network.transport': transport?.toLowerCase(),
    'source.ip': addressOf(from),
    'source.port': Number(fromPort),
    'destination.ip': addressOf(to),
    'destination.port': Number(toPort),
  });
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

/** `… H=name (said) [192.0.2.9]:4711 …`; what the client said of itself holds no brackets, and comes behind names of mailboxes in angle brackets. */
const EXIM_CLIENT = / H=(?:[^\s[\](){}]{1,255} )?(?:\([^()[\]]{0,255}\) )?\[([\da-fA-F:.]{2,45})\](?::(\d{1,5}))?/;

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
