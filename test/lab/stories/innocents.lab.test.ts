/** Honest machines that look odd: none of them may be accused above `low`, and what looks odd must be explained. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount, allowKey } from '../accounts.ts';
import { trackConnections } from '../conntrack.ts';
import { Draw, dressingSeeds, labSeed } from '../draw.ts';
import { honestVisit, hourlyCron, plantPast } from '../history.ts';
import { LabHost, pause, standIns } from '../host.ts';
import { behave } from '../outside.ts';
import { inShort, investigate, loudCases, type SaidReport } from '../product.ts';
import { startCron, startLogs, startSshd } from '../server.ts';
import { buildTown, drawStreet, drawTargets, type Town } from '../street-plan.ts';
import { stayByKey, visitByKey } from '../visits.ts';

const [seed = 1] = dressingSeeds('innocents', 1);
const draw = new Draw(seed);
const plan = drawStreet(draw, 1);
const admin = { name: 'hostmaster', password: null, groups: ['sudo'] };

/** Nothing above `low`; whatever was found is explained or only told. */
function expectQuiet(report: SaidReport): void {
  expect(loudCases(report), inShort(report)).toEqual([]);
  expect(report.verdict, inShort(report)).toBe('clean');
  const dark = report.coverage.filter((seen) => seen.state === 'unreadable' && !/other powers|lacks/.test(seen.detail));
  expect(dark, inShort(report)).toEqual([]);
}

describe(`innocent machines, lab seed ${labSeed}`, () => {
  let town: Town;

  beforeAll(async () => {
    town = await buildTown('mon1', plan, 9100);
    const { victim, inside } = town;
    await trackConnections(victim);
    const now = Date.now();
    const visits = [9, 7, 5, 3, 1].flatMap((days, at) =>
      honestVisit(admin.name, 1000, plan.inside[at % 2] ?? '', now - days * 86_400_000, 3_000 + at, 'publickey'),
    );
    await plantPast(victim, 'iso', [...visits, ...hourlyCron(now - 9 * 86_400_000, now - 600_000)], true, now);
    await startLogs(victim, 'iso');
    await startSshd(victim, { port: 22 });
    await startCron(victim);
    await addAccount(victim, admin);
    const key = await allowKey(victim, admin, inside);
    await visitByKey({ from: inside, by: plan.inside[0], to: plan.dmz, port: 22 }, admin.name, key, 'id');
    stayByKey({ from: inside, by: plan.inside[0], to: plan.dmz, port: 22 }, admin.name, key, 'sleep 600');
  }, 180_000);
  afterAll(async () => town?.stop());

  it('is quiet about 300 workers of one server', async () => {
    const { victim } = town;
    victim.write(
      '/etc/nginx/many.conf',
      'worker_processes 300;\nworker_rlimit_nofile 2048;\npid /run/many.pid;\nerror_log /dev/null;\nevents { worker_connections 64; }\nhttp { access_log off; server { listen 8080; } }\n',
    );
    await victim.must(['nginx', '-c', '/etc/nginx/many.conf']);
    await victim.until('300 workers', async () => Number((await victim.run(['pgrep', '-c', '-x', 'nginx'])).out) > 300);
    const { report } = await investigate(victim);
    expectQuiet(report);
    const many = report.findings.find((one) => one.detector === 'many-instances');
    expect(many?.explained).toMatch(/workers of one parent/);
    await victim.must(['nginx', '-c', '/etc/nginx/many.conf', '-s', 'stop']);
  });

  it('is quiet about a monitoring host that asks hundreds of machines, some of which are down', async () => {
    const { victim } = town;
    const targets = drawTargets(new Draw(seed), { ...plan.manners, silent: plan.manners.open }, 250);
    victim.write('/usr/local/lib/monitor/probe', fs.readFileSync(path.join(standIns, 'knock.pl')));
    victim.write('/usr/local/lib/monitor/targets', `${targets.join('\n')}\n`);
    victim.spawn(['perl', '/usr/local/lib/monitor/probe', '/usr/local/lib/monitor/targets', '/dev/null', '9100', '0', '1', '40', '10']);
    await pause(2_000);
    const { report } = await investigate(victim);
    expectQuiet(report);
    await victim.must(['pkill', '-f', '/usr/local/lib/monitor/probe']);
  });

  it('is quiet about a backup over ssh to forty hosts and an administrator who runs a job on two hundred', async () => {
    const { victim, outside } = town;
    await behave(outside, plan.manners, 22).catch(() => {});
    const all = drawTargets(new Draw(seed + 1), { silent: plan.manners.open, refusing: plan.manners.open, open: plan.manners.open }, 240);
    const script =
      'for ip in "$@"; do ssh -F /dev/null -o BatchMode=yes -o ConnectTimeout=30 -o StrictHostKeyChecking=no -p 9100 "$ip" true </dev/null >/dev/null 2>&1 & done; wait';
    victim.write('/usr/local/bin/on-all', `#!/bin/bash\n${script}\n`, 0o755);
    victim.spawn(['/usr/local/bin/on-all', ...all.slice(0, 40)], { user: admin.name });
    victim.spawn(['script', '-qc', `/usr/local/bin/on-all ${all.slice(40).join(' ')}`, '/dev/null'], { user: admin.name });
    await pause(3_000);
    const { report } = await investigate(victim);
    expectQuiet(report);
    await victim.run(['pkill', '-f', 'on-all']);
    await victim.run(['pkill', '-x', 'ssh']);
  });

  it('is quiet about a resolver with thousands of peers', async () => {
    const { victim } = town;
    victim.spawn(['dnsmasq', '--keep-in-foreground', '--no-resolv', '--no-hosts', '--port=5353', '--server=203.0.113.99', '--cache-size=0']);
    await pause(500);
    const askers = `use IO::Socket::INET; my @held; for my $i (1..2000) { my $s = IO::Socket::INET->new(Proto=>"udp", PeerAddr=>"127.0.0.1", PeerPort=>5353) or next; $s->send(pack("n6",$i,256,1,0,0,0).chr(1)."a".chr(1)."b".chr(0).pack("n2",1,1)); push @held,$s; } sleep 5;`;
    victim.spawn(['perl', '-e', askers]);
    await pause(1_000);
    const { report } = await investigate(victim);
    expectQuiet(report);
    await victim.must(['pkill', '-x', 'dnsmasq']);
    await victim.run(['pkill', '-x', 'perl']);
  });

  it('is quiet about a build host that still runs programs which were deleted or upgraded', async () => {
    const { victim } = town;
    await victim.sh(
      'mkdir -p /home/hostmaster/build /usr/local/bin && cp /usr/bin/sleep /home/hostmaster/build/app && cp /usr/bin/sleep /usr/local/bin/agent && chown -R hostmaster: /home/hostmaster/build',
    );
    victim.spawn(['/home/hostmaster/build/app', '60'], { user: 'hostmaster' });
    victim.spawn(['/usr/local/bin/agent', '60']);
    await pause(500);
    await victim.sh(
      'rm /home/hostmaster/build/app && mv /usr/local/bin/agent /usr/local/bin/agent.old && cp /usr/bin/sleep /usr/local/bin/agent && rm /usr/local/bin/agent.old',
    );
    const { report } = await investigate(victim);
    expectQuiet(report);
    const deleted = report.findings.filter((one) => one.detector === 'deleted-executable');
    expect(deleted.length, inShort(report)).toBe(2);
    for (const one of deleted) expect(one.explained).toBeTruthy();
    await victim.run(['pkill', '-f', '/home/hostmaster/build/app|/usr/local/bin/agent']);
  });

  it('is quiet in the middle of a package upgrade', async () => {
    const { victim } = town;
    const file = (await victim.must(['readlink', '-f', '/usr/bin/who'])).trim();
    await victim.sh('printf x >> "$1"', file);
    // dpkg itself, held in the middle of its work by a package whose script waits.
    await victim.sh(
      'mkdir -p /root/p/DEBIAN && printf "Package: slow\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@example.org>\\nDescription: waits\\n" > /root/p/DEBIAN/control && printf "#!/bin/sh\\nsleep 30\\n" > /root/p/DEBIAN/postinst && chmod 755 /root/p/DEBIAN/postinst && dpkg-deb -b /root/p /root/slow.deb >/dev/null',
    );
    victim.spawn(['dpkg', '-i', '/root/slow.deb']);
    await victim.until('dpkg at work', async () => (await victim.run(['pgrep', '-x', 'dpkg'])).status === 0);
    const { report } = await investigate(victim);
    expectQuiet(report);
    expect(report.findings.find((one) => one.detector === 'changed-package-file')?.explained).toMatch(/package manager/);
    await victim.run(['pkill', '-x', 'dpkg']);
    await victim.sh('truncate -s -1 "$1"', file);
  });

  it('is quiet about programs that keep code in memory files', async () => {
    const { victim } = town;
    victim.spawn([process.execPath, '-e', 'setTimeout(() => {}, 60000)']);
    const perl = 'syscall(319, my $n = "jit-cache", 0); sleep 60';
    victim.spawn(['perl', '-e', perl]);
    await pause(500);
    const { report } = await investigate(victim);
    expectQuiet(report);
    await victim.run(['pkill', '-x', 'perl']);
    await victim.run(['pkill', '-x', 'node']);
  });

  it('reports a host on which nothing happens as clean, with what it looked at', async () => {
    const { status, report } = await investigate(town.victim);
    expectQuiet(report);
    expect(status).toBe(0);
    const read = report.coverage.filter((seen) => seen.state === 'read').map((seen) => seen.source);
    expect(read).toEqual(expect.arrayContaining(['sockets', 'conntrack', 'accounts', '/var/log/auth.log', 'outgoing connections']));
  });
});

describe('two causes that coincide', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await LabHost.start('two');
  }, 60_000);
  afterAll(async () => host?.stop());

  it('stay two cases', async () => {
    await host.must(['ip', 'link', 'set', 'lo', 'up']);
    for (const [place, user] of [
      ['/var/tmp/.aa', 'games'],
      ['/dev/shm/.bb', 'news'],
    ] as const) {
      await host.sh('mkdir -p "$1" && cp /usr/bin/sleep "$1/w" && chown -R "$2" "$1"', place, user);
      await host.must(['bash', '-c', 'cd "$1"; setsid -f ./w 100 </dev/null >/dev/null 2>&1', 'lab', place], { user });
    }
    const { report } = await investigate(host);
    const about = (place: string) => loudCases(report).filter((story) => JSON.stringify(story.chain).includes(place));
    expect(about('/var/tmp/.aa'), inShort(report)).toHaveLength(1);
    expect(about('/dev/shm/.bb')).toHaveLength(1);
    expect(about('/var/tmp/.aa')[0]?.id).not.toBe(about('/dev/shm/.bb')[0]?.id);
  });
});
