/** Stages DNS1 live: guessing from several addresses, one gets in to a service account, brings a kit along and scans; the host's connection table fills. */

import { type Account, addAccount, allowKey } from './accounts.ts';
import { setLimit, trackConnections, trackedNow } from './conntrack.ts';
import { Draw } from './draw.ts';
import { honestVisit, hourlyCron, plantPast } from './history.ts';
import { type LabHost, pause } from './host.ts';
import { drawKit, filesOf, type Kit, packKit } from './kit.ts';
import { kernelSays, type LogForm, startLogs, startSshd } from './server.ts';
import { buildTown, drawStreet, drawTargets, type StreetPlan, type Town } from './street-plan.ts';
import { bring, guess, stayByKey, type Tries, type Way } from './visits.ts';

export interface Dns1Dressing {
  readonly seed: number;
  readonly host: string;
  readonly zone: string;
  readonly form: LogForm;
  readonly rotated: boolean;
  readonly plan: StreetPlan;
  readonly port: number;
  readonly service: Account;
  readonly admin: Account;
  readonly tries: readonly number[];
  readonly names: readonly string[];
  /** Which of the guessers gets in. */
  readonly lucky: number;
  /** The kit's directory, and the directory of it that must be there before. */
  readonly place: string;
  readonly parent: string;
  readonly kit: Kit;
  readonly targetPort: number;
  readonly scanners: number;
  readonly fullPercent: number;
  readonly tableFull: boolean;
  /** Does the intruder's session stay open? */
  readonly stays: boolean;
}

const DRESSED: readonly { form: LogForm; rotated: boolean }[] = [
  { form: 'rfc3164', rotated: false },
  { form: 'iso', rotated: false },
  { form: 'rfc3164', rotated: true },
];

export function dressDns1(seed: number, number: number): Dns1Dressing {
  const draw = new Draw(seed);
  const guessers = draw.between(3, 6);
  const logs = DRESSED[number % DRESSED.length] ?? { form: 'rfc3164', rotated: false };
  const parent = draw.pick(['/usr/tmp', '/var/tmp', '/dev/shm', '/var/spool/samba', '/var/lib/games', '/run/lock']);
  const name = draw.pick(['service', 'backup2', 'oracle', 'nagios', 'svc-print', `${draw.word()}svc`]);
  const names = draw.some(['root', 'admin', 'test', 'ubuntu', 'git', 'mysql', 'ftpuser', 'guest', 'www', 'tomcat', 'jenkins'], draw.between(4, 8));
  return {
    ...logs,
    seed,
    host: draw.pick(['ns1', 'ns-master', 'mx2', `${draw.word()}1`]),
    zone: draw.pick(['Etc/UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York']),
    plan: drawStreet(draw, guessers),
    port: draw.pick([22, 22, 2222, 22022]),
    service: {
      name,
      password: `${name}${draw.between(1, 99)}`,
      uid: draw.between(300, 900),
      home: draw.pick([`/var/lib/${name}`, `/home/${name}`, `/opt/${name}`]),
      groups: [draw.pick(['sudo', 'wheel'])],
    },
    admin: { name: draw.pick(['siteadmin', 'hostmaster', `${draw.word()}adm`]), password: `Str0ng-${draw.word(4)}`, groups: ['adm'] },
    tries: Array.from({ length: guessers }, () => draw.between(14, 40)),
    names,
    lucky: draw.between(0, guessers - 1),
    place: `${parent}/${draw.pick(['.X-lock', '...', '.. ', `.${draw.word()}`, '.font', `.${draw.word()}/.${draw.word(1)}`])}`,
    parent,
    kit: drawKit(draw),
    targetPort: draw.pick([22, 22, 23, 2222, 3389]),
    scanners: draw.between(150, 250),
    fullPercent: draw.between(82, 95),
    tableFull: number % 2 === 1,
    stays: draw.chance() < 0.5,
  };
}

export interface Dns1Stage extends Town {
  readonly dressing: Dns1Dressing;
  readonly entrant: string;
  /** When the intruder's log-in began and ended to be possible, by this machine's clock. */
  readonly enteredBetween: readonly [number, number];
  readonly kitFiles: readonly string[];
  readonly limit: number;
}

const DAY_MS = 86_400_000;

export async function stageDns1(dressing: Dns1Dressing): Promise<Dns1Stage> {
  const town = await buildTown(dressing.host, dressing.plan, dressing.targetPort);
  try {
    return await play(dressing, town);
  } catch (error) {
    await town.stop();
    throw error;
  }
}

async function play(dressing: Dns1Dressing, town: Town): Promise<Dns1Stage> {
  const { victim, inside, outside } = town;
  const { plan, service, admin } = dressing;
  await prepare(dressing, victim);
  const key = await allowKey(victim, admin, inside);
  stayByKey({ from: inside, by: plan.inside[0], to: plan.dmz, port: dressing.port }, admin.name, key, 'sleep 600');
  await guess(triesOf(dressing, outside), 32);

  const entrant = plan.guessers[dressing.lucky] ?? '';
  const way: Way = { from: outside, by: entrant, to: plan.dmz, port: dressing.port };
  const targets = drawTargets(new Draw(dressing.seed), plan.manners, 3_000);
  await packKit(
    outside,
    '/root/kit',
    dressing.kit,
    { targets, port: dressing.targetPort, scanners: dressing.scanners, seconds: 150 },
    new Draw(dressing.seed),
  );
  const before = Date.now();
  await bring(way, service, '/root/kit', dressing.place, `./${dressing.kit.starter}`, dressing.stays);
  await victim.until('the scanners', async () => (await scannersOf(victim, dressing)).length >= dressing.scanners, 30_000);
  const entered = Date.now();
  await pause(3_000);
  if (dressing.tableFull) await kernelSays(victim, Array(12).fill('[ 8123.456789] nf_conntrack: nf_conntrack: table full, dropping packet'));
  const limit = Math.round(((await trackedNow(victim)) * 100) / dressing.fullPercent);
  await setLimit(victim, limit);
  return { ...town, dressing, entrant, enteredBetween: [before, entered], kitFiles: filesOf(dressing.kit), limit };
}

async function prepare(dressing: Dns1Dressing, victim: LabHost): Promise<void> {
  const { plan, service, admin } = dressing;
  await victim.sh(
    'ln -sf "/usr/share/zoneinfo/$1" /etc/localtime; echo "$1" > /etc/timezone; mkdir -p "$2"; chmod 1777 "$2"',
    dressing.zone,
    dressing.parent,
  );
  await trackConnections(victim);
  const now = Date.now();
  const from = now - 12 * DAY_MS;
  const visits = [11.3, 9.1, 6.4, 3.2, 1.4, 0.4].flatMap((days, at) =>
    honestVisit(admin.name, 1000, plan.inside[at % 2] ?? '', now - days * DAY_MS, 3_000 + at * 17, at % 2 === 0 ? 'password' : 'publickey'),
  );
  await plantPast(victim, dressing.form, [...visits, ...hourlyCron(from, now - 600_000)], dressing.rotated, now);
  await startLogs(victim, dressing.form);
  await startSshd(victim, { port: dressing.port });
  await addAccount(victim, admin);
  await addAccount(victim, service);
}

/** Wrong passwords only; every guesser tries the service account among the usual names. */
function triesOf(dressing: Dns1Dressing, from: LabHost): Tries[] {
  const draw = new Draw(dressing.seed + 1);
  return dressing.plan.guessers.map((by, at) => {
    const names = [dressing.service.name, ...draw.some(dressing.names, 3)];
    return {
      way: { from, by, to: dressing.plan.dmz, port: dressing.port },
      pairs: Array.from({ length: dressing.tries[at] ?? 20 }, (_, n) => [names[n % names.length] ?? 'root', `wrong${n}`] as const),
    };
  });
}

/** Pids, inside of the host, of what runs the kit's program. */
export async function scannersOf(victim: LabHost, dressing: Dns1Dressing): Promise<number[]> {
  const script = 'for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = "$1" ] && echo "${p#/proc/}"; done; true';
  const path = await victim.sh('readlink -f "$1" || true', `${dressing.place}/${dressing.kit.program}`);
  return (await victim.sh(script, path.replace(/\n$/, ''))).split('\n').filter(Boolean).map(Number);
}
