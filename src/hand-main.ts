/** Builds the side that acts: door, hand and the kernel's table. It is root, reads no log and loads no package. No logic. */

import { randomInt } from 'node:crypto';
import * as os from 'node:os';
import { parseArgs } from 'node:util';
import { UserError } from './core/errors.ts';
import type { HandEvent } from './core/orders.ts';
import { alone } from './hand/alone.ts';
import { type SocketDoor, serve, socketDoor } from './hand/door.ts';
import { realFiles } from './hand/files.ts';
import { Hand } from './hand/hand.ts';
import { Nft } from './hand/nft.ts';
import { ownerOf } from './hand/owner.ts';

const USAGE = `tocsin-hand: carries out bans that tocsin decides, one line of JSON an order
  --stdio             orders on standard input, answers on standard output; ends with it, and bans stay
  --socket PATH       orders on a unix socket
  --owner ACCOUNT     who may open the socket besides root
  --state DIR         the ledger (/var/lib/tocsin/hand)
  --never-harm FILE   addresses and networks that are never banned (/etc/tocsin/never-harm)
  --linger SECONDS    how long somebody must be quiet after a ban before they are let in (60)
`;

const LINGER_AT_MOST_S = 86_400;

function asked() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({ options: { stdio: flag, help: flag, socket: text, owner: text, state: text, 'never-harm': text, linger: text } });
  return values;
}

function whole(word: string | undefined, otherwise: number, most: number, name: string): number {
  if (word === undefined) return otherwise;
  if (/^\d{1,10}$/.test(word) && Number(word) <= most) return Number(word);
  throw new UserError(`--${name} ${word} is no whole number up to ${most}`, 'Run tocsin-hand --help.');
}

/** Linux 6.12 and later renew the time of an element that is added again. */
function renews(): boolean {
  const [major = 0, minor = 0] = os.release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 12);
}

async function main(): Promise<void> {
  const words = asked();
  if (words.help) return void process.stdout.write(USAGE);
  if (!words.stdio === !words.socket) throw new UserError('Say either --stdio or --socket PATH', 'Run tocsin-hand --help.');
  if (process.getuid?.() !== 0) throw new UserError('tocsin-hand must be root to change the firewall', 'Start it by the service manager or by root.');
  const owner = ownerOf(words.owner);
  const lingerS = whole(words.linger, 60, LINGER_AT_MOST_S, 'linger');
  const state = words.state ?? '/var/lib/tocsin/hand';
  await alone(state);
  let door: SocketDoor | null = null;
  const tell = (event: HandEvent) => {
    const line = `${JSON.stringify(event)}\n`;
    if (words.stdio) process.stdout.write(line);
    else if (door) door.tell(event);
    if (!words.stdio) process.stderr.write(line);
  };
  const clock = { wall: () => Date.now(), steady: () => performance.now() };
  const nft = new Nft(randomInt(0x7fff_0000));
  const neverHarm = words['never-harm'] ?? '/etc/tocsin/never-harm';
  const hand = new Hand({ state, neverHarm, lingerS, renews: renews(), files: realFiles, clock, nft, tell });
  const end = async () => {
    door?.close();
    await hand.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void end());
  process.stdout.on('error', () => {});
  await hand.start();
  if (words.socket) {
    door = await socketDoor(words.socket, owner, hand);
    process.stderr.write(`serving ${words.socket}\n`);
  } else {
    await serve(process.stdin, process.stdout, hand);
    await end();
  }
}

main().catch((error: unknown) => {
  const says =
    error instanceof UserError ? `${error.message}. ${error.next}` : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`tocsin-hand: ${says}\n`);
  process.exit(2);
});
