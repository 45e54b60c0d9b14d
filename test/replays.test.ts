/** The incidents told again: recorded lines and a recorded machine go in, the story that a person reads comes out. `UPDATE=1` rewrites the goldens; review is the diff. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calledIt } from '../src/core/entity.ts';
import type { Case } from '../src/core/words.ts';
import { investigation } from '../src/engine/investigation.ts';
import { networks } from '../src/eyes/networks.ts';
import * as plugins from '../src/registry.ts';
import { chunkOf, type FakeMachine, fakeEyes } from './fake-eyes.ts';

const folder = new URL('../replays/', import.meta.url).pathname;

async function storyOf(incident: string): Promise<string> {
  // A recording is our own file: its shape is what the recorder wrote.
  const machine = JSON.parse(fs.readFileSync(`${folder}${incident}/machine.json`, 'utf8')) as FakeMachine & { now: number };
  const logs = fs.readdirSync(`${folder}${incident}`).filter((name) => name.endsWith('.log'));
  const chunks = logs.map((name) => chunkOf(`/var/log/${name}`, fs.readFileSync(`${folder}${incident}/${name}`, 'latin1'), machine.now));
  const eyes = fakeEyes({ ...machine, chunks });
  const report = await investigation(eyes, plugins, networks(eyes.host.addresses), { version: 'replay', subject: null, since: null }, () => {});
  return [`verdict: ${report.verdict}`, ...report.cases.flatMap(told)].join('\n');
}

function told(story: Case): string[] {
  return [
    '',
    `${story.severity}, ${story.confidence}: ${story.title}`,
    ...story.chain.map(
      (step) =>
        `  ${step.role.padEnd(11)} ${step.at === null ? '-'.padEnd(20) : new Date(step.at).toISOString().slice(0, 19).concat('Z')} ${calledIt(step.entity)}: ${step.says}`,
    ),
    ...story.proposes.map((proposal) => `  propose     ${JSON.stringify(proposal.order)}`),
    ...story.gaps.map((gap) => `  gap         ${gap}`),
  ];
}

describe('replays', () => {
  const incidents = fs.readdirSync(folder).filter((name) => fs.existsSync(`${folder}${name}/machine.json`));

  it('has the incidents that Tocsin exists for', () => expect(incidents).toEqual(expect.arrayContaining(['dns1', 'world'])));

  it.each(incidents)('%s is told as its golden story says', async (incident) => {
    const story = `${await storyOf(incident)}\n`;
    const golden = `${folder}${incident}/story.golden`;
    if (process.env['UPDATE'] === '1') fs.writeFileSync(golden, story);
    expect(story).toBe(fs.readFileSync(golden, 'utf8'));
  });
});
