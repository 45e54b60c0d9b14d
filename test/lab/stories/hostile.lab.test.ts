/** An attacker chooses names: of users, processes, files, and of lines in the log. None of them may lie to the reader or move his cursor. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount } from '../accounts.ts';
import { Draw, dressingSeeds } from '../draw.ts';
import { authLines, guessedBy } from '../ledger.ts';
import { inShort, investigate, tocsin } from '../product.ts';
import { startLogs, startSshd } from '../server.ts';
import { buildTown, drawStreet, type Town } from '../street-plan.ts';
import { guess, visit } from '../visits.ts';

const plan = drawStreet(new Draw(dressingSeeds('hostile', 1)[0] ?? 1), 2);
const [liar = '', plain = ''] = plan.guessers;
const FORGED = [
  'root from 1.2.3.4 port 22 ssh2',
  'x\u001b[2J\u001b]0;owned\u0007',
  '<script>alert(1)</script>',
  'a Accepted password for root from 9.9.9.9 port 1 ssh2',
  '`id`|*_[x](http://h)',
  '\u202egnp.exe',
];
const PLACE = '/var/tmp/.h\u001b[31m<b>\nx';

describe('hostile names', () => {
  let town: Town;
  beforeAll(async () => {
    town = await buildTown('mx', plan, null);
    const { victim, outside } = town;
    await startLogs(victim, 'iso');
    await startSshd(victim, { port: 22, settings: ['AllowTcpForwarding no'] });
    await addAccount(victim, { name: 'kim', password: 'kim-1' });
    await guess([
      { way: { from: outside, by: liar, to: plan.dmz, port: 22 }, pairs: FORGED.flatMap((name) => [0, 1].map((n) => [name, `p${n}`] as const)) },
      { way: { from: outside, by: plain, to: plan.dmz, port: 22 }, pairs: Array.from({ length: 9 }, (_, n) => ['kim', `no${n}`] as const) },
    ]);
    await visit({ from: outside, by: plain, to: plan.dmz, port: 22 }, 'kim', 'kim-1', 'true');
    await victim.must(
      ['bash', '-c', 'mkdir -p "$1"; cp /usr/bin/sleep "$1/r|u<n>"; cd "$1"; setsid -f "./r|u<n>" 300 </dev/null >/dev/null 2>&1', 'lab', PLACE],
      { user: 'kim' },
    );
    await victim.must(['bash', '-c', 'cd /tmp; exec -a "$1" setsid -f sleep 301 </dev/null >/dev/null 2>&1', 'lab', 'evil\u001b[1mname\n</style>'], {
      user: 'kim',
    });
  }, 120_000);
  afterAll(async () => town?.stop());

  it('believes no forged line: only the true entry, from its true address', async () => {
    const { report } = await investigate(town.victim);
    const entries = report.findings.filter((one) => one.detector === 'entry-after-guessing');
    expect(
      entries.map((one) => one.culprit[0]),
      inShort(report),
    ).toEqual([{ is: 'address', ip: plain }]);
    expect(JSON.stringify(report.findings.flatMap((one) => one.culprit))).not.toMatch(/1\.2\.3\.4|9\.9\.9\.9/);
    const truth = guessedBy(authLines(town.victim));
    for (const ip of [liar, plain]) {
      const found = report.findings.find((one) => one.detector === 'password-guessing' && one.culprit.some((who) => who.ip === ip));
      expect(found?.figures?.['failures'], ip).toBe(truth.get(ip)?.failures);
    }
  });

  it.each([['--details'], ['--markdown'], ['--html']])('shows them escaped with %s', async (form) => {
    const said = await tocsin(town.victim, ['investigate', form]);
    expect(said.status, said.err).toBe(1);
    expect([...said.out].filter((character) => /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(character))).toEqual([]);
    if (form !== '--details') expect(said.out).not.toMatch(/<script|31m<b>|<\/style>\\n/);
    expect(said.out).toContain(
      '.h\\x1b[31m'.replace('[', form === '--markdown' ? '\\[' : '[').replace('\\x', form === '--markdown' ? '\\\\x' : '\\x'),
    );
  });

  it('keeps every byte of a name in JSON, escaped so that a terminal cannot obey it', async () => {
    const said = await tocsin(town.victim, ['investigate', '--json']);
    expect([...said.out].filter((character) => /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(character))).toEqual([]);
    expect(said.out).toContain(JSON.stringify(PLACE).slice(1, -1));
  });

  it('works without root as far as it can, and says what is missing', async () => {
    const { report, status } = await investigate(town.victim, [], { user: 'games' });
    expect(status).toBeLessThan(2);
    const dark = report.coverage.filter((seen) => seen.state === 'partial' || seen.state === 'unreadable').map((seen) => seen.source);
    expect(dark).toEqual(expect.arrayContaining(['privileges', 'processes', '/var/log/auth.log']));
    expect(report.coverage.find((seen) => seen.source === '/var/log/auth.log')?.detail).toMatch(/run as root/);
  });

  it('changes nothing on the machine', async () => {
    // Where programs write; /usr, the package database and npm's cache lie on the machine below and may change for its own reasons.
    const list =
      'find /etc /home /root /tmp /run /dev/shm /var/tmp /var/spool /srv \\( -name .npm -o -name node_modules \\) -prune -o -newermt "$1" -type f -print';
    const before = (await town.victim.must(['date', '+%F %T.%N'])).trim();
    await investigate(town.victim);
    expect((await town.victim.sh(list, before)).trim()).toBe('');
  });
});
