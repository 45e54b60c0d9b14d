/** Every plugin keeps the promises of its family: what docs/specs say, held over the whole registry. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Named } from '../../src/core/contracts.ts';
import { detectors, guessers, parsers as ofPrograms, policies, probes, sources } from '../../src/registry.ts';
import { fakeSurroundings } from '../fake-eyes.ts';

/** Those too that only single lines are asked about. */
const parsers = [...ofPrograms, ...guessers];
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

const REFUSED = { account: '', ip: '', port: null, method: 'password', service: 'sshd', known: true, times: 1, pid: null } as const;

describe('detectors', () => {
  it.each(detectors.map((detector) => [detector.name, detector] as const))('%s names its techniques and is heard somewhere', (_name, detector) => {
    for (const technique of detector.attack) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(Object.keys(detector.start(fakeSurroundings())).length).toBeGreaterThan(0);
    expect(fs.existsSync(`${root}test/detectors/${detector.name}.test.ts`)).toBe(true);
  });

  it.each(detectors.map((detector) => [detector.name, detector] as const))('%s keeps nothing of an event that is only lent', (_name, detector) => {
    const [own, lent] = [detector.start(fakeSurroundings()), detector.start(fakeSurroundings())];
    const said: unknown[][] = [[], []];
    const one = { kind: 'login.failed', at: 0, source: '/var/log/auth.log', line: 0, raw: '', fields: { ...REFUSED } } as const;
    for (let index = 1; index <= 40; index += 1) {
      const fields = { ...REFUSED, ip: `192.0.2.${index}`, account: `a${index % 3}` };
      const event = { ...one, at: index * 1_000, line: index, raw: `line ${index}`, fields };
      said[0]?.push(own['login.failed']?.(event) ?? null);
      Object.assign(one.fields, fields);
      said[1]?.push(structuredClone(lent['login.failed']?.(Object.assign(one, { at: event.at, line: index, raw: event.raw })) ?? null));
    }
    const done = { kind: 'sweep.done', at: 50_000, source: 'tocsin', fields: { from: 0, to: 50_000 } } as const;
    expect([...(said[1] ?? []), lent['sweep.done']?.(done) ?? null]).toEqual([...(said[0] ?? []), own['sweep.done']?.(done) ?? null]);
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
