/** Watching, live: real sshd, real log-ins and guesses by the stock client, bans in the kernel; nobody needed is shut out, whatever the log says. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount } from '../accounts.ts';
import { Draw, labSeed } from '../draw.ts';
import { answers, elements } from '../hand.ts';
import { LabHost } from '../host.ts';
import { gatewayOf, Street } from '../network.ts';
import { startLogs, startSshd } from '../server.ts';
import { guess, stay } from '../visits.ts';

const VICTIM = '10.77.1.10';
const OUTSIDE = '10.77.2.10';
const OUT = '/tmp/watch.jsonl';
const STATE = '/var/lib/tocsin';

const draw = new Draw(labSeed);
const port = draw.between(2_000, 9_000);
const [guesser, second, third, admin, honest] = draw.some(
  Array.from({ length: 90 }, (_, index) => `203.0.113.${index + 10}`),
  5,
) as [string, string, string, string, string];
const account = { name: draw.word(), password: draw.word(4) };
const pairs = (many: number) => Array.from({ length: many }, () => [draw.pick(['root', 'oracle', account.name]), draw.word(3)] as const);

interface Said {
  readonly event: string;
  readonly net?: string;
  readonly outcome?: string;
  readonly says?: string;
  readonly 'source.ip'?: string;
}

describe(`watch, lab seed ${labSeed}`, () => {
  let street: Street;
  let victim: LabHost;
  let outside: LabHost;
  const way = (by: string) => ({ from: outside, by, to: VICTIM, port });
  const said = (): Said[] =>
    victim
      .read(OUT)
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const decided = (net: string) => said().filter((one) => one.event === 'decision' && one.net === net);
  const banned = (net: string) => decided(net).some(({ outcome }) => outcome === 'done');
  const pids = async (words: string) => (await victim.run(['pgrep', '-f', words])).out.split('\n').filter(Boolean);

  /** A banned client waits half a minute for an answer: nobody waits for it. */
  function guessOn(by: string): void {
    guess([{ way: way(by), pairs: pairs(8) }], 2).catch(() => {});
  }

  async function watch(): Promise<void> {
    const before = said().length;
    victim.spawn(['bash', '-c', `exec /opt/tocsin/bin/tocsin watch --mode act --json >>${OUT} 2>>/tmp/watch.err`]);
    await victim.until('tocsin to watch', () =>
      said()
        .slice(before)
        .some(({ says }) => says === 'watching, and acting'),
    );
    // The logs are opened at once after that word.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  beforeAll(async () => {
    [street, victim, outside] = await Promise.all([Street.lay(), LabHost.start('watch-victim'), LabHost.start('watch-outside')]);
    await street.join(victim, { address: VICTIM });
    await street.join(outside, { address: OUTSIDE, also: [guesser, second, third, admin, honest] });
    await startLogs(victim, draw.pick(['rfc3164', 'iso'] as const));
    await addAccount(victim, account);
    await startSshd(victim, { port });
    victim.write(OUT, '');
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 19);
    victim.write(
      '/var/log/auth.log',
      `${yesterday}.000000+00:00 watch-victim sshd[77]: Accepted publickey for ${account.name} from ${honest} port 4022 ssh2: ED25519 SHA256:${'a'.repeat(43)}\n`,
    );
    await victim.must(['chown', 'root:adm', '/var/log/auth.log']);
    await watch();
  }, 90_000);
  afterAll(async () => Promise.all([victim?.stop(), outside?.stop(), street?.stop()]));

  it('shuts out a guesser in the kernel while he guesses, and nobody else', async () => {
    expect(await answers(outside, 'tcp', guesser, VICTIM)).toBe(true);
    guessOn(guesser);
    await victim.until('the ban', () => banned(guesser));
    expect(await elements(victim, 'ban4')).toContain(guesser);
    expect(await answers(outside, 'icmp', guesser, VICTIM)).toBe(false);
    expect(await answers(outside, 'icmp', honest, VICTIM)).toBe(true);
  });

  it('judges without root: another account, and no power but that of reading', async () => {
    const [brain] = await pids('watch --mode act .*--hand');
    const status = victim.read(`/proc/${brain}/status`);
    expect(status).not.toMatch(/^Uid:\t0\t/m);
    // CAP_DAC_READ_SEARCH is 2, CAP_SYS_PTRACE 19.
    expect(status).toMatch(/^CapEff:\t0000000000080004$/m);
    expect(status).toMatch(/^CapBnd:\t0000000000080004$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  });

  it('never shuts out who is logged in, however often he mistypes', async () => {
    const session = stay(way(admin), account.name, account.password, 'sleep 300');
    await victim.until('the session', async () => (await pids(`sshd: ${account.name}@`)).length > 0);
    await guess([{ way: way(admin), pairs: pairs(9) }], 3);
    await victim.until('a word about him', () => said().some((one) => one.net === admin || one['source.ip'] === admin));
    expect(banned(admin)).toBe(false);
    expect(await answers(outside, 'icmp', admin, VICTIM)).toBe(true);
    session.kill('SIGKILL');
  });

  it('spares who came in by a key yesterday, before it watched', async () => {
    await guess([{ way: way(honest), pairs: pairs(7) }], 3);
    await victim.until('a word about him', () => said().some((one) => one['source.ip'] === honest));
    expect(said().find((one) => one['source.ip'] === honest)?.says).toMatch(/by a key within the last week/);
    expect(decided(honest)).toEqual([]);
  });

  it('believes no line about the gateway, the host itself, or by a name that looks like an address', async () => {
    const lines = [gatewayOf(VICTIM), VICTIM, '127.0.0.1'].flatMap((ip) =>
      Array.from({ length: 8 }, () => `Failed password for root from ${ip} port 4 ssh2`),
    );
    for (const line of lines) await victim.must(['logger', '-p', 'auth.info', '-t', 'sshd[4711]', line]);
    const name = `root from ${honest} port 9 ssh2`;
    await victim.must(['logger', '-p', 'auth.info', '-t', 'sshd[4712]', `Failed password for invalid user ${name} from ${third} port 7 ssh2`]);
    await victim.until('a word about the gateway', () => said().some((one) => one['source.ip'] === gatewayOf(VICTIM)));
    expect(said().filter((one) => one.event === 'decision' && [gatewayOf(VICTIM), VICTIM, '127.0.0.1', honest].includes(one.net ?? ''))).toEqual([]);
    expect(await answers(outside, 'icmp', honest, VICTIM)).toBe(true);
  });

  it('goes on where it was after a rotation, and after it was killed', async () => {
    await victim.sh('mv /var/log/auth.log /var/log/auth.log.1; pkill -HUP rsyslogd');
    guessOn(second);
    await victim.until('the ban after the rotation', () => banned(second));

    await victim.sh('pkill -9 -f "[w]atch --mode act .*--hand"');
    await victim.until('the end of both', async () => (await pids('tocsin-hand')).length === 0);
    expect((await elements(victim, 'ban4')).sort()).toEqual(expect.arrayContaining([guesser, second].sort()));
    await guess([{ way: way(third), pairs: pairs(7) }], 1);
    await watch();
    await victim.until('the ban for what was tried meanwhile', () => banned(third));
    expect(decided(guesser).filter(({ outcome }) => outcome === 'done').length).toBe(1);
  });

  it('ends in order by SIGTERM, and leaves the bans in the kernel', async () => {
    const before = said().length;
    await victim.sh('pkill -TERM -f "[w]atch --mode act .*--hand"');
    await victim.until('its last word', () =>
      said()
        .slice(before)
        .some(({ says }) => /seen, .* ban/.test(says ?? '')),
    );
    await victim.until('the end of the hand', async () => (await pids('tocsin-hand')).length === 0);
    expect(await elements(victim, 'ban4')).toEqual(expect.arrayContaining([guesser, second, third]));
    expect(victim.read(`${STATE}/watch/watch.json`)).toContain(third);
  });
});
