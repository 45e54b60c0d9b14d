import { test } from 'vitest';
import { dressDns1, stageDns1, scannersOf } from '../dns1.ts';
import { dressingSeeds } from '../draw.ts';
import { askedAddresses } from '../outside.ts';
import { trackedNow, trackedTargets } from '../conntrack.ts';
import { acceptedFor, authLines, guessedBy } from '../ledger.ts';
test('x', async () => {
for (const [i, seed] of dressingSeeds('dns1', 3).entries()) {
const t0 = performance.now(); const lap = (w: string) => console.log(w, Math.round(performance.now()-t0));
const d = dressDns1(seed, i);
console.log(JSON.stringify(d));
const s = await stageDns1(d);
lap('staged');
try {
console.log((await scannersOf(s.victim, d)).length, await trackedNow(s.victim), s.limit, (await askedAddresses(s.outside)).size, (await trackedTargets(s.victim, d.targetPort)).size);
console.log([...guessedBy(authLines(s.victim))].map(([ip,g])=>ip+' '+g.failures+' '+[...g.accounts]));
console.log(d.tries, d.plan.guessers, acceptedFor(authLines(s.victim), d.service.name), acceptedFor(authLines(s.victim), d.admin.name));
console.log(await s.victim.sh('ls -la /var/log "$1"; ps -ef --forest | head -20; ps -ef | tail -3; cat /proc/sys/net/netfilter/nf_conntrack_max; ss -s; head -3 /var/log/auth.log; tail -3 /var/log/auth.log; cat /var/log/kern.log | tail -2; ss -tan | awk "{print \\$1}" | sort | uniq -c; uptime', d.place));
lap('seen');
} finally { await s.stop(); }
lap('end');
}
});
