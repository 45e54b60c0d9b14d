/**
 * Begins a plugin: `npm run new detector port-knocking` writes the file, its test (which fails until it is written) and its
 * two lines in the registry.
 */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const FAMILIES = { source: 'sources', parser: 'parsers', detector: 'detectors', probe: 'probes', policy: 'policies' };
const top = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const [family, name] = process.argv.slice(2);
const folder = FAMILIES[family];
if (!folder || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '')) {
  console.error(`usage: npm run new ${Object.keys(FAMILIES).join('|')} NAME      (NAME in small letters, words joined by -)`);
  process.exit(2);
}
const word = name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const Type = family[0].toUpperCase() + family.slice(1);

const BODIES = {
  source: '  *open(_eyes) {},\n',
  parser: "  programs: ['program'],\n  needles: ['needle'],\n  parse(_line) {\n    return null;\n  },\n",
  detector: "  attack: ['T0000'],\n  tells: 'oddity',\n  role: 'explanation',\n  start(_around) {\n    return {};\n  },\n",
  probe: "  asks: 'address',\n  look(_entity, _given, _story) {\n    return [];\n  },\n",
  policy: '  decide(_story, _given) {\n    return { proposes: [], recommends: [] };\n  },\n',
};

const file = path.join(top, 'src', folder, `${name}.ts`);
const test = path.join(top, 'test', folder, `${name}.test.ts`);
for (const path of [file, test]) {
  if (fs.existsSync(path)) {
    console.error(`${path} is there already`);
    process.exit(2);
  }
}
fs.mkdirSync(path.dirname(test), { recursive: true });
fs.writeFileSync(
  file,
  `/** One sentence that a sysadmin understands: what this ${family} is for. */

import type { ${Type} } from '../core/contracts.ts';

export const ${word}: ${Type} = {
  name: '${name}',
  about: 'Says in one sentence what it looks at.',
  cannotSee: 'what it is blind to, in one sentence.',
${BODIES[family]}};
`,
);
fs.writeFileSync(
  test,
  `import { expect, it } from 'vitest';
import { ${word} } from '../../src/${folder}/${name}.ts';

it('${name} sees what it is for', () => {
  expect.fail(\`write first what \${${word}.name} must see, and what it must leave alone\`);
});
`,
);
if (family === 'parser') {
  const sample = path.join(top, 'test/samples', `${name}.log`);
  if (!fs.existsSync(sample)) fs.writeFileSync(sample, '# the expected event as JSON in a comment above each line, or null\n');
}
const registry = path.join(top, 'src/registry.ts');
const before = fs.readFileSync(registry, 'utf8');
const lastImport = before.lastIndexOf("from './");
const lineEnd = before.indexOf('\n', lastImport) + 1;
const withImport = `${before.slice(0, lineEnd)}import { ${word} } from './${folder}/${name}.ts';\n${before.slice(lineEnd)}`;
const listed = withImport.replace(
  new RegExp(`(export const ${folder}: readonly ${Type}\\[\\] = \\[[^\\]]*?)(\\n?)\\];`),
  (_, list) => `${list.trimEnd()}${/\[$/.test(list.trimEnd()) || /,$/.test(list.trimEnd()) ? '' : ','}\n  ${word},\n];`,
);
fs.writeFileSync(registry, listed);
const formatted = spawnSync(path.join(top, 'node_modules/.bin/biome'), ['check', '--write', registry, test, file], { stdio: 'ignore' }).status === 0;
console.log(`${path.relative(top, file)}\n${path.relative(top, test)}\nsrc/registry.ts now names it.`);
console.log(`Next: write the failing test (docs/ADDING.md), then \`${formatted ? '' : 'npm run format && '}npm run check\`.`);
