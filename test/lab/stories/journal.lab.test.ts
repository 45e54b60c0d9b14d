/** A host whose only living log is the journal, as Debian 12 is after an upgrade: the same entry is found, with the journal as its evidence, with a text log of years ago beside it or without. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount } from '../accounts.ts';
import { Draw, labSeed } from '../draw.ts';
import { type Answer, inShort, investigate, loudCases } from '../product.ts';
import { startJournal, startSshd } from '../server.ts';
import { buildTown, drawStreet, type Town } from '../street-plan.ts';
import { guess, visit } from '../visits.ts';

const draw = new Draw(labSeed);
const plan = drawStreet(draw, 1);
const account = { name: draw.word(3), password: draw.word(4) };
const tries = draw.between(8, 30);

const STALE = '2020-05-01T10:00:00.000000+00:00 old sshd[4]: Server listening on 0.0.0.0 port 22.\n';

describe.each([
  ['no log files', null],
  ['a log file of years ago', STALE],
])(`a journal and %s, lab seed ${labSeed}`, (_, stale) => {
  let town: Town;
  let answer: Answer;

  beforeAll(async () => {
    town = await buildTown(stale ? 'journal-stale' : 'journal', plan, null);
    await startJournal(town.victim);
    await addAccount(town.victim, account);
    await startSshd(town.victim, { port: 22 });
    const way = { from: town.outside, by: plan.guessers[0] ?? '', to: plan.dmz, port: 22 };
    await guess([{ way, pairs: Array.from({ length: tries }, (_, index) => [account.name, `wrong${index}`] as const) }]);
    await visit(way, account.name, account.password, 'true');
    await town.victim.must(['journalctl', '--flush', '--sync']);
    if (stale) town.victim.write('/var/log/auth.log', stale);
    answer = await investigate(town.victim);
  }, 120_000);
  afterAll(async () => town?.stop());

  it('tells the guessing and the entry, each line once', () => {
    const [story] = loudCases(answer.report);
    const entry = story?.findings.find((one) => one.detector === 'entry-after-guessing');
    expect(entry?.figures, inShort(answer.report)).toMatchObject({ failuresBefore: tries, method: 'password', logins: 1 });
    expect(entry?.evidence.map((one) => one.source)).toContain('journal');
    expect(entry?.evidence.some((one) => one.says?.includes(`Accepted password for ${account.name} from ${plan.guessers[0]}`))).toBe(true);
  });

  it('says that the journal was read', () => {
    const of = (source: string) => answer.report.coverage.find((one) => one.source === source)?.state;
    expect(of('journal')).toBe('read');
  });

  it('counts each line once where a text log has it too', async () => {
    await town.victim.sh('journalctl --output=short-iso-precise --identifier=sshd --identifier=sshd-session > /var/log/auth.log');
    const both = await investigate(town.victim);
    const entry = loudCases(both.report)[0]?.findings.find((one) => one.detector === 'entry-after-guessing');
    expect(entry?.figures, inShort(both.report)).toMatchObject({ failuresBefore: tries, logins: 1 });
    expect(entry?.evidence.map((one) => one.source)).not.toContain('journal');
  }, 60_000);
});
