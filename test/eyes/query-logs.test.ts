import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { namedLogs } from '../../src/eyes/log-files.ts';
import { queryLogs } from '../../src/eyes/query-logs.ts';
import { queryLine } from '../query-visitors.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-query-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const LINE = `${queryLine({ second: 0, name: 'a.example' })}\n`;

function put(name: string, text: string | Buffer, ageDays = 0): string {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  const at = Date.now() / 1_000 - ageDays * 86_400;
  fs.utimesSync(file, at, at);
  return file;
}

async function read() {
  const noted: Coverage[] = [];
  const sources: string[] = [];
  const question = { disk: new Disk(root), toUtc: (at: number) => at, now: Date.now(), since: null, note: (one: Coverage) => void noted.push(one) };
  for await (const chunk of queryLogs(question)) {
    expect(chunk.form).toBe('queries');
    sources.push(chunk.source);
  }
  return { noted, sources };
}

describe('query logs of a machine', () => {
  it('are found by the usual names, with their rotated parts, oldest first', async () => {
    put('var/log/named/query.log', LINE);
    put('var/log/named/query.log.0', LINE, 1);
    put('var/log/bind/queries.log.1.gz', gzipSync(LINE), 2);
    put('var/log/named/default.log', LINE);
    put('var/log/syslog', LINE);
    expect((await read()).sources).toEqual(['/var/log/bind/queries.log.1.gz', '/var/log/named/query.log.0', '/var/log/named/query.log']);
  });

  it("are found by the channels of BIND's configuration, and by those of unbound and dnsmasq", async () => {
    put(
      'etc/bind/named.conf.options',
      `options { directory "/srv/dns"; };
logging {
  channel asked { file "/data/asked.txt" versions 3 size 20m; print-time yes; };
  channel "near" {
    severity info; // file "/no/comment.txt";
    file near.txt;
  };
  /* channel old { file "/no/old.txt"; }; */
  category queries { asked; near; };
};
zone "a.example" { type master; file "/data/zone.txt"; };
`,
    );
    put('etc/unbound/unbound.conf', 'server:\n    log-queries: yes\n    logfile: "/data/unbound.txt"\n    # logfile: "/no/hash.txt"\n');
    put('etc/dnsmasq.conf', 'log-queries=extra\nlog-facility=/data/dnsmasq.txt\n');
    put('data/asked.txt', LINE);
    put('srv/dns/near.txt', LINE);
    put('data/unbound.txt', '[1763680680] unbound[12:0] info: 10.8.1.10 a.example. ANY IN\n');
    put('data/dnsmasq.txt', 'Nov 20 23:18:00 dnsmasq[12]: query[A] a.example from 10.8.1.10\n');
    for (const other of ['data/zone.txt', 'no/comment.txt', 'no/old.txt', 'no/hash.txt']) put(other, LINE);
    expect((await read()).sources.sort()).toEqual(['/data/asked.txt', '/data/dnsmasq.txt', '/data/unbound.txt', '/srv/dns/near.txt']);
  });

  it('says what is no query log, and that there is none', async () => {
    expect(await read()).toMatchObject({ sources: [], noted: [{ source: 'query logs', state: 'absent' }] });
    put('var/log/named/named.log', '20-Nov-2026 23:18:00.595 general: info: zone a/IN: loaded serial 1\n');
    expect(await read()).toMatchObject({ sources: [], noted: [{ source: '/var/log/named/named.log', state: 'unreadable' }] });
  });
});

describe('a log that a person names', () => {
  const forms = async (text: string) => {
    const file = put('x', text);
    const question = { disk: new Disk(''), toUtc: (at: number) => at, now: Date.now(), since: null, year: null, note: () => {} };
    for await (const chunk of namedLogs([file], question)) return chunk.form;
    return 'none';
  };

  it('is a query log by its first lines, whatever its name', async () => {
    expect(await forms(LINE)).toBe('queries');
    expect(await forms(`garbage\n${LINE.repeat(3)}`)).toBe('queries');
    const named = 'Mar  2 10:00:00 ns1 named[7]: client 192.0.2.9#53: query: a.example IN A +\n';
    expect(await forms(named)).toBe('queries');
    // A common syslog goes its own way.
    expect(await forms(`${'Mar  2 10:00:00 ns1 cron[7]: x\n'.repeat(5)}${named}`)).toBeUndefined();
    expect(await forms('192.0.2.4 - - [20/Nov/2026:23:18:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n')).toBe('access');
  });
});
