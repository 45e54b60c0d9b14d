/** The innermost loop over log lines: as WebAssembly where `npm run build` made it and this Node can run it, else as JavaScript. */

import * as fs from 'node:fs';
import type { Scanner } from '../core/world.ts';
import * as lines from '../scan/lines.ts';
import { all } from '../scan/memory.ts';

/** The part of the WebAssembly interface (W3C, WebAssembly JavaScript Interface) that is used here; Node's types leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

type Loop = Pick<Scanner, 'room' | 'learn' | 'scan' | 'stopped' | 'seen'>;

/** There is one memory for the whole program. */
export function plainScanner(): Scanner {
  plain ??= { by: 'JavaScript', names: [], all, ...lines };
  return plain;
}
let plain: Scanner | null = null;

/** Null where the module is not there, or Node was started without WebAssembly (`--jitless`). */
export function compiledScanner(file = new URL('../scan/lines.wasm', import.meta.url)): Scanner | null {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(file)));
    // The module is ours: its exports are those of src/scan/lines.ts, and its memory.
    const { memory, ...loop } = exports as Loop & { readonly memory: { readonly buffer: ArrayBuffer } };
    return { by: 'WebAssembly', names: [], all: () => new Uint8Array(memory.buffer), ...loop };
  } catch {
    return null;
  }
}

export function scanner(): Scanner {
  return compiledScanner() ?? plainScanner();
}
