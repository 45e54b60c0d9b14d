/**
 * Compiles the innermost loop (src/scan) to WebAssembly with AssemblyScript: the same files that tsc compiles, with assembly/memory.ts in
 * the place of src/scan/memory.ts. Writes dist/scan/lines.wasm. Without it Tocsin does the same in JavaScript, several times slower.
 */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import asc from 'assemblyscript/asc';

const top = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-scan-'));
/** Between LAYOUT and NAMES of src/scan/places.ts: fixed words of the program take a few KB. */
const STATIC_BYTES_AT = 163_840;

for (const name of fs.readdirSync(path.join(top, 'src/scan'))) {
  const from = name === 'memory.ts' ? 'assembly/memory.ts' : `src/scan/${name}`;
  // AssemblyScript names modules without their ending.
  const text = fs.readFileSync(path.join(top, from), 'utf8').replace(/(from '\.\/[a-z-]+)\.ts'/g, "$1'");
  fs.writeFileSync(path.join(folder, name), text);
}
const out = path.join(top, 'dist/scan/lines.wasm');
fs.mkdirSync(path.dirname(out), { recursive: true });
const flags = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--memoryBase', String(STATIC_BYTES_AT)];
const { error, stderr } = await asc.main(['lines.ts', '--outFile', out, '--baseDir', folder, ...flags]);
fs.rmSync(folder, { recursive: true, force: true });
if (error) {
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exit(1);
}
