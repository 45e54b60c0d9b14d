/** The doors of the house are kept, and the check that keeps them can fail. */

import { describe, expect, it } from 'vitest';
import { breaches, importsOf, type Tree, treeOf } from './architecture.ts';

const src = new URL('../../src', import.meta.url).pathname;

describe('the house', () => {
  it('has no breach', () => {
    const tree = treeOf(src);
    expect(tree.size).toBeGreaterThan(40);
    expect(breaches(tree)).toEqual([]);
  });
});

describe('the check itself', () => {
  const good: Tree = new Map([
    ['core/words.ts', '/** Words. */\nexport type A = 1;\n'],
    ['detectors/one.ts', "/** One. */\nimport type { A } from '../core/words.ts';\nexport const one: A = 1;\n"],
    ['detectors/two.ts', '/** Two. */\nexport const two = 2;\n'],
    ['eyes/disk.ts', "/** Disk. */\nimport * as fs from 'node:fs';\nexport const disk = fs;\n"],
    ['engine/pipeline.ts', '/** Pipeline. */\nexport const p = 1;\n'],
  ]);
  const mutants: readonly (readonly [string, string, string])[] = [
    ['a detector that reads the disk', 'detectors/one.ts', "/** One. */\nimport * as fs from 'node:fs';\n"],
    ['a detector that imports its sibling', 'detectors/one.ts', "/** One. */\nimport { two } from './two.ts';\n"],
    ['a type that goes up the stairs', 'core/words.ts', "/** Words. */\nimport type { p } from '../engine/pipeline.ts';\n"],
    ['a dynamic import', 'engine/pipeline.ts', "/** P. */\nexport const p = () => import('../eyes/disk.ts');\n"],
    ['a package in the engine', 'engine/pipeline.ts', "/** P. */\nimport x from 'commander';\n"],
    ['a package that is not on the list of the eyes', 'eyes/disk.ts', "/** D. */\nimport x from 'left-pad';\n"],
    ['an import that is not there', 'engine/pipeline.ts', "/** P. */\nimport './gone.ts';\n"],
    ['a clock in a pure room', 'detectors/two.ts', '/** Two. */\nexport const two = Date.now();\n'],
    ['chance in a pure room', 'detectors/two.ts', '/** Two. */\nexport const two = Math.random();\n'],
    ['a long file', 'detectors/two.ts', `/** Two. */\n${'// x\n'.repeat(251)}`],
    ['a file without its sentence', 'detectors/two.ts', 'export const two = 2;\n'],
    ['an attic', 'core/utils/x.ts', '/** X. */\n'],
    ['a room that nobody knows', 'cellar/x.ts', '/** X. */\n'],
    ['an enum', 'core/words.ts', '/** Words. */\nexport enum A { B }\n'],
    ['a default export', 'core/words.ts', '/** Words. */\nexport default 1;\n'],
  ];

  it('finds nothing in a good tree', () => expect(breaches(good)).toEqual([]));

  it.each(mutants)('catches %s', (_name, file, text) => {
    expect(breaches(new Map([...good, [file, text]])).length).toBeGreaterThan(0);
  });

  it('catches a circle of types', () => {
    const circle: Tree = new Map([
      ['core/a.ts', "/** A. */\nimport type { B } from './b.ts';\nexport type A = B;\n"],
      ['core/b.ts', "/** B. */\nimport type { A } from './a.ts';\nexport type B = A;\n"],
    ]);
    expect(breaches(circle)).toHaveLength(2);
  });

  it('reads every form of import', () => {
    const text =
      "import a from 'a';\nimport type { b } from 'b';\nexport { c } from 'c';\nimport 'd';\nconst e = import('e');\nimport {\n  f,\n} from 'f';\n// import g from 'g';\n";
    expect(importsOf(text).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});
