/** Access lines written as JSON: nginx (log_format escape=json), Caddy, Traefik, Apache, HAProxy, by the key names that are usual for them. */

import { anyTime, epochTime, type Stamp } from './access-time.ts';
import { addressOf } from './peer.ts';
import type { AccessLine, WebRequest } from './web-request.ts';

/** Keys by what they mean, the most certain first. Dots lead into nested objects (Caddy, ECS). Compared in lower case. */
const KEYS = {
  ip: 'request.remote_ip remote_addr remote_ip clientaddr client_ip clientip clienthost remoteip client source.ip source.address remote_host request.remote_addr ip c-ip'.split(
    ' ',
  ),
  user: 'remote_user clientusername user_id user source.user.name user.name auth_user'.split(' '),
  line: 'request http_request request_line'.split(' '),
  method: 'request.method request_method requestmethod method http_method verb http.request.method'.split(' '),
  target: 'request.uri request_uri requestpath url.original uri_path uri path url http_uri'.split(' '),
  query: 'args query_string querystring query url.query'.split(' '),
  version: 'request.proto server_protocol requestprotocol protocol proto http_version http.version'.split(' '),
  status: 'status downstreamstatus response_status status_code http.response.status_code originstatus http_status response code resp.status'.split(
    ' ',
  ),
  bytes: 'body_bytes_sent size downstreamcontentsize bytes_sent response_size http.response.body.bytes bytes_read bytes length resp_size'.split(' '),
  referrer: 'http_referer http_referrer referer referrer request_referer request.headers.referer http.request.referrer'.split(' '),
  agent: 'http_user_agent user_agent useragent agent request_user-agent request.headers.user-agent user_agent.original'.split(' '),
  site: 'request.host http_host host server_name vhost virtual_host requesthost requestaddr url.domain domain'.split(' '),
  time: 'time_iso8601 ts time_local startutc @timestamp timestamp time msec datetime date time_unix'.split(' '),
} as const;

type Values = ReadonlyMap<string, string | number>;

/** Deeper objects and longer lists are no access log. */
const DEPTH_AT_MOST = 3;
const KEYS_AT_MOST = 200;

export function readAccessJson(line: string): AccessLine | null {
  const values = valuesOf(line);
  if (values === null) return null;
  const find = (keys: readonly string[]) => keys.map((key) => values.get(key)).find((value) => value !== undefined && value !== '' && value !== '-');
  const text = (keys: readonly string[]) => find(keys)?.toString() ?? null;
  const asked = askedOf(text(KEYS.line), text(KEYS.method), text(KEYS.target), text(KEYS.query), text(KEYS.version));
  const status = countOf(find(KEYS.status));
  if (asked === null || status === null || status < 100 || status > 999) return null;
  const site =
    text(KEYS.site)
      ?.replace(/:\d{1,5}$/, '')
      .slice(0, 255)
      .toLowerCase() ?? null;
  const request: WebRequest = {
    ip: peer(text(KEYS.ip)),
    user: text(KEYS.user),
    ...asked,
    status,
    bytes: countOf(find(KEYS.bytes)),
    referrer: text(KEYS.referrer),
    agent: text(KEYS.agent),
    site: site === '_' ? null : site,
  };
  return { stamp: timeOf(find(KEYS.time)), request };
}

/** All plain values by their dotted keys. `log` of a container's wrapper (docker json-file) is looked into by whoever unpacks it. */
function valuesOf(line: string): Values | null {
  let whole: unknown;
  try {
    whole = JSON.parse(line);
  } catch {
    return null;
  }
  const values = new Map<string, string | number>();
  flatten(whole, '', 0, values);
  return values;
}

function flatten(value: unknown, key: string, depth: number, into: Map<string, string | number>): void {
  if (into.size >= KEYS_AT_MOST) return;
  if (typeof value === 'string' || typeof value === 'number') {
    if (!into.has(key)) into.set(key, value);
  } else if (Array.isArray(value)) flatten(value[0], key, depth + 1, into);
  else if (typeof value === 'object' && value !== null && depth <= DEPTH_AT_MOST) {
    for (const [name, inner] of Object.entries(value))
      flatten(inner, key === '' ? name.toLowerCase() : `${key}.${name.toLowerCase()}`, depth + 1, into);
  }
}

type Asked = Pick<WebRequest, 'method' | 'target' | 'version'>;

function askedOf(line: string | null, method: string | null, target: string | null, query: string | null, protocol: string | null): Asked | null {
  const version = /^(?:HTTP\/)?(\d(?:\.\d)?)$/i.exec(protocol ?? '')?.[1] ?? null;
  const parts = /^([A-Za-z_-]{1,32}) (.*) HTTP\/(\d(?:\.\d)?)$/s.exec(line ?? '');
  if (parts) return { method: parts[1] ?? null, target: parts[2] ?? '', version: parts[3] ?? null };
  if (target !== null && (method !== null || line !== null || protocol !== null)) {
    const asks = query !== null && !target.includes('?') ? `?${query.replace(/^\?/, '')}` : '';
    return { method, target: `${target}${asks}`, version };
  }
  return line === null ? null : { method: null, target: line, version };
}

function countOf(value: string | number | undefined): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? Math.floor(count) : null;
}

function peer(text: string | null): string | null {
  if (text === null) return null;
  const bare = /^\[([^\]]{2,45})\](?::\d{1,5})?$/.exec(text)?.[1] ?? text;
  return addressOf(bare) ?? addressOf(/^(\d[\d.]{6,14}):\d{1,5}$/.exec(bare)?.[1] ?? '');
}

function timeOf(value: string | number | undefined): Stamp | null {
  if (value === undefined) return null;
  return typeof value === 'number' ? epochTime(value) : anyTime(value);
}
