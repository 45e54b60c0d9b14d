/** Addresses that look for holes: known scanners, one known weak place after another, or hundreds of names that are not there. */

import type { Detector } from '../core/contracts.ts';
import { MINUTE_MS } from '../core/spans.ts';
import { counted, lasted, listed, named, shown } from '../core/text.ts';
import { pathOf } from '../core/web-answer.ts';
import { attackIn } from '../core/web-attack.ts';
import { Bounded, Sample } from '../core/window.ts';
import type { EventOf, Evidence, FindingDraft, Millis } from '../core/words.ts';

const VISITORS_KEPT = 10_000;
const PATHS_KEPT = 300;
const EVIDENCE_KEPT = 20;
/** Different weak places, as the lists of scanners name them: people ask for one or two of them. */
const PROBES = 5;
/** Names that are not there, within ten minutes. A site that moved gives a robot that many in hours. */
const MISSING = 60;
/** Requests that are no HTTP: other protocols are tried on this port. */
const STRANGE = 10;
const SPAN_MS = 10 * MINUTE_MS;
/** Past this it is more than what every site sees daily. */
const LOUD = 200;

/** Robots of search engines come again to what is gone, and say who they are; who lies about it asks for weak places too. */
const ROBOT =
  /googlebot|bingbot|yandex|baiduspider|duckduckbot|applebot|slurp|ahrefs|semrush|mj12bot|petalbot|facebookexternalhit|sogou|seznam|archive\.org_bot|ccbot|gptbot|amazonbot|uptimerobot|pingdom|monitor/i;

interface Visitor {
  readonly ip: string;
  /** Different paths that were refused, and weak places that were asked for; at most `PATHS_KEPT` each. */
  readonly missing: Set<string>;
  readonly probes: Set<string>;
  readonly evidence: Sample<Evidence>;
  readonly sites: Set<string>;
  /** When the newest different paths were asked for first, at most `MISSING`. */
  readonly recent: Millis[];
  /** When the newest requests that are no HTTP came, at most `STRANGE`. */
  readonly strange: Millis[];
  tool: string | null;
  robot: boolean;
  fast: boolean;
  refused: number;
  found: number;
  first: Millis;
  last: Millis;
}

type Request = EventOf<'web.request'>;

export const webScanner: Detector = {
  name: 'web-scanner',
  about: 'Finds addresses that look for weak places in web sites: scanners by name, known weak paths, and many names that are not there.',
  cannotSee: 'slow searches spread over many addresses, and scanners that ask only for what is there.',
  attack: ['T1595.002', 'T1595.003'],
  tells: 'attack',
  role: 'entry',
  start() {
    const visitors = new Bounded<Visitor>(VISITORS_KEPT, ({ missing, probes, tool }) => missing.size + 10 * probes.size + (tool ? 100 : 0));
    return {
      'web.request': (event) => {
        hear(visitors, event);
        return null;
      },
      'sweep.done': () => visitors.values().filter(scans).map(told),
    };
  },
};

function hear(visitors: Bounded<Visitor>, event: Request): void {
  const { fields, at } = event;
  const { ip, status } = fields;
  if (ip === null) return;
  const refused = status !== null && status >= 400 && status < 500 && status !== 401 && status !== 429;
  const attack = attackIn(fields);
  if (!refused && !attack?.sure) return;
  const visitor = visitors.open(ip, () => newVisitor(ip, at));
  visitor.last = Math.max(visitor.last, at);
  visitor.first = Math.min(visitor.first, at);
  if (fields.site !== null && visitor.sites.size < 20) visitor.sites.add(fields.site);
  if (fields.agent !== null && ROBOT.test(fields.agent)) visitor.robot = true;
  if (attack?.class === 'scanner') visitor.tool ??= fields.agent;
  const path = pathOf(fields);
  if (attack?.sure && attack.where === 'target') {
    if (visitor.probes.size < PATHS_KEPT && !visitor.probes.has(path)) visitor.evidence.add(evidenceOf(event));
    if (visitor.probes.size < PATHS_KEPT) visitor.probes.add(path);
    if (!refused && (status ?? 0) < 300) visitor.found += 1;
  } else if (attack?.class === 'scanner') visitor.evidence.add(evidenceOf(event));
  if (attack?.class === 'protocol') babbled(visitor, event);
  else if (refused) missed(visitor, event, path);
}

function newVisitor(ip: string, at: Millis): Visitor {
  return {
    ip,
    missing: new Set(),
    probes: new Set(),
    evidence: new Sample(EVIDENCE_KEPT),
    sites: new Set(),
    recent: [],
    strange: [],
    tool: null,
    robot: false,
    fast: false,
    refused: 0,
    found: 0,
    first: at,
    last: at,
  };
}

function missed(visitor: Visitor, event: Request, path: string): void {
  visitor.refused += 1;
  if (visitor.missing.size >= PATHS_KEPT || visitor.missing.has(path)) return;
  visitor.missing.add(path);
  visitor.evidence.add(evidenceOf(event));
  visitor.recent.push(event.at);
  if (visitor.recent.length > MISSING) visitor.recent.shift();
  if (visitor.recent.length === MISSING && event.at - (visitor.recent[0] ?? event.at) <= SPAN_MS) visitor.fast = true;
}

function babbled(visitor: Visitor, event: Request): void {
  visitor.evidence.add(evidenceOf(event));
  visitor.refused += 1;
  visitor.strange.push(event.at);
  if (visitor.strange.length > STRANGE) visitor.strange.shift();
  if (visitor.strange.length === STRANGE && event.at - (visitor.strange[0] ?? event.at) <= SPAN_MS) visitor.fast = true;
}

function scans({ tool, probes, fast, robot }: Visitor): boolean {
  return tool !== null || probes.size >= PROBES || (fast && !robot);
}

function evidenceOf({ source, line, at, fields }: Request): Evidence {
  return {
    source,
    ...(line === undefined ? {} : { line }),
    at,
    says: `${fields.method ?? '-'} ${shown(fields.target, 200)} → ${fields.status ?? '-'}`,
  };
}

function told(visitor: Visitor): FindingDraft {
  const { ip, tool, probes, missing, refused, first, last, sites } = visitor;
  const what = [
    probes.size > 0 ? `asked for ${counted(probes.size, 'weak place')} (${listed([...probes], 3)})` : '',
    visitor.strange.length > 0 ? 'spoke what is no HTTP' : '',
    missing.size > 0 ? `was refused ${counted(missing.size, 'different name')}${missing.size >= PATHS_KEPT ? ' or more' : ''}` : '',
  ].filter(Boolean);
  return {
    key: `address ${ip}`,
    at: first,
    from: first,
    to: last,
    severity: refused >= LOUD || probes.size >= LOUD ? 'medium' : 'low',
    confidence: tool !== null || probes.size >= PROBES ? 'strong' : 'medium',
    says: `${named(ip)}${tool === null ? '' : ` (${named(tool.slice(0, 80))})`} searched ${sites.size === 0 ? 'the web server' : listed([...sites], 3)} for weak places within ${lasted(last - first)}${what.length > 0 ? `: ${what.join(' and ')}` : ''}`,
    culprit: [{ is: 'address', ip }],
    victim: [...sites].map((name) => ({ is: 'site', name })),
    evidence: visitor.evidence.all(),
    seen: Math.max(1, refused, probes.size),
    figures: { weakPlaces: probes.size, distinctTargets: missing.size, refused, answered: visitor.found },
  };
}
