/** `tocsin setup` on a host that systemd runs: the units as they are, with all their restrictions, ban, survive, say what is so, and go away again. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noSystemd, SystemdHost } from '../systemd-host.ts';

const why = noSystemd();
const GUESSER = '203.0.113.9';
/** capability.h: CAP_DAC_READ_SEARCH 2, CAP_SYS_PTRACE 19; the hand also CAP_CHOWN 0 and CAP_NET_ADMIN 12. */
const BRAIN_POWERS = ((1n << 2n) | (1n << 19n)).toString(16).padStart(16, '0');
const HAND_POWERS = ((1n << 0n) | (1n << 2n) | (1n << 12n) | (1n << 19n)).toString(16).padStart(16, '0');

interface Doctor {
  readonly state: string;
  readonly checks: readonly { readonly topic: string; readonly state: string; readonly says: string }[];
}

describe.skipIf(why !== null)(`units${why === null ? '' : ` (${why})`}`, () => {
  let host: SystemdHost;
  let before: string;
  beforeAll(async () => {
    host = await SystemdHost.start();
    before = await traces();
  });
  afterAll(() => host?.stop());

  const traces = () =>
    host.must('find /etc -newer /proc/1 -name "*tocsin*" ; grep tocsin /etc/passwd; ls /etc/systemd/system /etc/default; nft list tables; true');
  const isBanned = `nft get element inet tocsin ban4 '{ ${GUESSER} }'`;
  const doctor = async () => JSON.parse((await host.run('tocsin', 'doctor', '--json')).out) as Doctor;
  const faults = async () => (await doctor()).checks.filter(({ state }) => state === 'fault').map(({ topic, says }) => `${topic}: ${says}`);

  it('are set up only after a yes, and the machine is told to be without a watch before', async () => {
    expect((await host.run('tocsin', 'setup', '--mode', 'act')).status).toBe(2);
    expect(await traces()).toBe(before);
    expect(await faults()).toEqual(expect.arrayContaining([expect.stringContaining('watch: nobody watches')]));
    expect((await host.run('tocsin', 'setup', '--mode', 'act', '--yes')).status).toBe(0);
    await host.until('both to run', 'systemctl is-active tocsin tocsin-hand');
  });

  it('have the rights that they were given and no other', async () => {
    const status = (unit: string) => host.must(`cat /proc/$(systemctl show -p MainPID --value ${unit})/status`);
    const brain = await status('tocsin');
    expect(brain).toMatch(new RegExp(`^CapPrm:\\t${BRAIN_POWERS}$`, 'm'));
    expect(brain).toMatch(new RegExp(`^CapBnd:\\t${BRAIN_POWERS}$`, 'm'));
    expect(brain).not.toMatch(/^Uid:\t0/m);
    const hand = await status('tocsin-hand');
    expect(hand).toMatch(new RegExp(`^CapBnd:\\t${HAND_POWERS}$`, 'm'));
    for (const one of [brain, hand]) {
      expect(one).toMatch(/^NoNewPrivs:\t1$/m);
      expect(one).toMatch(/^Seccomp:\t2$/m);
    }
  });

  it('see guesses in the journal and ban who makes them', async () => {
    await host.until('a ready journal', 'pgrep -x journalctl');
    await host.must(
      `for n in 1 2 3 4 5 6 7 8; do logger -t sshd -p auth.info "Failed password for invalid user x$n from ${GUESSER} port 4000$n ssh2"; sleep 0.2; done`,
    );
    await host.until('the ban', isBanned);
  });

  it('are told to be well', async () => {
    expect(await faults()).toEqual([]);
    const { checks } = await doctor();
    expect(checks.find(({ topic }) => topic === 'hand')?.says).toContain('1 ban,');
  });

  it('come back when they are killed, and leave bans in the kernel when they are stopped', async () => {
    await host.must('systemctl kill -s KILL tocsin-hand tocsin');
    await host.until('both to run again', 'systemctl is-active tocsin tocsin-hand && test -S /run/tocsin/hand.sock');
    await host.must(isBanned);
    await host.must('systemctl stop tocsin tocsin-hand');
    await host.must(isBanned);
    await host.must('nft delete table inet tocsin; systemctl start tocsin-hand');
    // Ready is ready: no waiting for the ban.
    await host.must(isBanned);
  });

  it('stand in front of the network, with nothing that goes round in a circle', async () => {
    const said = await host.must('systemctl show tocsin-hand -p Before -p After --value; journalctl -b | grep -i "ordering cycle" || true');
    expect(said).toContain('network-pre.target');
    expect(said).not.toMatch(/ordering cycle|basic\.target|sysinit\.target/);
  });

  it('are taken back without a trace but the bans and what was written down', async () => {
    expect((await host.run('tocsin', 'setup', '--undo', '--yes')).status).toBe(0);
    await host.must('nft delete table inet tocsin');
    expect(await traces()).toBe(before);
    expect((await host.must('ls /var/lib/tocsin')).trim().split('\n')).toEqual(['hand', 'watch']);
  });
});
