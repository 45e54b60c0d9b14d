/** Writes docs/coverage.md: which groups of lines of which corpus `tocsin explain` gets right, and what of the others it does not do. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { casesIn, dataDirectory, scored } from '../line-cases.mjs';

const CORPORA = [
  { name: 'sshguard', file: 'sshguard/lines.jsonl', of: "sshguard's parser tests", group: (one) => one.section },
  {
    name: 'ecs-filebeat',
    file: 'ecs-filebeat/lines.jsonl',
    of: "Filebeat's system, auditd, Apache, nginx, HAProxy and osquery samples",
    group: (one) => `${one.module}/${one.fileset}`,
  },
  { name: 'ecs-logstash', file: 'ecs-logstash/lines.jsonl', of: "Logstash's grok specs", group: (one) => one.module },
  { name: 'crowdsec-hub', file: 'crowdsec-hub/parser-lines.jsonl', of: "CrowdSec's parser tests", group: (one) => one.test },
];
const TARGET = new URL('../../docs/coverage.md', import.meta.url);

export function run(args) {
  const directory = dataDirectory(args);
  if (directory === null) {
    console.error('table: skipped, the data are not here (TOCSIN_DATA, or --dir DIR)');
    return true;
  }
  const parts = CORPORA.map((corpus) => partOf(corpus, directory));
  fs.writeFileSync(TARGET, `${HEAD}\n${parts.join('\n')}`);
  console.log(`written: ${path.relative(process.cwd(), TARGET.pathname)}`);
  return true;
}

const HEAD = `# What of other tools' test lines is understood
Made by \`npm run conformance -- table\`; do not edit. A line counts when all that its corpus expects of attack, address, account and outcome is said.
"Nothing" = no parser takes the line; "other" = it is taken, and something of it is said otherwise.

## Out of scope, on purpose
- **A name that is none.** Where nobody logged in, logs have \`-\`, \`N/A\` or \`undefined\` (Apache, nginx, FortiGate, CouchDB); Filebeat and CrowdSec keep the word as the account, here there is none.
- **Half of a story.** strongSwan tells a refusal and its client in two lines: the line with the addresses is one of many packets sent, and \`source\` in it is the server.
- **What may be anybody's word.** Two addresses of which the line does not say whose is which (CAS's audit log, a name with \` from 192.0.2.9\` in it): nobody is blamed.
- **Whom a mail was for.** CrowdSec's exim parser calls the recipient the user; that is the victim, not who came.
- **A page that asks for a password.** 401 to a request without a name is how a server asks (RFC 9110 section 15.5.2), not a wrong password; sshguard counts it.
- **A client that gives up.** sshguard lets \`Received disconnect … Auth fail\` pass, fail2ban counts it; here it is evidence, as a refusal stands before it.
- **Programs of other systems** (Exchange, IIS, Cisco ASA, FortiGate beyond its log-ins): read as far as the words that all programs share go.
`;

function partOf({ name, file, of, group }, directory) {
  const { score, misses } = scored(directory, path.join(directory, file));
  const cases = new Map(casesIn(path.join(directory, file)).map((one) => [one.id, one]));
  const missed = new Set(misses.map((miss) => miss.id));
  const silent = new Set(misses.filter((miss) => !miss.got.some(saysAnything)).map((miss) => miss.id));
  const why = new Map(misses.map((miss) => [miss.id, wordsFor(miss)]));
  const rows = new Map();
  for (const [id, one] of cases) {
    if (!isJudged(id, score, one, missed)) continue;
    const row = rows.get(group(one)) ?? { n: 0, ok: 0, nothing: 0, other: new Map() };
    rows.set(group(one), row);
    row.n += 1;
    if (!missed.has(id)) row.ok += 1;
    else if (silent.has(id)) row.nothing += 1;
    else row.other.set(why.get(id), (row.other.get(why.get(id)) ?? 0) + 1);
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  const right = sorted.reduce((sum, [, row]) => sum + row.ok, 0);
  const all = sorted.reduce((sum, [, row]) => sum + row.n, 0);
  return `## ${name}: ${right} of ${all}\n${of}.\n\n| group | right | of | nothing | other |\n|---|---|---|---|---|\n${sorted.map(rowText).join('\n')}\n`;
}

function rowText([group, { n, ok, nothing, other }]) {
  const words = [...other].map(([says, times]) => `${says} (${times})`).join('; ');
  return `| ${group} | ${ok} | ${n} | ${nothing || ''} | ${words} |`;
}

/** Cases of which their corpus expects nothing that is compared are no cases here. */
function isJudged(id, _score, one, missed) {
  if (missed.has(id)) return true;
  const expected = one.expect ?? {};
  if (id.startsWith('cs/')) return Boolean(expected.meta?.source_ip ?? expected.meta?.target_user ?? expected.meta?.user ?? expected.meta?.username);
  if (id.startsWith('sshg/')) return true;
  return Object.keys(expected).some((name) =>
    /^(?:source\.ip|client\.ip|user\.name|event\.outcome|process\.|host\.hostname|group\.name|http\.|url\.)/.test(name),
  );
}

function saysAnything({ ip, user, attack }) {
  return Boolean(ip ?? user ?? (attack || null));
}

function wordsFor({ want, got }) {
  const said = (name) => got.map((one) => one[name]).find((value) => value !== null && value !== undefined);
  if (want.attack === true && !got.some((one) => one.attack)) return 'not taken for an attack by itself';
  if (want.attack === false && got.some((one) => one.attack)) return 'taken for an attack';
  if (want.user === '-' && said('user') === undefined) return 'an absent account is left out, not "-"';
  for (const name of ['ip', 'user', 'outcome'])
    if (want[name] !== undefined && String(said(name)) !== String(want[name])) return said(name) === undefined ? `no ${name}` : `another ${name}`;
  return 'another answer';
}
