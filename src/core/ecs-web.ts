/** A request to a web server in the words of the Elastic Common Schema. */

import { type Ecs, known, type Loose, peer } from './ecs-words.ts';
import type { EventOf } from './words.ts';

export function request({ fields }: EventOf<'web.request'>): Ecs {
  const { target, status } = fields;
  const http = fields.method !== null;
  return known({
    'event.category': ['web'],
    'event.type': ['access'],
    'event.outcome': status === null ? null : status < 400 ? 'success' : 'failure',
    ...peer(fields.ip),
    'user.name': fields.user,
    'http.request.method': fields.method,
    'http.request.referrer': fields.referrer,
    'http.version': fields.version,
    'http.response.status_code': status,
    'http.response.body.bytes': fields.bytes,
    'user_agent.original': fields.agent,
    'url.original': target,
    ...(http ? urlOf(target) : {}),
    ...(fields.site === null ? {} : { 'url.domain': fields.site }),
  });
}

/** `http://site:port/path?query#part` of proxies, `/path?query` of all others (RFC 9112 section 3.2). */
function urlOf(target: string): Loose {
  const absolute = /^([a-z][a-z\d+.-]{0,15}):\/\/([^/?#]{1,255})/i.exec(target);
  const authority = absolute?.[2]?.slice((absolute[2] ?? '').lastIndexOf('@') + 1) ?? '';
  const port = /:(\d{1,5})$/.exec(authority)?.[1];
  const rest = absolute ? target.slice(absolute[0].length) : target;
  const whole = cutAt(rest, '#');
  const path = cutAt(whole, '?');
  return {
    'url.path': path || (absolute ? '/' : null),
    'url.query': whole.length > path.length ? whole.slice(path.length + 1) : null,
    'url.scheme': absolute?.[1]?.toLowerCase(),
    'url.domain': authority === '' ? null : authority.replace(/:\d{1,5}$/, ''),
    'url.port': port === undefined ? null : Number(port),
  };
}

function cutAt(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}
