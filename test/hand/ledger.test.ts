/** The ledger survives torn lines, full disks and power cuts between any two writes. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Files, realFiles } from '../../src/hand/files.ts';
import { Ledger, LedgerFault } from '../../src/hand/ledger.ts';
import { replayed } from '../../src/hand/replay.ts';
import type { Act, Entry } from '../../src/hand/words.ts';

const entry = (because: string): Entry => ({ since: 1000, untilMs: null, because, decision: 'd' });
const act = (net: string, now: Entry | null, was: Entry | null = null): Act => ({ kind: 'ban', net, now, was });

let directory = '';
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-ledger-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

const stands = () => {
  const { ledger, acts, said } = Ledger.open(directory);
  ledger.close();
  return { nets: acts.map((one) => `${one.net} ${one.now?.because}`).sort(), said };
};

/** Real files, of which writing fails after so many bytes. */
function failing(room: { bytes: number }): Files {
  return {
    ...realFiles,
    writeSync: ((fd: number, bytes: Uint8Array, at: number, length: number) => {
      const fits = Math.min(length, room.bytes);
      room.bytes -= fits;
      if (fits === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return fs.writeSync(fd, bytes, at, fits);
    }) as never,
  };
}

describe('the ledger', () => {
  it('keeps what was done, and forgets what was taken back or failed', () => {
    const { ledger } = Ledger.open(directory);
    ledger.outcome(ledger.plan([act('203.0.113.1', entry('a')), act('203.0.113.2', entry('b'))]), 'done');
    ledger.outcome(ledger.plan([act('203.0.113.1', null, entry('a'))]), 'done');
    ledger.outcome(ledger.plan([act('203.0.113.2', entry('longer'), entry('b')), act('203.0.113.3', entry('c'))]), 'failed', 'nft said no');
    ledger.close();
    expect(stands()).toEqual({ nets: ['203.0.113.2 b'], said: [] });
  });

  it('takes a plan without an outcome for done: it was ordered', () => {
    const { ledger } = Ledger.open(directory);
    ledger.plan([act('203.0.113.1', entry('a'))]);
    ledger.close();
    expect(stands().nets).toEqual(['203.0.113.1 a']);
  });

  it('holds all or nothing of a plan, wherever the file is cut', () => {
    const { ledger } = Ledger.open(directory);
    ledger.outcome(ledger.plan([act('203.0.113.1', entry('a'))]), 'done');
    const before = fs.statSync(ledger.file).size;
    ledger.plan([act('203.0.113.2', entry('b')), act('203.0.113.1', null, entry('a'))]);
    ledger.close();
    const bytes = fs.readFileSync(ledger.file);
    for (let cut = before; cut <= bytes.length; cut += 1) {
      const nets = replayed(bytes.subarray(0, cut), 'x').acts.map((one) => one.net);
      expect(nets).toEqual(cut === bytes.length ? ['203.0.113.2'] : ['203.0.113.1']);
    }
  });

  it('goes on behind a torn line, and tells of it', () => {
    const { ledger } = Ledger.open(directory);
    ledger.outcome(ledger.plan([act('203.0.113.1', entry('a'))]), 'done');
    ledger.close();
    fs.appendFileSync(ledger.file, '{"turn":2,"kind":"ban","net":"203.0.1');
    const again = Ledger.open(directory);
    expect(again.said.join()).toContain('was torn: it was never acted upon');
    again.ledger.outcome(again.ledger.plan([act('203.0.113.4', entry('d'))]), 'done');
    again.ledger.close();
    expect(stands()).toEqual({ nets: ['203.0.113.1 a', '203.0.113.4 d'], said: [] });
  });

  it('refuses when the disk is full, leaves nothing half written, and goes on when there is room', () => {
    const room = { bytes: Number.POSITIVE_INFINITY };
    const { ledger } = Ledger.open(directory, failing(room));
    ledger.outcome(ledger.plan([act('203.0.113.1', entry('a'))]), 'done');
    const size = fs.statSync(ledger.file).size;
    for (const bytes of [0, 1, 30, 100]) {
      room.bytes = bytes;
      expect(() => ledger.plan([act('203.0.113.2', entry('b'))])).toThrow(LedgerFault);
      expect(fs.statSync(ledger.file).size).toBe(size);
    }
    room.bytes = Number.POSITIVE_INFINITY;
    ledger.outcome(ledger.plan([act('203.0.113.3', entry('c'))]), 'done');
    ledger.close();
    expect(stands()).toEqual({ nets: ['203.0.113.1 a', '203.0.113.3 c'], said: [] });
  });

  it('writes a failure that could not be written before the next plan', () => {
    const room = { bytes: Number.POSITIVE_INFINITY };
    const { ledger } = Ledger.open(directory, failing(room));
    const turn = ledger.plan([act('203.0.113.1', entry('a'))]);
    room.bytes = 5;
    ledger.outcome(turn, 'failed', 'nft said no');
    room.bytes = Number.POSITIVE_INFINITY;
    ledger.plan([act('203.0.113.2', entry('b'))]);
    ledger.close();
    expect(stands().nets).toEqual(['203.0.113.2 b']);
  });

  it('is there in full, old or new, when making it shorter fails at any step', () => {
    for (const step of ['openSync', 'writeSync', 'fsyncSync', 'renameSync'] as const) {
      fs.rmSync(path.join(directory, 'ledger'), { force: true });
      let broken = false;
      const refuse = (...words: unknown[]) => {
        if (broken) throw Object.assign(new Error('EIO: i/o error, x'), { code: 'EIO' });
        return (realFiles[step] as (...all: unknown[]) => unknown)(...words);
      };
      const { ledger } = Ledger.open(directory, { ...realFiles, [step]: refuse } as Files);
      ledger.outcome(ledger.plan([act('203.0.113.1', entry('a')), act('203.0.113.2', entry('b'))]), 'done');
      broken = true;
      expect(ledger.compact([act('203.0.113.1', entry('a'))])).toContain('could not be made shorter');
      broken = false;
      ledger.outcome(ledger.plan([act('203.0.113.3', entry('c'))]), 'done');
      ledger.close();
      expect(stands().nets).toEqual(['203.0.113.1 a', '203.0.113.2 b', '203.0.113.3 c']);
    }
  });

  it('says the same before and after it was made shorter', () => {
    const { ledger } = Ledger.open(directory);
    for (let at = 0; at < 3000; at += 1) ledger.outcome(ledger.plan([act('203.0.113.1', at % 2 ? null : entry(`${at}`))]), 'done');
    expect(ledger.isLong(0)).toBe(true);
    expect(ledger.compact([act('203.0.113.9', entry('z'))])).toBeNull();
    expect(ledger.isLong(1)).toBe(false);
    ledger.outcome(ledger.plan([act('203.0.113.8', entry('y'))]), 'done');
    ledger.close();
    expect(stands()).toEqual({ nets: ['203.0.113.8 y', '203.0.113.9 z'], said: [] });
  });

  it('carries a plain account of any history', () => {
    const net = fc.integer({ min: 1, max: 6 }).map((last) => `203.0.113.${last}`);
    const step = fc.record({ net, put: fc.boolean(), outcome: fc.constantFrom('done' as const, 'failed' as const) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        fs.rmSync(path.join(directory, 'ledger'), { force: true });
        const { ledger } = Ledger.open(directory);
        const truth = new Map<string, Entry>();
        for (const [at, { net: name, put, outcome }] of steps.entries()) {
          const now = put ? entry(String(at)) : null;
          ledger.outcome(ledger.plan([act(name, now, truth.get(name) ?? null)]), outcome);
          if (outcome === 'failed') continue;
          if (now) truth.set(name, now);
          else truth.delete(name);
        }
        ledger.close();
        expect(stands().nets).toEqual([...truth].map(([name, one]) => `${name} ${one.because}`).sort());
      }),
      { numRuns: 40 },
    );
  });

  it('starts on a disk that cannot be written, and says so', () => {
    const files = {
      ...realFiles,
      openSync: (() => {
        throw Object.assign(new Error('EROFS: read-only file system, open'), { code: 'EROFS' });
      }) as never,
    };
    const { ledger, said } = Ledger.open(directory, files);
    expect(said.join()).toContain('cannot be written (read-only file system)');
    expect(() => ledger.plan([act('203.0.113.1', entry('a'))])).toThrow(/./);
  });
});
