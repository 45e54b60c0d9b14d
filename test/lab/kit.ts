/** A harmless copy of what intruders bring: a renamed interpreter as scanner, target lists, a dictionary, loot and a starter, under drawn names. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Draw } from './draw.ts';
import { type LabHost, standIns } from './host.ts';

export interface Kit {
  readonly program: string;
  readonly engine: string;
  readonly lists: readonly string[];
  readonly dictionary: string;
  readonly loot: string;
  readonly starter: string;
}

export function drawKit(draw: Draw): Kit {
  const word = () => draw.word(draw.between(1, 2));
  const lists = draw.some(['bios.txt', 'nfu.txt', 'mfu.txt', '22.lst', 'ip', 'ranges.txt', `${word()}.txt`, `${word()}.log`], 2);
  return {
    program: draw.pick(['ssh-scan', 'pscan2', 'scanx', 'brute', 'ss64', 'update-db', `${word()}d`]),
    engine: draw.pick(['cf', '.conf', 'a', 'mod', `${word()}.dat`]),
    lists,
    dictionary: draw.pick(['pass_file', 'pass.txt', 'dict', 'words', `${word()}_pw`]),
    loot: draw.pick(['vuln.txt', 'found', 'good.log', 'nobash.txt', `${word()}.out`]),
    starter: draw.pick(['start', 'go.sh', 'x', 'run', `${word()}.sh`]),
  };
}

export function filesOf(kit: Kit): string[] {
  return [kit.program, kit.engine, ...kit.lists, kit.dictionary, kit.loot, kit.starter];
}

export interface Work {
  readonly targets: readonly string[];
  readonly port: number;
  readonly scanners: number;
  readonly seconds: number;
}

const WEAK = ['123456', 'password', 'qwerty', 'letmein', 'admin123', 'changeme', 'oracle', 'test123', 'welcome1', 'backup'];
const NAMES = ['root', 'admin', 'test', 'oracle', 'postgres', 'backup', 'guest', 'ftpuser', 'nagios', 'deploy'];

/** Lays the kit out in a folder of a host, as the intruder keeps it before he brings it along. */
export async function packKit(host: LabHost, folder: string, kit: Kit, work: Work, draw: Draw): Promise<void> {
  const half = Math.ceil(work.targets.length / 2);
  const [first, second] = [kit.lists[0] ?? 'list', kit.lists[1] ?? 'more'];
  const perl = await host.must(['readlink', '-f', '/usr/bin/perl']);
  host.write(`${folder}/${kit.engine}`, fs.readFileSync(path.join(standIns, 'knock.pl')));
  host.write(`${folder}/${first}`, `${work.targets.slice(0, half).join('\n')}\n`);
  host.write(`${folder}/${second}`, `${work.targets.slice(half).join('\n')}\n`);
  host.write(`${folder}/${kit.dictionary}`, NAMES.flatMap((name) => WEAK.map((word) => `${name} ${word}${draw.between(0, 9)}\n`)).join(''));
  host.write(`${folder}/${kit.loot}`, [0, 1, 2].map(() => `${draw.pick(NAMES)}:${draw.pick(WEAK)}:${draw.address('198.19')}\n`).join(''), 0o600);
  host.write(`${folder}/${kit.starter}`, starter(kit, work), 0o755);
  await host.sh('cp "$1" "$2"; chmod 755 "$2"', perl.trim(), `${folder}/${kit.program}`);
}

/** Odd shares work on the first list, even ones on the second. */
function starter(kit: Kit, work: Work): string {
  const [first, second] = [kit.lists[0] ?? 'list', kit.lists[1] ?? 'more'];
  const shares = Math.ceil(work.scanners / 2);
  return `#!/bin/bash
cd "$(dirname "$0")" || exit 1
i=0
while [ $i -lt ${work.scanners} ]; do
  list=${first}
  [ $((i % 2)) -eq 0 ] && list=${second}
  setsid nohup ./${kit.program} ${kit.engine} $list ${kit.loot} ${work.port} $((i / 2)) ${shares} ${work.seconds} >/dev/null 2>&1 </dev/null &
  i=$((i + 1))
done
`;
}
