import { test } from 'vitest';
import { dressWorld, stageWorld, scannerPids, pidsOf } from '../world.ts';
import { dressingSeeds } from '../draw.ts';
import { askedAddresses } from '../outside.ts';
import { trackedNow } from '../conntrack.ts';
test.each(['loop','loop','loop','loop'] as const)('x %s', async (keeper) => {
const seeds = dressingSeeds('world'+keeper, 3);
await Promise.all([...seeds.entries()].map(async ([i, seed]) => {
const t0 = performance.now(); const lap = (w: string) => console.log(keeper, i, w, Math.round(performance.now()-t0));
const d = dressWorld(seed, i, keeper);
const s = await stageWorld(d);
lap('staged');
try {
await new Promise(r=>setTimeout(r,2500));
console.log(JSON.stringify(d), s.cronFile, s.cronLine, s.changedPath, await scannerPids(s.victim,d), await pidsOf(s.victim, `${d.place}/${d.falseSshd}`), (await askedAddresses(s.outside)).size,  await trackedNow(s.victim));
console.log(await s.victim.sh('ls -la "$1"; ps -ef --forest | tail -n +5; ls -l /proc/$2/fd; tail -3 /var/log/syslog; cat "$3"; ss -tan | awk "{print \\$1}" | sort | uniq -c', d.place, String((await scannerPids(s.victim,d))[0]), s.cronFile ?? '/dev/null'));
} finally { await s.stop(); }
lap('end');
}));
}, 200000);
