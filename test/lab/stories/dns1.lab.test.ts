/** DNS1, live: every fact that the incident's page asks for must stand in the answer, in three dressings drawn by the seed. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trackedNow } from '../conntrack.ts';
import { type Dns1Stage, dressDns1, scannersOf, stageDns1 } from '../dns1.ts';
import { dressingSeeds, labSeed } from '../draw.ts';
import { runHere } from '../host.ts';
import { acceptedFor, authLines, type Guessed, guessedBy, timeOf } from '../ledger.ts';
import { askedAddresses } from '../outside.ts';
import { type Answer, inShort, investigate, loudCases, type SaidCase, type SaidFinding } from '../product.ts';

const dressings = dressingSeeds('dns1', 3).map((seed, number) => ({ seed, number }));

describe.each(dressings)(`DNS1, lab seed ${labSeed}, dressing $number`, ({ seed, number }) => {
  const dressing = dressDns1(seed, number);
  let stage: Dns1Stage;
  let answer: Answer;
  let story: SaidCase;
  let scanners: number;
  let asked: Set<string>;
  let guessed: Map<string, Guessed>;
  let tracked: number;
  let trackedAfter: number;

  beforeAll(async () => {
    stage = await stageDns1(dressing);
    asked = await askedAddresses(stage.outside);
    tracked = await trackedNow(stage.victim);
    scanners = (await scannersOf(stage.victim, dressing)).length;
    guessed = guessedBy(authLines(stage.victim));
    answer = await investigate(stage.victim);
    trackedAfter = await trackedNow(stage.victim);
    const [first] = loudCases(answer.report);
    if (!first) throw new Error(`no case:\n${inShort(answer.report)}\n${JSON.stringify(dressing)}`);
    story = first;
    console.log(`DNS1 dressing ${number}: ${Math.round(answer.tookMs)} ms, ${scanners} scanners`);
  }, 180_000);
  afterAll(async () => stage?.stop());

  const finding = (detector: string): SaidFinding => {
    const found = story.findings.find((one) => one.detector === detector);
    if (!found) throw new Error(`no ${detector} in the case:\n${inShort(answer.report)}\n${JSON.stringify(dressing)}`);
    return found;
  };
  const chainSays = () => story.chain.map((step) => step.says).join('\n');

  it('says that the host is compromised, in one case, with exit status 1', () => {
    expect(answer.status).toBe(1);
    expect(answer.report.verdict).toBe('compromised');
    expect(
      loudCases(answer.report).map((one) => one.title),
      inShort(answer.report),
    ).toHaveLength(1);
    expect(story.severity).toBe('critical');
  });

  it('tells the effect: how many processes scan how many addresses on which port', () => {
    const scan = finding('outbound-scan');
    expect(scan.figures?.['port']).toBe(dressing.targetPort);
    expect(scan.figures?.['processes']).toBe(scanners);
    expect(Number(scan.figures?.['distinctTargets'])).toBeGreaterThan(asked.size * 0.5);
    expect(Number(scan.figures?.['distinctTargets'])).toBeLessThanOrEqual(3_000);
    expect(story.chain.some((step) => step.role === 'victim')).toBe(true);
  });

  it('tells how full the connection table is', () => {
    const filling = finding('conntrack-filling');
    expect(filling.figures?.['max']).toBe(stage.limit);
    // Scanners go on meanwhile, and the kernel forgets: what was counted lies near what was there before and after.
    expect(Number(filling.figures?.['used'])).toBeGreaterThan(Math.min(tracked, trackedAfter) * 0.9);
    expect(Number(filling.figures?.['used'])).toBeLessThan(Math.max(tracked, trackedAfter) * 1.1);
    if (dressing.tableFull) expect(finding('conntrack-full').figures?.['times'] ?? finding('conntrack-full').says).toBeTruthy();
  });

  it('names the program, its hidden directory, how many of it run and as whom', () => {
    const place = finding('hidden-place');
    expect(place.culprit).toContainEqual(expect.objectContaining({ is: 'file', path: `${dressing.place}/${dressing.kit.program}` }));
    expect(finding('many-instances').figures?.['processes']).toBe(scanners);
    expect(place.says).toContain(dressing.service.name);
  });

  it('recognises the kit: both lists, the dictionary, the loot and the programs', () => {
    const kit = finding('attack-kit');
    const named = kit.evidence.map((one) => one.path);
    for (const file of [...dressing.kit.lists, dressing.kit.dictionary, dressing.kit.loot, dressing.kit.program, dressing.kit.starter]) {
      expect(named, `${file} of ${JSON.stringify(dressing.kit)}`).toContain(`${dressing.place}/${file}`);
    }
    expect(kit.figures).toMatchObject({ targetLists: 2, dictionaries: 1, loot: 1 });
  });

  it('names the log-in that began it: account, source, time and method, by the line of the log', async () => {
    const entry = finding('entry-after-guessing');
    expect(entry.culprit).toContainEqual(expect.objectContaining({ is: 'address', ip: stage.entrant }));
    expect(entry.culprit).toContainEqual(expect.objectContaining({ is: 'account', name: dressing.service.name }));
    expect(entry.figures?.['method']).toBe('password');
    const step = story.chain.find((one) => one.role === 'entry' && one.entity.ip === stage.entrant && one.at !== null);
    expect(step).toBeDefined();
    const [line] = acceptedFor(authLines(stage.victim), dressing.service.name);
    if (!line) throw new Error('the stage has no accepted line');
    const at = await timeOf(stage.victim, line, Date.now());
    const times = story.chain.filter((one) => one.role === 'entry' && one.at !== null).map((one) => Math.abs(Date.parse(one.at ?? '') - at));
    expect(Math.min(...times)).toBeLessThan(1_000);
    expect(entry.evidence).toContainEqual(expect.objectContaining({ source: line.file, line: line.line }));
  });

  it('adds up the guessing before it, by address, with the names that were tried', () => {
    for (const ip of stage.dressing.plan.guessers) {
      const truth = guessed.get(ip);
      const found = story.findings.find((one) => one.detector === 'password-guessing' && one.culprit.some((who) => who.ip === ip));
      expect(found?.figures?.['failures'], `${ip} in\n${inShort(answer.report)}`).toBe(truth?.failures);
      expect(found?.figures?.['accounts']).toBe(truth?.accounts.size);
    }
  });

  it('explains why it was possible, and clears who is innocent', () => {
    const says = [...story.chain, ...story.facts].map((one) => one.says).join('\n');
    expect(says).toMatch(new RegExp(`${dressing.service.name}.*${dressing.service.groups?.[0]}`));
    expect(says).toMatch(/takes passwords/);
    expect(says).toMatch(new RegExp(`cleared: ${dressing.admin.name}`));
    expect(story.chain.some((step) => step.role !== 'explanation' && step.entity.name === dressing.admin.name)).toBe(false);
  });

  it('proposes what stops it and spares who must not be hit', () => {
    const orders = story.proposes.map((one) => one.order);
    expect(orders).toContainEqual(expect.objectContaining({ verb: 'quarantine-directory', path: dressing.place }));
    expect(orders).toContainEqual({ verb: 'lock-account', name: dressing.service.name });
    expect(orders).toContainEqual({ verb: 'ban-address', ip: stage.entrant });
    const frozen = orders.flatMap((order) => (order.verb === 'freeze-tree' ? [order.pid, ...(order.alike ?? []).map((one) => one.pid)] : []));
    expect(frozen.length).toBeGreaterThanOrEqual(scanners);
    const banned = orders.flatMap((order) => order.ip ?? []);
    for (const ip of [...dressing.plan.inside, dressing.plan.dmz]) expect(banned).not.toContain(ip);
    expect(orders.some((order) => order.verb === 'lock-account' && order.name === dressing.admin.name)).toBe(false);
    for (const one of story.proposes) expect([one.because, one.risk, one.undo].every((text) => text.length > 5)).toBe(true);
    expect(story.recommends.join('\n')).toMatch(/[Rr]ebuild/);
  });

  it('tells it in the order of time, with evidence for every step', () => {
    const times = story.chain.filter((step) => step.role !== 'explanation' && step.at !== null).map((step) => Date.parse(step.at ?? ''));
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    for (const step of story.chain) expect(step.evidence.length, step.says).toBeGreaterThan(0);
    expect(chainSays().length).toBeGreaterThan(200);
  });

  it('finds the same case on a copy of the disk, less what only the kernel knows, and says so', async () => {
    const copy = (await runHere('mktemp', ['-d'])).out.trim();
    try {
      const parts = ['etc', 'var/log', 'var/spool', 'var/lib/dpkg/status', 'home', dressing.parent.slice(1)];
      const said = await runHere('bash', [
        '-c',
        'cd "$1" && shift && dest="$1" && shift && tar cf - --ignore-failed-read "$@" 2>/dev/null | tar xf - -C "$dest"; true',
        'copy',
        stage.victim.inside('/'),
        copy,
        ...parts,
      ]);
      expect(said.status).toBe(0);
      const disk = await runHere(process.execPath, [
        new URL('../../../bin/tocsin', import.meta.url).pathname,
        'investigate',
        '--json',
        '--root',
        copy,
      ]);
      const report = JSON.parse(disk.out) as Answer['report'];
      const [dead] = loudCases(report);
      expect(report.verdict, inShort(report)).toBe('compromised');
      const detectors = new Set(dead?.findings.map((one) => one.detector));
      expect(detectors.has('entry-after-guessing')).toBe(true);
      expect(
        report.findings.some((one) => one.detector === 'attack-kit' && one.culprit.some((who) => who.path === dressing.place)),
        inShort(report),
      ).toBe(true);
      expect(detectors.has('outbound-scan')).toBe(false);
      expect(dead?.gaps.join('\n')).toMatch(/disk and not a running machine/);
      expect(report.coverage).toContainEqual(expect.objectContaining({ source: 'running machine', state: 'absent' }));
    } finally {
      await runHere('rm', ['-rf', copy]);
    }
  });
});
