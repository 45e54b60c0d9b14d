/** One hand for one ledger. */

import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alone } from '../../src/hand/alone.ts';
import { setIn, talliesIn } from '../../src/hand/nft.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-alone-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const startOf = (pid: number) => {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
};

describe('alone', () => {
  it('takes hold where nobody has, and where whoever had is gone', async () => {
    await alone(folder);
    expect(fs.readFileSync(path.join(folder, 'held-by'), 'utf8')).toBe(`${process.pid} ${startOf(process.pid)}\n`);
    fs.writeFileSync(path.join(folder, 'held-by'), `${process.ppid} 1\n`);
    await alone(folder);
    expect(fs.readFileSync(path.join(folder, 'held-by'), 'utf8')).toBe(`${process.pid} ${startOf(process.pid)}\n`);
  });

  it('waits for another one that ends, and refuses where it does not', async () => {
    const other = spawn('sleep', ['30']);
    const held = `${other.pid} ${startOf(other.pid ?? 0)}\n`;
    fs.writeFileSync(path.join(folder, 'held-by'), held);
    await expect(alone(folder, 100)).rejects.toThrow(`Another hand (process ${other.pid}) holds ${folder}`);
    expect(fs.readFileSync(path.join(folder, 'held-by'), 'utf8')).toBe(held);
    const taken = alone(folder);
    other.kill();
    await taken;
    expect(fs.readFileSync(path.join(folder, 'held-by'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  });
});

describe('what nft lists of a whole table', () => {
  const TABLE = `table inet tocsin {
\tset ban4 {
\t\ttype ipv4_addr
\t\telements = { 203.0.113.9 counter packets 3 bytes 180 timeout 1h expires 59m, 203.0.113.10 counter packets 0 bytes 0 }
\t}

\tset ban6 {
\t\ttype ipv6_addr
\t}

\tset net4 {
\t\telements = { 198.51.100.0/24 counter packets 7 bytes 420 }
\t}

\tchain early {
\t\tip saddr @ban4 drop
\t}
}
`;

  it('is read set by set', () => {
    expect([...talliesIn(setIn(TABLE, 'ban4'))]).toEqual([
      ['203.0.113.9', { packets: 3, bytes: 180 }],
      ['203.0.113.10', { packets: 0, bytes: 0 }],
    ]);
    expect([...talliesIn(setIn(TABLE, 'ban6'))]).toEqual([]);
    expect([...talliesIn(setIn(TABLE, 'net4'))]).toEqual([['198.51.100.0/24', { packets: 7, bytes: 420 }]]);
    expect([...talliesIn(setIn(TABLE, 'net6'))]).toEqual([]);
    expect([...talliesIn(setIn('', 'ban4'))]).toEqual([]);
  });
});
