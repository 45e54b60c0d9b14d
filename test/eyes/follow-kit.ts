/** A directory with logs that a test writes, rotates and follows; numbered lines, so that one that is missing, doubled or out of order is seen. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Follow, type Followed, type FollowSettings, type FollowState, type Lines } from '../../src/eyes/follow.ts';

export interface Seen {
  readonly numbers: number[];
  readonly others: string[];
  readonly blinds: { readonly lines: number; readonly bytes: number; readonly why: string; readonly path: string }[];
}

export class Ground {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-follow-'));
  readonly seen: Seen = { numbers: [], others: [], blinds: [] };
  readonly #open: Follow[] = [];
  #written = 0;

  at(name: string): string {
    return path.join(this.root, name);
  }

  follow(more: Partial<FollowSettings> = {}, state: FollowState | null = null): Follow {
    const follow = new Follow({ paths: [this.at('x.log')], toUtc: (local) => local, from: 'start', pollMs: 10, ...more }, state);
    this.#open.push(follow);
    return follow;
  }

  /** The next numbers as lines, to an open descriptor or to a name. */
  write(to: number | string, count: number): void {
    let text = '';
    for (let left = count; left > 0; left -= 1) text += lineOf(this.#written++);
    if (typeof to === 'number') fs.writeSync(to, text);
    else fs.appendFileSync(this.at(to), text);
  }

  get written(): number {
    return this.#written;
  }

  take(items: readonly Followed[]): void {
    for (const item of items) {
      if ('blind' in item) this.seen.blinds.push(item.blind);
      else this.#lines(item);
    }
  }

  #lines({ bytes }: Lines): void {
    const lines = bytes.toString('latin1').split('\n');
    if (lines[lines.length - 1] === '') lines.pop();
    for (const line of lines) {
      const number = /^line (\d{7}) /.exec(line)?.[1];
      if (number !== undefined && line.length === WIDTH - 1) this.seen.numbers.push(Number(number));
      else this.seen.others.push(line);
    }
  }

  /** Reads and acknowledges until this is so. A test that waits in vain ends by its time limit. */
  async until(follow: Follow, enough: () => boolean): Promise<void> {
    while (!enough()) {
      this.take(await follow.next());
      follow.took();
    }
  }

  close(): void {
    for (const follow of this.#open) follow.close();
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** With a line end. */
export const WIDTH = 80;

export function lineOf(number: number): string {
  return `${`line ${String(number).padStart(7, '0')} Failed password for root from 192.0.2.1 port 4711 ssh2`.padEnd(WIDTH - 1, '.')}\n`;
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
