/** The tags of fail2ban's expressions (`<HOST>`, `<F-USER>…</F-USER>`, `<SKIPLINES>`) as the groups that they stand for in Python's syntax. */

import type { FilterDefinition } from './definition.ts';

const IPV4 = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
const IPV6 = `(?:[0-9a-fA-F]{1,4}:{1,2}|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)`;
/** An IPv4 address may be dressed as IPv6 (RFC 4291 2.5.5); the dress stays outside. */
const IP4 = `(?:::f{4,6}:)?(?P<ip4>${IPV4})`;
const IP6 = `(?P<ip6>${IPV6})`;
const DNS = String.raw`(?P<dns>[\w\-.^_]*\w)`;
const ADDR = String.raw`\[?(?:${IP4}|${IP6})\]?`;
const HOST = `(?:${ADDR}|${DNS})`;
const CIDR = String.raw`(?P<cidr>\d+)`;
const SUBNET = String.raw`\[?(?:${IP4}|${IP6})(?:/${CIDR})?\]?`;

/** Tags that stand for the same always. */
const FIXED: Readonly<Record<string, string>> = {
  IP4,
  'F-IP4/': IP4,
  IP6,
  'F-IP6/': IP6,
  ADDR,
  'F-ADDR/': ADDR,
  CIDR,
  'F-CIDR/': CIDR,
  SUBNET,
  'F-SUBNET/': SUBNET,
  DNS,
  'F-DNS/': DNS,
  'F-ID/': String.raw`(?P<fid>\S+)`,
  'F-PORT/': String.raw`(?P<fport>\w+)`,
};

/** Groups that are called otherwise than their tags. */
const GROUPS: Readonly<Record<string, string>> = { id: 'fid', port: 'fport' };

/** The group that a custom tag's name stands for: `USER` is `user`, `ID` is `fid`. */
export function groupOf(name: string): string {
  const small = name.toLowerCase();
  return GROUPS[small] ?? small;
}

/** `((?i)x)` has its flag for itself only: `(?i:x)`. Python before 3.11 took it for the whole expression, which fail2ban never meant. */
const FLAG_IN_GROUP = /(?<!\\)\((?:\?:)?(\(\?[a-z]+)\)/g;

/** Without names where names are not looked at (`usedns = no`): there `<HOST>` is an address. */
export function expandTags(source: string, usedns: FilterDefinition['usedns']): string {
  const open = new Set<string>();
  let skips = 0;
  const text = source.replace(/<(\/?[\w-]+\/?)>/g, (written: string, tag: string) => {
    if (tag === 'HOST') return usedns === 'no' ? ADDR : HOST;
    if (tag === 'SKIPLINES') {
      skips += 1;
      return String.raw`\n(?P<skiplines${skips - 1}>(?:(?:.*\n)*?))`;
    }
    const fixed = Object.hasOwn(FIXED, tag) ? FIXED[tag] : undefined;
    return fixed ?? customTag(written, tag, open);
  });
  return text.replace(FLAG_IN_GROUP, '$1:');
}

/** `<F-x>` begins a group of one's own and `</F-x>` ends it; one that ends nothing is text. */
function customTag(written: string, tag: string, open: Set<string>): string {
  const custom = /^(\/?)F-([A-Z0-9_-]+)$/.exec(tag);
  const name = custom?.[2];
  if (name === undefined) return written;
  if (custom?.[1] === '/') return open.has(name) ? ')' : written;
  open.add(name);
  return `(?P<${groupOf(name)}>`;
}

/** Groups one of which says who it was; `mlfid` ties lines together until one of them says it. */
export const WHO: readonly string[] = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'];
