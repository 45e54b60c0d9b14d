/** How orders come in: lines on a private pipe, or on a unix socket that one account may open. Each line is answered before the next is read. */

import * as fs from 'node:fs';
import * as net from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { UserError } from '../core/errors.ts';
import { type HandAnswer, type HandEvent, LINE_BYTES_AT_MOST, readBatch } from '../core/orders.ts';
import type { Hand } from './hand.ts';

const NEWLINE = 10;
/** The other side is one program; more than a few at once are a mistake. */
const CLIENTS_AT_MOST = 8;
/** An answer that nobody fetches must not fill the memory. */
const UNREAD_BYTES_AT_MOST = 64 * 1024 * 1024;

type Obey = Pick<Hand, 'obey'>;

/** Serves one client until it hangs up. */
export async function serve(input: Readable, output: Writable, hand: Obey): Promise<void> {
  const say = (answer: HandAnswer) => {
    if (output.writable) output.write(`${JSON.stringify(answer)}\n`);
  };
  let parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of input as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = part.indexOf(NEWLINE); end >= 0; end = part.indexOf(NEWLINE, start)) {
        parts.push(part.subarray(start, end));
        const tooLong = bytes + end - start > LINE_BYTES_AT_MOST;
        const line = tooLong ? '' : Buffer.concat(parts).toString('utf8');
        parts = [];
        bytes = 0;
        start = end + 1;
        if (tooLong) say({ id: null, receipts: [], refused: 'The line is longer than 32 MB: send the orders in parts.' });
        else if (line.trim() !== '') say(await answered(line, hand));
        if (output.writableLength > UNREAD_BYTES_AT_MOST) return;
      }
      const rest = part.subarray(start);
      bytes += rest.length;
      if (bytes <= LINE_BYTES_AT_MOST) parts.push(rest);
      else parts = [];
    }
  } catch {
    // The client hung up in the middle of a line: what was not ended was not said.
  }
}

async function answered(line: string, hand: Obey): Promise<HandAnswer> {
  const batch = readBatch(line);
  if ('refused' in batch) return { id: batch.id, receipts: [], refused: batch.refused };
  try {
    return await hand.obey(batch);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return {
      id: batch.id,
      receipts: [],
      refused: `The hand failed, which is a fault of Tocsin: ${says.slice(0, 300)}. Ask for the list to see what stands.`,
    };
  }
}

export interface SocketDoor {
  tell(event: HandEvent): void;
  close(): void;
}

/** A unix socket that only `owner` (and root) can open. */
export async function socketDoor(path: string, owner: number, hand: Obey): Promise<SocketDoor> {
  await clear(path);
  const clients = new Set<net.Socket>();
  const server = net.createServer((client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => clients.delete(client));
    void serve(client, client, hand).finally(() => client.destroy());
  });
  server.maxConnections = CLIENTS_AT_MOST;
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new UserError(`The socket ${path} could not be opened (${says})`, 'Give another --socket, in a directory that is there.');
  } finally {
    process.umask(mask);
  }
  // In this order: with CAP_CHOWN and without CAP_FOWNER, root may not change what it has given away.
  fs.chmodSync(path, 0o600);
  fs.chownSync(path, owner, 0);
  return {
    tell: (event) => {
      for (const client of clients) if (client.writableLength < UNREAD_BYTES_AT_MOST) client.write(`${JSON.stringify(event)}\n`);
    },
    close: () => {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}

/** Takes away a socket that a killed hand has left; one that answers belongs to another hand. */
async function clear(path: string): Promise<void> {
  const seen = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!seen) return;
  if (!seen.isSocket()) throw new UserError(`${path} is there and is no socket`, 'Give another --socket, or take that file away.');
  const answers = await new Promise<boolean>((resolve) => {
    const probe = net.connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (answers) throw new UserError(`Another hand serves ${path} already`, 'Stop that one first: two hands would undo one another.');
  fs.unlinkSync(path);
}
