/**
 * Compiles the innermost loops (src/scan, src/scan-access) to WebAssembly with AssemblyScript: the same files that tsc compiles, with
 * assembly/memory.ts and assembly/access-memory.ts in the place of their memory.ts. Without the modules Tocsin does the same in JavaScript,
 * several times slower.
 */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import asc from 'assemblyscript/asc';

const top = path.dirname(path.dirname(new URL(import.meta.url).pathname));
/** `staticAt`: fixed words of the program take a few KB; where nothing else lies by the places.ts of the room (before NAMES, before PAIRS). */
const LOOPS = [
  { room: 'scan', entry: 'lines', memory: 'assembly/memory.ts', staticAt: 163_840 },
  { room: 'scan-access', entry: 'requests', memory: 'assembly/access-memory.ts', staticAt: 49_152 },
];

for (const loop of LOOPS) await compile(loop);

async function compile({ room, entry, memory, staticAt }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-scan-'));
  for (const name of fs.readdirSync(path.join(top, 'src', room))) {
    const from = name === 'memory.ts' ? memory : `src/${room}/${name}`;
    // AssemblyScript names modules without their ending.
    const text = fs.readFileSync(path.join(top, from), 'utf8').replace(/(from '\.\/[a-z-]+)\.ts'/g, "$1'");
    fs.writeFileSync(path.join(folder, name), text);
  }
  const out = path.join(top, 'dist', room, `${entry}.wasm`);
  fs.mkdirSync(path.dirname(out), { recursive: true });
  const flags = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--memoryBase', String(staticAt)];
  const { error, stderr } = await asc.main([`${entry}.ts`, '--outFile', out, '--baseDir', folder, ...flags]);
  fs.rmSync(folder, { recursive: true, force: true });
  if (!error) return;
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exit(1);
}
