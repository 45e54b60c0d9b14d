/** Programs of the distribution that read a format for us (journalctl, xz, bzip2, zstd): run without a shell, and ended when a hostile file makes them stall. */

import { spawn } from 'node:child_process';
import { pipeline, Readable } from 'node:stream';

/** Longest wait for the next byte: a cold disk answers within seconds, a file that was made to hang never. */
const STALL_MS = 60_000;
/** Of what a program complains; one line a damaged file is usual. */
const COMPLAINT_BYTES_AT_MOST = 2_048;

/** How often a wait is looked at before it is too long. */
const LOOKS = 4;

export interface Ending {
  /** -1 = it could not be started or was ended by a signal. */
  readonly status: number;
  /** It gave no byte for too long and was ended. */
  readonly stalled: boolean;
  /** Its own words, one line each, each once. */
  readonly complaints: readonly string[];
}

export interface Outside {
  readonly program: string;
  readonly argv: readonly string[];
  /** Given to it as its standard input. */
  readonly input?: AsyncIterable<Buffer>;
  readonly stallMs?: number;
  /** Ends it at once, also while it says nothing. */
  readonly signal?: AbortSignal;
}

/** What it writes, piece by piece; how it ended is the value returned. Only waiting for the program counts as stalling: not our work on a piece, nor its waiting for input. */
export async function* outputOf({ program, argv, input, stallMs = STALL_MS, signal }: Outside): AsyncGenerator<Buffer, Ending> {
  const child = spawn(program, argv, { stdio: ['pipe', 'pipe', 'pipe'], env: {}, killSignal: 'SIGKILL', ...(signal ? { signal } : {}) });
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (status) => resolve(status ?? -1));
  });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    if (said.length < COMPLAINT_BYTES_AT_MOST) said += piece.toString('latin1', 0, COMPLAINT_BYTES_AT_MOST);
  });
  const feed = { hungry: false, movedAt: performance.now() };
  // The program says by its status whether it got through; a pipe that it closed early is no error of ours.
  pipeline(Readable.from(input ? watched(input, feed) : []), child.stdin, () => {});
  let stalled = false;
  const stop = () => {
    if (feed.hungry || performance.now() - feed.movedAt < stallMs) return;
    stalled = true;
    child.kill('SIGKILL');
  };
  try {
    const output = child.stdout[Symbol.asyncIterator]();
    for (;;) {
      feed.movedAt = performance.now();
      const timer = setInterval(stop, stallMs / LOOKS);
      const { value, done } = await output.next().finally(() => clearInterval(timer));
      if (done) break;
      yield Buffer.from(value);
    }
    // It may close its output and still not end.
    feed.movedAt = performance.now();
    const timer = setInterval(stop, stallMs / LOOKS);
    const status = await ended;
    clearInterval(timer);
    const lines = said.slice(0, COMPLAINT_BYTES_AT_MOST).split('\n');
    return { status, stalled, complaints: [...new Set(lines.map((line) => line.trim()).filter(Boolean))] };
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

/** Says while the next piece of input is awaited: a slow sender is not the program's fault. */
async function* watched(input: AsyncIterable<Buffer>, feed: { hungry: boolean; movedAt: number }): AsyncGenerator<Buffer> {
  feed.hungry = true;
  for await (const piece of input) {
    feed.hungry = false;
    feed.movedAt = performance.now();
    yield piece;
    feed.hungry = true;
  }
  feed.hungry = false;
  feed.movedAt = performance.now();
}
