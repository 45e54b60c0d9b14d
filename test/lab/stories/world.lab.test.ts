/** WORLD, live: a scanner that is started again by a shell loop or by cron, a false sshd, a changed system program. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dressingSeeds, labSeed } from '../draw.ts';
import { pause } from '../host.ts';
import { type Answer, inShort, investigate, loudCases, type SaidFinding } from '../product.ts';
import { dressWorld, type Keeper, pidsOf, scannerPids, stageWorld, type WorldDressing, type WorldStage } from '../world.ts';

const dressings = (['loop', 'crontab', 'cron.d'] as const).flatMap((keeper: Keeper) =>
  dressingSeeds(`world ${keeper}`, 3).map((seed, number) => ({ keeper, number, dressing: dressWorld(seed, number, keeper) })),
);

/** Cron wakes once a minute: all that it keeps is staged together, so that its minute is waited for once. */
const staged = new Map<WorldDressing, Promise<WorldStage>>();
function stageOf(dressing: WorldDressing): Promise<WorldStage> {
  if (!staged.has(dressing)) {
    for (const one of dressings.filter((other) => other.dressing === dressing || (dressing.keeper !== 'loop' && other.keeper === dressing.keeper))) {
      const stage = stageWorld(one.dressing);
      stage.catch(() => {});
      staged.set(one.dressing, stage);
    }
  }
  return staged.get(dressing) ?? stageWorld(dressing);
}

describe.each(dressings)(`WORLD, lab seed ${labSeed}, kept by $keeper, dressing $number`, ({ keeper, number, dressing }) => {
  let stage: WorldStage;
  let answer: Answer;
  let scanners: number[];
  let liars: number[];

  beforeAll(async () => {
    stage = await stageOf(dressing);
    await pause(2_500);
    scanners = await scannerPids(stage.victim, dressing);
    liars = await pidsOf(stage.victim, `${dressing.place}/${dressing.falseSshd}`);
    answer = await investigate(stage.victim);
    console.log(`WORLD ${keeper} ${number}: ${Math.round(answer.tookMs)} ms`);
  }, 180_000);
  afterAll(async () => stage?.stop());

  const finding = (detector: string, fits: (one: SaidFinding) => boolean = () => true): SaidFinding => {
    const found = loudCases(answer.report)
      .flatMap((story) => story.findings)
      .find((one) => one.detector === detector && fits(one));
    if (!found) throw new Error(`no ${detector}:\n${inShort(answer.report)}\n${JSON.stringify(dressing)}`);
    return found;
  };

  it('names the scanner, its folder, its port and how many it went to', () => {
    expect(answer.report.verdict).toBe('compromised');
    const scan = finding('outbound-scan');
    expect(scan.figures?.['port']).toBe(dressing.targetPort);
    expect(Number(scan.figures?.['distinctTargets'])).toBeGreaterThan(20);
    expect(scan.culprit).toContainEqual(expect.objectContaining({ is: 'file', path: `${dressing.place}/${dressing.program}` }));
    expect(scanners).toContain(scan.culprit.find((who) => who.is === 'process')?.pid);
    expect(finding('hidden-place', (one) => one.culprit.some((who) => who.path === dressing.place))).toBeDefined();
  });

  it('names who starts it again', () => {
    if (keeper === 'loop') {
      const again = finding('respawner', (one) => one.figures?.['by'] === 'parent');
      expect(again.culprit).toContainEqual(expect.objectContaining({ is: 'file', path: `${dressing.place}/${dressing.starter}` }));
      return;
    }
    const all = loudCases(answer.report).flatMap((story) => story.findings);
    const again = all.find(
      (one) =>
        ['respawner', 'persistence-added'].includes(one.detector) &&
        one.evidence.some((seen) => seen.path === stage.cronFile && seen.line === stage.cronLine),
    );
    expect(again, inShort(answer.report)).toBeDefined();
    const orders = loudCases(answer.report).flatMap((story) => story.proposes.map((one) => one.order));
    expect(orders).toContainEqual({ verb: 'disable-persistence', path: stage.cronFile, line: stage.cronLine });
  });

  it('names the process that calls itself sshd and is none', () => {
    const mask = finding('masquerade', (one) => one.culprit.some((who) => who.is === 'process' && liars.includes(who.pid ?? -1)));
    expect(mask.figures?.['claims']).toBe('sshd');
    expect(mask.culprit).toContainEqual(expect.objectContaining({ is: 'file', path: `${dressing.place}/${dressing.falseSshd}` }));
  });

  it('tells the open files, and the system program that is not the packaged one', () => {
    const says = loudCases(answer.report)
      .flatMap((story) => [...story.chain, ...story.facts])
      .map((one) => one.says)
      .join('\n');
    expect(says).toContain(`${dressing.place}/${dressing.results}`);
    expect(answer.report.findings.find((one) => one.detector === 'changed-package-file')?.culprit[0]?.path).toBe(stage.changedPath);
  });

  it('keeps it one case, and does not invent a way in that no log has', () => {
    const about = loudCases(answer.report).filter((story) =>
      story.findings.some((one) => one.culprit.some((who) => who.path?.startsWith(dressing.place))),
    );
    expect(about, inShort(answer.report)).toHaveLength(1);
    expect(about[0]?.chain.some((step) => step.role === 'entry')).toBe(false);
    expect(about[0]?.gaps.join('\n')).toMatch(/how they came in was not found/);
  });

  it('proposes to freeze whoever starts it again before the rest, and to close the folder', () => {
    const orders = loudCases(answer.report).flatMap((story) => story.proposes.map((one) => one.order));
    expect(orders).toContainEqual(expect.objectContaining({ verb: 'quarantine-directory', path: dressing.place }));
    const frozen = orders.flatMap((order) => (order.verb === 'freeze-tree' ? [order.pid, ...(order.alike ?? []).map((one) => one.pid)] : []));
    const accused = new Set([...scanners, ...liars]);
    const keepers = loudCases(answer.report)
      .flatMap((story) => story.findings)
      .filter((one) => one.figures?.['by'] === 'parent')
      .flatMap((one) => one.culprit.slice(0, 1).map((who) => who.pid));
    for (const pid of frozen) expect([...accused, ...keepers]).toContain(pid);
    if (keeper === 'loop') expect(frozen).toContain(keepers[0]);
    expect(frozen).not.toContain(1);
  });
});
