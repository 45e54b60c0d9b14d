/** Draws who lives where: inside network, DMZ, guessers and the networks that get scanned; documentation, private and benchmark ranges only. */

import type { Draw } from './draw.ts';
import { LabHost } from './host.ts';
import { Street } from './network.ts';
import { behave, type Manners } from './outside.ts';

export interface StreetPlan {
  /** The host of the story. */
  readonly dmz: string;
  /** Two addresses of one network that honest people come from. */
  readonly inside: readonly [string, string];
  readonly outside: string;
  /** Each from a network of its own. */
  readonly guessers: readonly string[];
  readonly manners: Manners;
}

export function drawStreet(draw: Draw, guessers: number): StreetPlan {
  const office = draw.pick([
    `10.${draw.between(1, 250)}.${draw.between(1, 250)}`,
    `172.${draw.between(16, 31)}.${draw.between(1, 250)}`,
    `192.168.${draw.between(2, 250)}`,
  ]);
  const one = draw.between(10, 120);
  const thirds = draw.some(
    Array.from({ length: 200 }, (_, at) => at),
    guessers,
  );
  const far = draw.some([...Array(60).keys()], 3).map((at) => `100.${64 + at}.0.0/16`);
  return {
    dmz: draw.address('192.0.2'),
    inside: [`${office}.${one}`, `${office}.${one + draw.between(1, 100)}`],
    outside: draw.address('203.0.113'),
    guessers: thirds.map((third, at) => (at === 0 ? draw.address('198.51.100') : draw.address(`198.18.${third}`))),
    manners: { silent: far[0] ?? '', refusing: far[1] ?? '', open: far[2] ?? '' },
  };
}

/** Different addresses of the three kinds of networks, in the given shares. */
export function drawTargets(draw: Draw, manners: Manners, count: number): string[] {
  const found = new Set<string>();
  const networks = [manners.silent, manners.silent, manners.refusing, manners.open].map((cidr) => cidr.split('.').slice(0, 2).join('.'));
  while (found.size < count) found.add(draw.address(draw.pick(networks)));
  return [...found];
}

export interface Town {
  readonly street: Street;
  readonly victim: LabHost;
  readonly inside: LabHost;
  readonly outside: LabHost;
  stop(): Promise<void>;
}

/** Three hosts on a street: the victim, a colleague's machine inside, and the rest of the world. */
export async function buildTown(name: string, plan: StreetPlan, scannedPort: number | null): Promise<Town> {
  const street = await Street.lay();
  const hosts: LabHost[] = [];
  const stop = async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    await street.stop();
  };
  try {
    const [victim, inside, outside] = await Promise.all([LabHost.start(name), LabHost.start('desk'), LabHost.start('world')]);
    hosts.push(victim, inside, outside);
    await street.join(victim, { address: plan.dmz });
    await street.join(inside, { address: plan.inside[0], also: [plan.inside[1]] });
    const { silent, refusing, open } = plan.manners;
    await street.join(outside, { address: plan.outside, also: plan.guessers, whole: [silent, refusing, open] });
    if (scannedPort !== null) await behave(outside, plan.manners, scannedPort);
    return { street, victim, inside, outside, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
