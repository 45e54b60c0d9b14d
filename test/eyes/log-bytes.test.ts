import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { wholeLines } from '../../src/eyes/log-bytes.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-bytes-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Lines of many lengths, some megabytes in all, that cannot be packed well: their ends fall anywhere in the pieces that are read. */
const text = Array.from({ length: 40_000 }, (_, at) =>
  Array.from({ length: at % 25 }, (_one, part) => Math.imul(at * 25 + part, 0x9e3779b1)).join(' '),
).join('\n');

async function readBack(content: Buffer): Promise<string> {
  const file = path.join(folder, 'log');
  fs.writeFileSync(file, content);
  const fd = fs.openSync(file, 'r');
  const parts: string[] = [];
  // What is lent is read at once, as all readers of logs do.
  for await (const { bytes } of wholeLines(fd)) {
    parts.push(bytes.toString('latin1'));
    await new Promise((resolve) => setImmediate(resolve));
  }
  fs.closeSync(fd);
  expect(parts.length).toBeGreaterThan(10);
  for (const part of parts.slice(0, -1)) expect(part.endsWith('\n')).toBe(true);
  return parts.join('');
}

describe('the pieces of a log file', () => {
  it('are whole lines, and all of the file', async () => expect((await readBack(Buffer.from(text))) === text).toBe(true));
  it('are all of a packed one too', async () => expect((await readBack(gzipSync(text))) === text).toBe(true));
});
