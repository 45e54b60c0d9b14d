/** How `tocsin doctor` says what was found, and how it asks the hand: one that answers, one that hangs up, one that is not there. */

import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DoctorLine } from '../../src/core/standing.ts';
import { colours } from '../../src/faces/colours.ts';
import { asJson, askHand, asText, statusOf } from '../../src/faces/doctor.ts';

const ok: DoctorLine = { topic: 'nft', state: 'ok', says: 'nft 1.0.6' };
const warning: DoctorLine = { topic: 'sshd', state: 'warning', says: 'odd', next: 'Look.' };
const fault: DoctorLine = { topic: 'log', state: 'fault', says: 'a\u001b[2Jb', next: 'Mend it.' };

describe('what was found', () => {
  it('ends with the worst of it', () => {
    expect([[], [ok], [ok, warning], [fault, ok, warning]].map(statusOf)).toEqual([0, 0, 1, 2]);
  });

  it('is told line by line with what to do next, and nothing that a terminal would obey', () => {
    const text = asText([ok, warning, fault], colours(false), 100);
    expect(text.split('\n').slice(0, 3)).toEqual([
      'nft         ok       nft 1.0.6',
      'sshd        warning  odd → Look.',
      expect.stringMatching(/^log {9}fault {4}a.*b → Mend it\.$/),
    ]);
    expect(text).toContain('1 fault, 1 warning.');
    expect(text).not.toContain('\u001b');
    expect(asText([ok], colours(false), 100)).toContain('All is well.');
  });

  it('is one JSON object', () => {
    expect(JSON.parse(asJson([ok, warning]))).toEqual({ state: 'warning', checks: [ok, warning] });
  });
});

describe('the hand', () => {
  const QUICK = { answer: 300, away: 50 };
  let run: string;
  let server: net.Server | null = null;
  beforeEach(() => {
    run = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-doctor-'));
  });
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    server = null;
    fs.rmSync(run, { recursive: true });
  });

  async function serve(answer: (line: string) => string | null): Promise<void> {
    server = net.createServer((client) => {
      client.on('error', () => {});
      client.on('data', (part) => {
        const said = answer(part.toString());
        if (said === null) client.destroy();
        else client.write(said);
      });
    });
    await new Promise<void>((resolve) => server?.listen(path.join(run, 'hand.sock'), resolve));
  }

  it('that is there tells what it holds', async () => {
    const ban = { net: '203.0.113.9', since: 0, untilMs: null, leftMs: null, because: '', decision: '', bytes: 0 };
    const bans = [
      { ...ban, packets: 4000 },
      { ...ban, packets: 112 },
    ];
    await serve((line) => {
      const { id, orders } = JSON.parse(line) as { id: number; orders: readonly { verb: string }[] };
      const receipts = orders.map(({ verb }) => ({
        verb,
        state: 'done',
        ...(verb === 'list' ? { bans, allows: [{ net: '192.0.2.0/24', untilMs: null, because: '' }] } : {}),
      }));
      return `${JSON.stringify({ id, receipts })}\n`;
    });
    expect(await askHand([path.join(run, 'none.sock'), path.join(run, 'hand.sock')], QUICK)).toMatchObject({
      answers: true,
      bans: 2,
      allows: 1,
      stoppedPackets: 4112,
    });
  });

  it('that hangs up, or never says a word, does not answer', async () => {
    await serve(() => null);
    expect(await askHand([path.join(run, 'none.sock'), path.join(run, 'hand.sock')], QUICK)).toMatchObject({
      answers: false,
      says: expect.stringContaining('no connection'),
    });
    await new Promise((resolve) => server?.close(resolve));
    await serve(() => '');
    expect(await askHand([path.join(run, 'none.sock'), path.join(run, 'hand.sock')], QUICK)).toMatchObject({
      answers: false,
      says: expect.stringContaining('no answer'),
    });
  });

  it('that refuses what it is asked does not answer, in its own words', async () => {
    await serve((line) => `${JSON.stringify({ id: JSON.parse(line).id, receipts: [], refused: 'Not now.' })}\n`);
    expect(await askHand([path.join(run, 'none.sock'), path.join(run, 'hand.sock')], QUICK)).toMatchObject({ answers: false, says: 'Not now.' });
  });

  it('that is not there is none; a socket that nobody listens to is one that does not answer', async () => {
    expect(await askHand([])).toBeNull();
    expect(await askHand([path.join(run, 'none.sock'), path.join(run, 'hand.sock')], QUICK)).toMatchObject({ answers: false });
  });
});
