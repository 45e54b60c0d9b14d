import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { webLogs } from '../../src/eyes/web-logs.ts';
import { lineOf } from '../web-visitors.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-web-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

const LINE = `${lineOf({ second: 0 })}\n`;

function put(name: string, text: string | Buffer, ageDays = 0): void {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  const at = Date.now() / 1_000 - ageDays * 86_400;
  fs.utimesSync(file, at, at);
}

async function read(since: number | null = null) {
  const noted: Coverage[] = [];
  const sources: string[] = [];
  for await (const chunk of webLogs({ disk: new Disk(root), toUtc: (at) => at, now: Date.now(), since, note: (one) => void noted.push(one) })) {
    expect(chunk.form).toBe('access');
    sources.push(chunk.source);
  }
  return { noted, sources };
}

describe('access logs of a machine', () => {
  it('are found where servers and panels put them, with their rotated parts, oldest first', async () => {
    put('var/log/nginx/access.log', LINE);
    put('var/log/nginx/access.log.1', LINE, 1);
    put('var/log/nginx/access.log.2.gz', gzipSync(LINE), 2);
    put('var/log/apache2/shop.example.org/ssl-access.log', LINE, 3);
    put('var/www/blog/logs/access_log', LINE, 4);
    put('var/log/nginx/error.log', 'x\n');
    expect((await read()).sources).toEqual([
      '/var/www/blog/logs/access_log',
      '/var/log/apache2/shop.example.org/ssl-access.log',
      '/var/log/nginx/access.log.2.gz',
      '/var/log/nginx/access.log.1',
      '/var/log/nginx/access.log',
    ]);
  });

  it('are found by the configuration of the server', async () => {
    put('etc/nginx/conf.d/site.conf', 'server {\n  access_log /data/logs/site.txt combined;\n  access_log off;\n}\n');
    put('etc/apache2/sites-enabled/shop.conf', 'CustomLog ${APACHE_LOG_DIR}/shop.txt combined\nCustomLog "|/usr/bin/rotatelogs /x 86400" combined\n');
    put('data/logs/site.txt', LINE);
    put('var/log/apache2/shop.txt', LINE);
    expect((await read()).sources.sort()).toEqual(['/data/logs/site.txt', '/var/log/apache2/shop.txt']);
  });

  it('are judged by their lines: what is none is said', async () => {
    put('var/log/nginx/access.log', 'nothing that a web server writes\n');
    const { sources, noted } = await read();
    expect(sources).toEqual([]);
    expect(noted).toMatchObject([{ source: '/var/log/nginx/access.log', state: 'unreadable' }]);
  });

  it('are left out when they are old, and that is said', async () => {
    put('var/log/nginx/access.log', LINE);
    put('var/log/nginx/access.log.9.gz', gzipSync(LINE), 90);
    const { sources, noted } = await read();
    expect(sources).toEqual(['/var/log/nginx/access.log']);
    expect(noted).toMatchObject([{ state: 'partial' }]);
    expect((await read(Date.now() - 100 * 86_400_000)).sources).toHaveLength(2);
  });

  it('are absent where there are none, and no link leads out of the disk', async () => {
    expect((await read()).noted).toMatchObject([{ state: 'absent' }]);
    put('outside', LINE);
    fs.mkdirSync(path.join(root, 'var/log/nginx'), { recursive: true });
    fs.symlinkSync('/etc/passwd', path.join(root, 'var/log/nginx/access.log'));
    expect((await read()).sources).toEqual([]);
  });
});
