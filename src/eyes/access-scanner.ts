/** The loop over the lines of access logs: as WebAssembly where `npm run build` made it and this Node can run it, else as JavaScript. */

import * as fs from 'node:fs';
import type { AccessScanner } from '../core/world.ts';
import { all } from '../scan-access/memory.ts';
import * as requests from '../scan-access/requests.ts';

/** The part of the WebAssembly interface (W3C, WebAssembly JavaScript Interface) that is used here; Node's types leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

type Loop = Pick<AccessScanner, 'room' | 'scan' | 'stopped' | 'seen' | 'keep'>;

/** There is one memory for the whole program. */
export function plainAccessScanner(): AccessScanner {
  plain ??= { by: 'JavaScript', all, ...requests };
  return plain;
}
let plain: AccessScanner | null = null;

/** Null where the module is not there, or Node was started without WebAssembly (`--jitless`). */
export function compiledAccessScanner(file = new URL('../scan-access/requests.wasm', import.meta.url)): AccessScanner | null {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(file)));
    // The module is ours: its exports are those of src/scan-access/requests.ts, and its memory.
    const { memory, ...loop } = exports as Loop & { readonly memory: { readonly buffer: ArrayBuffer } };
    return { by: 'WebAssembly', all: () => new Uint8Array(memory.buffer), ...loop };
  } catch {
    return null;
  }
}

export function accessScanner(): AccessScanner {
  return compiledAccessScanner() ?? plainAccessScanner();
}
