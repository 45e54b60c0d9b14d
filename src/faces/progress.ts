/** One line on a terminal that says what is being done; nothing where no person is watching. */

import type { WriteStream } from 'node:tty';

const EVERY_MS = 100;

export interface Progress {
  tell(says: string): void;
  done(): void;
}

export function progress(stream: WriteStream, on: boolean): Progress {
  let last = 0;
  let shown = false;
  return {
    tell(says) {
      if (!on || Date.now() - last < EVERY_MS) return;
      last = Date.now();
      shown = true;
      stream.write(`\r\u001b[K${says.slice(0, (stream.columns ?? 80) - 2)}…`);
    },
    done() {
      if (shown) stream.write('\r\u001b[K');
    },
  };
}
