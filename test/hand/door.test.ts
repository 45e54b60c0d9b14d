/** The door: one answer a line, in order, and no line so long or so broken that it ends the hand. */

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Batch, type HandAnswer, LINE_BYTES_AT_MOST } from '../../src/core/orders.ts';
import { serve } from '../../src/hand/door.ts';

async function told(parts: readonly (string | Buffer)[], obey?: (batch: Batch) => Promise<HandAnswer>): Promise<HandAnswer[]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asIs = async ({ id, orders }: Batch): Promise<HandAnswer> => ({ id, receipts: orders.map(({ verb }) => ({ verb, state: 'done' })) });
  const served = serve(input, output, { obey: obey ?? asIs });
  for (const part of parts) input.write(part);
  input.end();
  await served;
  output.end();
  const lines: string[] = [];
  for await (const part of output) lines.push(String(part));
  return lines
    .join('')
    .trim()
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

const ping = (id: number) => `${JSON.stringify({ id, orders: [{ verb: 'ping' }] })}\n`;

describe('the door', () => {
  it('answers each line in its order, however it is cut', async () => {
    const text = ping(1) + ping(2) + ping(3);
    expect((await told([text])).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect((await told([...text])).map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('does nothing for a line that was not ended', async () => {
    expect((await told([ping(1), ping(2).trimEnd()])).map(({ id }) => id)).toEqual([1]);
  });

  it('refuses a line that is too long without keeping it, and goes on behind it', async () => {
    const long = Buffer.alloc(1024 * 1024, 'x');
    const parts = Array.from({ length: LINE_BYTES_AT_MOST / long.length + 2 }, () => long);
    const answers = await told([ping(1), ...parts, '\n', ping(2)]);
    expect(answers.map(({ id }) => id)).toEqual([1, null, 2]);
    expect(answers[1]?.refused).toContain('longer than 32 MB');
  });

  it('answers when the hand itself fails', async () => {
    const answers = await told([ping(1), ping(2)], () => Promise.reject(new Error('broken')));
    expect(answers.map(({ refused }) => refused?.includes('broken'))).toEqual([true, true]);
  });

  it('refuses bytes that are no text', async () => {
    expect((await told([Buffer.from([0xff, 0xfe, 0x00, 0x0a])]))[0]?.refused).toContain('no JSON');
  });
});
