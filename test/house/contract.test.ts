/** Every plugin keeps the promises of its family: what docs/specs say, held over the whole registry. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Named } from '../../src/core/contracts.ts';
import { detectors, parsers, policies, probes, sources } from '../../src/registry.ts';
import { fakeSurroundings } from '../fake-eyes.ts';

const root = new URL('../..', import.meta.url).pathname;
const families: Readonly<Record<string, readonly Named[]>> = { sources, parsers, detectors, probes, policies };

describe.each(Object.entries(families))('%s', (family, plugins) => {
  it('are all on the guest list, and the guest list names no others', () => {
    const files = fs.readdirSync(`${root}src/${family}`).map((name) => name.replace(/\.ts$/, ''));
    expect(plugins.map((plugin) => plugin.name).sort()).toEqual(files.sort());
  });

  it.each(plugins.map((plugin) => [plugin.name, plugin] as const))(
    '%s says what it is for and what it cannot see, in one sentence each',
    (_name, plugin) => {
      expect(plugin.name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      expect(plugin.about).toMatch(/^[A-Z].{15,200}\.$/);
      expect(plugin.cannotSee).toMatch(/^\S.{10,400}\.$/);
    },
  );
});

describe('detectors', () => {
  it.each(detectors.map((detector) => [detector.name, detector] as const))('%s names its techniques and is heard somewhere', (_name, detector) => {
    for (const technique of detector.attack) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(Object.keys(detector.start(fakeSurroundings())).length).toBeGreaterThan(0);
    expect(fs.existsSync(`${root}test/detectors/${detector.name}.test.ts`)).toBe(true);
  });

  it('start anew each time: two of them share no memory', () => {
    for (const detector of detectors) {
      const around = fakeSurroundings();
      expect(detector.start(around)).not.toBe(detector.start(around));
    }
  });
});

describe('parsers', () => {
  it.each(parsers.map((parser) => [parser.name, parser] as const))(
    '%s has needles, programs and samples, and takes no stranger line',
    (_name, parser) => {
      expect(parser.programs.length).toBeGreaterThan(0);
      expect(parser.needles.every((needle) => needle.length >= 3)).toBe(true);
      expect(fs.existsSync(`${root}test/samples/${parser.name}.log`)).toBe(true);
      expect(
        parser.parse({
          source: 'x',
          line: 1,
          at: 0,
          host: 'h',
          program: parser.programs[0] ?? '',
          pid: 1,
          message: 'nothing that anybody ever logs',
          raw: '',
        }),
      ).toBeNull();
    },
  );
});
