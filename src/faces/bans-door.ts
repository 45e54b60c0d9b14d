/**
 * Where a person's orders meet the hand: at the socket of the one that runs, or, as root, with a hand of their own for this one call, which
 * ends with it and leaves the bans in the kernel. Cannot see a hand whose socket lies elsewhere: that one is given by `--hand`.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { UserError } from '../core/errors.ts';
import type { HandEvent, HandOrder, HandReceipt } from '../core/orders.ts';
import { named, shown } from '../core/text.ts';
import { BansLine } from './bans-line.ts';

export const RUN = '/run/tocsin';
/** What the hand writes its decisions into, in its own directory. */
const LEDGER = 'ledger';
const SOCKET = 'hand.sock';
/** As `tocsin watch` names that of its own hand. */
const OF_WATCH = /^hand-\d+\.sock$/;
export const STATE = '/var/lib/tocsin/hand';
/** Hands of one call wait for one another: so long at most, in seconds. */
const TURN_S = 30;
const FLOCK = '/usr/bin/flock';
/** What flock(1) ends with when the turn does not come. */
const NO_TURN = 75;
const LAST_WORD_MS = 1000;
const ROOM_MS = 10_000;
const AGAIN_MS = 100;

export interface DoorAsked {
  readonly hand?: string;
  readonly state: string;
  /** Only asked: then no hand is started where none has ever worked. */
  readonly reading?: boolean;
}

export interface HandCall {
  readonly door: { readonly is: 'socket'; readonly path: string } | { readonly is: 'own'; readonly state: string } | { readonly is: 'none' };
  order(orders: readonly HandOrder[]): Promise<readonly HandReceipt[]>;
  end(): Promise<void>;
}

const AWAY = 'Start tocsin watch --mode act, or do it as root, or give the socket of a running tocsin-hand by --hand.';

/** Throws UserError when there is no way to a hand. */
export async function callHand(asked: DoorAsked): Promise<HandCall> {
  const running = await runningHand(asked.hand);
  if (running !== null) return running;
  if (asked.hand !== undefined) throw new UserError(`no hand answers at ${named(asked.hand)}`, AWAY);
  if (process.getuid?.() === 0) return asked.reading === true && !hasLedger(asked.state) ? NOTHING_YET : ownOrRunning(asked.state);
  throw new UserError(`no hand answers in ${RUN} that this account may speak to, and only root can start one`, AWAY);
}

/** Has a hand ever carried anything out here? */
export function hasLedger(state: string): boolean {
  return fs.existsSync(path.join(state, LEDGER));
}

const NOTHING_YET: HandCall = {
  door: { is: 'none' },
  order: async (orders) =>
    orders.map(({ verb }) => {
      if (verb === 'list') return { verb, state: 'done', bans: [], allows: [] };
      return { verb, state: 'refused', says: 'No hand has worked here yet, so who must be spared was not looked at.' };
    }),
  end: async () => {},
};

/** Null where none runs, or none that may be spoken to. */
export async function runningHand(given: string | undefined, run = RUN): Promise<HandCall | null> {
  for (const file of given === undefined ? socketsIn(run) : [given]) {
    const call = await greeted(file);
    if (call !== null) return call;
  }
  return null;
}

/** The hand hangs up on those who are too many at once: they come again. */
async function greeted(file: string): Promise<HandCall | null> {
  const end = performance.now() + ROOM_MS;
  for (;;) {
    const socket = await connected(file);
    if (socket === null) return null;
    const line = new BansLine(socket, socket, tellEvent);
    try {
      await line.order([{ verb: 'ping' }]);
      return { door: { is: 'socket', path: file }, order: (orders) => line.order(orders), end: async () => void socket.destroy() };
    } catch (error) {
      socket.destroy();
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

function socketsIn(run: string): string[] {
  const plain = path.join(run, SOCKET);
  try {
    const others = fs.readdirSync(run).filter((name) => OF_WATCH.test(name));
    return [plain, ...others.sort().map((name) => path.join(run, name))];
  } catch {
    return [plain];
  }
}

function connected(file: string): Promise<net.Socket | null> {
  return new Promise((resolve) => {
    const socket = net.connect(file, () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

/** What it does by the way is told where it cannot be taken for the answer. */
function tellEvent({ event, says }: HandEvent): void {
  if (event !== 'ready') process.stderr.write(`tocsin: the hand: ${shown(says, 500)}\n`);
}

/** How a hand says that its ledger is another's: that one is just starting, and will have a socket, or is just ending. */
const HELD = /Another hand .* holds/;
const HELD_MS = 5_000;

async function ownOrRunning(state: string): Promise<HandCall> {
  const end = performance.now() + HELD_MS;
  for (;;) {
    const own = ownHand(state);
    try {
      await own.order([{ verb: 'ping' }]);
      return own;
    } catch (error) {
      await own.end();
      if (!(error instanceof UserError && HELD.test(error.message)) || performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    const running = await runningHand(undefined);
    if (running !== null) return running;
  }
}

function ownHand(state: string): HandCall {
  const child = started(state);
  let complaint = '';
  child.stderr?.on('data', (part: Buffer) => {
    if (complaint.length < 4000) complaint += part.toString('utf8');
  });
  const gone = new Promise<number>((resolve) => {
    child.on('error', () => resolve(2));
    child.on('close', (code) => resolve(code ?? 2));
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('a child with pipes has none');
  const line = new BansLine(stdout, stdin, tellEvent);
  const order = async (orders: readonly HandOrder[]) => {
    try {
      return await line.order(orders);
    } catch (error) {
      // The last word of a hand that ended says more than that it is gone.
      const status = await Promise.race([gone, new Promise<null>((resolve) => setTimeout(() => resolve(null), LAST_WORD_MS))]);
      throw status === null ? error : ended(status, complaint, state);
    }
  };
  const end = async () => {
    stdin.end();
    await gone;
  };
  return { door: { is: 'own', state }, order, end };
}

function started(state: string): ChildProcess {
  fs.mkdirSync(state, { recursive: true, mode: 0o700 });
  const hand = [process.execPath, path.join(path.dirname(fs.realpathSync(process.argv[1] ?? '')), 'tocsin-hand'), '--stdio', '--state', state];
  const turn = [FLOCK, '--no-fork', '--wait', String(TURN_S), '--conflict-exit-code', String(NO_TURN), path.join(state, 'turn')];
  const [program = '', ...words] = fs.existsSync(FLOCK) ? [...turn, ...hand] : hand;
  return spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
}

function ended(status: number, complaint: string, state: string): UserError {
  if (status === NO_TURN)
    return new UserError(`another call holds ${named(state)} for longer than ${TURN_S} s`, 'Try again, or see what hangs: ps aux.');
  const said = complaint.trim().split('\n').pop() ?? '';
  return new UserError(`the hand did not start: ${said === '' ? `it ended with ${status}` : said}`, AWAY);
}
