/**
 * Root's part of `tocsin watch`: starts the hand and, with no right but that of reading, the side that judges, and looks after both. It reads
 * no log and hears no order. Rights that cannot be given up are a reason not to start.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../core/errors.ts';

const RUN = '/run/tocsin';
const SETPRIV = '/usr/bin/setpriv';
/** Reading all files, and looking into processes: capabilities(7). */
const POWERS = '-all,+dac_read_search,+sys_ptrace';
const HAND_READY_MS = 20_000;
const LOOK_MS = 20;
const HAND_AGAIN_MS = 1_000;
const ACCOUNT = 'tocsin';
/**
 * Where no account was made for it: a number of the range that systemd keeps for services without one. Not nobody's, who runs other programs
 * too: whoever has this number may give the hand orders.
 */
const FIRST_NUMBER = 61_500;
const LAST_NUMBER = 65_000;

interface Launching {
  readonly state: string;
  readonly words: readonly string[];
  readonly act: boolean;
}

export async function launch({ state, words, act }: Launching): Promise<number> {
  if (!fs.existsSync(SETPRIV))
    throw new UserError(`${SETPRIV} is missing, so that root's rights cannot be given up`, 'Install the package util-linux.');
  const whose = accountOf(fs.readFileSync('/etc/passwd', 'latin1'));
  const directory = path.join(state, 'watch');
  ownedBy(whose, directory);
  const ending = { now: false };
  const hand = act ? await startHand(state, whose.uid, ending) : null;
  const brain = startBrain(whose, [...words, '--state', directory, ...(hand ? ['--hand', hand.socket] : [])]);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => brain.kill('SIGTERM'));
  // It tells what fail2ban did; here the signal would open a debugger.
  process.on('SIGUSR1', () => brain.kill('SIGUSR1'));
  const status = await new Promise<number>((resolve) => {
    brain.on('error', () => resolve(2));
    brain.on('exit', (code) => resolve(code ?? 2));
  });
  ending.now = true;
  hand?.end();
  return status;
}

function accountOf(passwd: string): { readonly uid: number; readonly gid: number } {
  const lines = passwd.split('\n').map((line) => line.split(':'));
  const [, , uid, gid] = lines.find(([name]) => name === ACCOUNT) ?? [];
  if (uid !== undefined && gid !== undefined && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  const taken = new Set(lines.flatMap(([, , one, group]) => [Number(one), Number(group)]));
  for (let number = FIRST_NUMBER; number <= LAST_NUMBER; number += 1) if (!taken.has(number)) return { uid: number, gid: number };
  throw new UserError(`there is no account ${ACCOUNT}, and every number that could stand for one is taken`, `Make a system account ${ACCOUNT}.`);
}

/** Its own directory, and nobody else's: a link there would lead it elsewhere. */
function ownedBy({ uid, gid }: { readonly uid: number; readonly gid: number }, directory: string): void {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!fs.lstatSync(directory).isDirectory()) throw new UserError(`${directory} is no directory`, 'Move it away, or give another one by --state.');
  fs.chownSync(directory, uid, gid);
}

async function startHand(state: string, uid: number, ending: { now: boolean }): Promise<{ readonly socket: string; end(): void }> {
  fs.mkdirSync(RUN, { recursive: true, mode: 0o711 });
  const socket = path.join(RUN, 'hand.sock');
  const words = [programOf('tocsin-hand'), '--socket', socket, '--owner', String(uid), '--state', path.join(state, 'hand')];
  let child: ChildProcess | null = null;
  let isReady = false;
  const start = () => {
    const hand = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'pipe'], cwd: '/' });
    child = hand;
    // Its words about itself are for the side that judges, which says them with its own; complaints are for whoever started us.
    hand.stderr.setEncoding('utf8').on('data', (said: string) => {
      if (/^serving \//m.test(said)) isReady = true;
      else if (!said.startsWith('{')) process.stderr.write(said);
    });
    hand.on('exit', () => {
      child = null;
      if (isReady && !ending.now) setTimeout(() => ending.now || start(), HAND_AGAIN_MS);
    });
  };
  start();
  for (let waitedMs = 0; !isReady; waitedMs += LOOK_MS) {
    if (child === null || waitedMs > HAND_READY_MS) {
      ending.now = true;
      (child as ChildProcess | null)?.kill('SIGTERM');
      throw new UserError('the hand did not start', 'What it said stands above; `tocsin watch` without --mode act needs no hand.');
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return { socket, end: () => child?.kill('SIGTERM') };
}

function startBrain({ uid, gid }: { readonly uid: number; readonly gid: number }, words: readonly string[]): ChildProcess {
  const powers = [`--inh-caps=${POWERS}`, `--ambient-caps=${POWERS}`, `--bounding-set=${POWERS}`];
  const who = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
  const flags = process.execArgv;
  return spawn(SETPRIV, [...who, ...powers, process.execPath, ...flags, programOf('tocsin'), 'watch', ...words], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Beside this one's own. */
function programOf(name: string): string {
  return path.join(path.dirname(fs.realpathSync(process.argv[1] ?? '')), name);
}
