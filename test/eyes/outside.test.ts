/** Programs that are run for us: their output, their complaints, and their end when they stall. */

import { describe, expect, it } from 'vitest';
import { type Ending, type Outside, outputOf } from '../../src/eyes/outside.ts';

async function run(outside: Outside): Promise<{ readonly text: string; readonly ending: Ending }> {
  const output = outputOf(outside);
  let text = '';
  for (;;) {
    const { value, done } = await output.next();
    if (done) return { text, ending: value };
    text += value.toString();
  }
}

async function* slowly(pieces: readonly string[], pauseMs: number): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    yield Buffer.from(piece);
  }
}

describe('outside programs', () => {
  it('are ended when no byte comes', async () => {
    const { ending } = await run({ program: '/bin/sleep', argv: ['600'], stallMs: 200 });
    expect(ending).toMatchObject({ stalled: true, status: -1 });
  });

  it('are not blamed for input that comes slowly', async () => {
    const { text, ending } = await run({ program: '/bin/cat', argv: [], input: slowly(['a', 'b'], 1_000), stallMs: 500 });
    expect([text, ending]).toEqual(['ab', { stalled: false, status: 0, complaints: [] }]);
  });

  it('have their complaints kept, bounded and each once', async () => {
    const { ending } = await run({ program: '/bin/sh', argv: ['-c', 'for i in $(seq 9999); do echo bad >&2; done; exit 2'] });
    expect(ending).toMatchObject({ status: 2, complaints: expect.arrayContaining(['bad']) });
    expect(ending.complaints.join('').length).toBeLessThan(2_100);
  });

  it('are a status of their own when they cannot be started', async () => {
    expect((await run({ program: '/nonexistent/program', argv: [] })).ending.status).toBe(-1);
  });
});
