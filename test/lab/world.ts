/** Stages WORLD live: a scanner that somebody starts again whenever it ends, a false sshd beside it, and a changed system program. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { trackConnections } from './conntrack.ts';
import { Draw } from './draw.ts';
import { hourlyCron, plantPast } from './history.ts';
import { type LabHost, standIns } from './host.ts';
import { type LogForm, startCron, startLogs, startSshd } from './server.ts';
import { buildTown, drawStreet, drawTargets, type StreetPlan, type Town } from './street-plan.ts';

/** Who starts the scanner again. */
export type Keeper = 'loop' | 'crontab' | 'cron.d';

/** How the false sshd comes by its name: argv[0] given at exec, written over by itself, or a file of that name. */
export type Mask = 'argv0' | 'overwritten' | 'file-name';

export interface WorldDressing {
  readonly seed: number;
  readonly keeper: Keeper;
  readonly mask: Mask;
  readonly host: string;
  readonly form: LogForm;
  readonly plan: StreetPlan;
  readonly account: string;
  readonly place: string;
  readonly program: string;
  readonly engine: string;
  readonly list: string;
  readonly results: string;
  /** The script that starts the scanner: the loop itself, or what cron calls. */
  readonly starter: string;
  readonly falseSshd: string;
  readonly backDoorPort: number;
  readonly targetPort: number;
  /** All targets refuse at once: nothing of it stays in the socket table or in connection tracking. */
  readonly onlyRefused: boolean;
  readonly changed: string;
}

export function dressWorld(seed: number, number: number, keeper: Keeper): WorldDressing {
  const draw = new Draw(seed);
  const parent = draw.pick(['/var/tmp', '/dev/shm', '/usr/tmp', '/var/www', '/run/lock', '/var/lib/games']);
  const names = draw.some(['pscan2', 'scan', 'ss', 'masscan2', 'httpd', `${draw.word()}`, `${draw.word(3)}`], 2);
  return {
    seed,
    keeper,
    mask: (['argv0', 'overwritten', 'file-name'] as const)[number % 3] ?? 'argv0',
    host: draw.pick(['web1', 'www', `${draw.word()}3`]),
    form: draw.pick(['rfc3164', 'iso'] as const),
    plan: drawStreet(draw, 1),
    account: draw.pick(['www-data', 'games', 'www-data', 'news']),
    place: `${parent}/${draw.pick([`.${draw.word()}`, '...', ' .', `.cache/.${draw.word()}`, '.sys'])}`,
    program: names[0] ?? 'scan',
    engine: draw.pick(['m', 'cfg', `${draw.word()}.bin`]),
    list: draw.pick(['scan.list', 'mfu.txt', `${draw.word()}.ip`]),
    results: draw.pick(['out.log', 'vuln.txt', `${draw.word()}.res`]),
    starter: draw.pick(['a', 'keep', 'update', `${draw.word()}.sh`]),
    falseSshd: number % 3 === 2 ? 'sshd' : draw.pick(['.d', 'bindz', `${draw.word()}z`]),
    backDoorPort: draw.between(30_000, 60_000),
    targetPort: draw.pick([22, 22, 2222, 23, 445]),
    onlyRefused: number % 3 === 1,
    changed: draw.pick(['/usr/bin/ls', '/usr/bin/ps', '/usr/bin/ss', '/usr/bin/who', '/usr/bin/passwd', '/usr/bin/su', '/usr/bin/w']),
  };
}

export interface WorldStage extends Town {
  readonly dressing: WorldDressing;
  /** Where the restarting is written down, where it is: a file and the number of its line. */
  readonly cronFile: string | null;
  readonly cronLine: number;
  readonly changedPath: string;
}

export async function stageWorld(dressing: WorldDressing): Promise<WorldStage> {
  const town = await buildTown(dressing.host, dressing.plan, dressing.targetPort);
  try {
    return await play(dressing, town);
  } catch (error) {
    await town.stop();
    throw error;
  }
}

async function play(dressing: WorldDressing, town: Town): Promise<WorldStage> {
  const { victim } = town;
  const now = Date.now();
  await trackConnections(victim);
  await plantPast(victim, dressing.form, hourlyCron(now - 5 * 86_400_000, now - 600_000), false, now);
  await startLogs(victim, dressing.form);
  await startSshd(victim, { port: 22 });
  await layKit(dressing, victim);
  const changedPath = (await victim.must(['readlink', '-f', dressing.changed])).trim();
  await victim.sh('printf x >> "$1"', changedPath);
  const falseSshd = [...maskOf(dressing), 'w', String(dressing.backDoorPort), '300', ...(dressing.mask === 'overwritten' ? ['/usr/sbin/sshd'] : [])];
  await asIntruder(victim, dressing, falseSshd);
  const { cronFile, cronLine } = await keep(dressing, victim);
  await victim.until('the scanner', async () => (await scannerPids(victim, dressing)).length > 0, 75_000);
  return { ...town, dressing, cronFile, cronLine, changedPath };
}

async function layKit(dressing: WorldDressing, victim: LabHost): Promise<void> {
  const { place, program, engine, list, results, falseSshd, starter } = dressing;
  const draw = new Draw(dressing.seed + 2);
  const { refusing } = dressing.plan.manners;
  const manners = dressing.onlyRefused ? { silent: refusing, refusing, open: refusing } : dressing.plan.manners;
  victim.write(`${place}/${engine}`, fs.readFileSync(path.join(standIns, 'knock.pl')));
  victim.write(`${place}/w`, fs.readFileSync(path.join(standIns, 'wait.pl')));
  victim.write(`${place}/${list}`, `${drawTargets(draw, manners, 1_500).join('\n')}\n`);
  victim.write(`${place}/${results}`, '');
  victim.write(`${place}/${starter}`, starterOf(dressing), 0o755);
  const perl = (await victim.must(['readlink', '-f', '/usr/bin/perl'])).trim();
  await victim.sh(
    'for f in "$3" "$4"; do cp "$1" "$2/$f"; chmod 755 "$2/$f"; done; chown -R "$5:" "$2"',
    perl,
    place,
    program,
    falseSshd,
    dressing.account,
  );
}

const RUN_SECONDS: Readonly<Record<Keeper, number>> = { loop: 25, crontab: 170, 'cron.d': 170 };

function starterOf(dressing: WorldDressing): string {
  const { program, engine, list, results, targetPort, keeper } = dressing;
  const scan = `./${program} ${engine} ${list} ${results} ${targetPort} 0 1 ${RUN_SECONDS[keeper]} 20`;
  const body = keeper === 'loop' ? `while true; do ${scan}; sleep 1; done` : `pidof -x ./${program} >/dev/null || exec ${scan}`;
  return `#!/bin/bash\ncd "$(dirname "$0")" || exit 1\n${body}\n`;
}

/** The words that start the false sshd from the kit's directory. */
function maskOf(dressing: WorldDressing): string[] {
  if (dressing.mask === 'argv0') return ['bash', '-c', `exec -a /usr/sbin/sshd ./${dressing.falseSshd} "$@"`, 'x'];
  return [`./${dressing.falseSshd}`];
}

/** Started like something that a web application was made to start: no terminal, no session, orphaned. */
async function asIntruder(victim: LabHost, dressing: WorldDressing, words: readonly string[]): Promise<void> {
  const script = 'cd "$1"; shift; setsid -f "$@" </dev/null >/dev/null 2>&1';
  await victim.must(['bash', '-c', script, 'lab', dressing.place, ...words], { user: dressing.account });
}

async function keep(dressing: WorldDressing, victim: LabHost): Promise<{ cronFile: string | null; cronLine: number }> {
  const starter = `${dressing.place}/${dressing.starter}`;
  const command = `"${starter}" >/dev/null 2>&1`;
  if (dressing.keeper === 'loop') {
    await asIntruder(victim, dressing, [`./${dressing.starter}`]);
    return { cronFile: null, cronLine: 0 };
  }
  const own = `* * * * * ${command}\n`;
  const file = dressing.keeper === 'crontab' ? `/var/spool/cron/crontabs/${dressing.account}` : '/etc/cron.d/php-sessions';
  const text =
    dressing.keeper === 'crontab' ? `MAILTO=""\n${own}` : `# kept by the distribution\nMAILTO=""\n* * * * * ${dressing.account} ${command}\n`;
  if (dressing.keeper === 'crontab') await victim.must(['crontab', '-u', dressing.account, '-'], { input: text });
  else victim.write(file, text);
  await startCron(victim);
  const cronLine =
    victim
      .read(file)
      .split('\n')
      .findIndex((line) => line.startsWith('* * *')) + 1;
  return { cronFile: file, cronLine };
}

/** Pids, inside of the host, of what runs a program of the kit. */
export async function pidsOf(victim: LabHost, program: string): Promise<number[]> {
  const script = 'for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = "$1" ] && echo "${p#/proc/}"; done; true';
  return (await victim.sh(script, program)).split('\n').filter(Boolean).map(Number);
}

export function scannerPids(victim: LabHost, dressing: WorldDressing): Promise<number[]> {
  return pidsOf(victim, `${dressing.place}/${dressing.program}`);
}
