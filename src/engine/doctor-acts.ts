/** Judges what bans need: nft, the kernel, the hand and its table, and who else is at work in the firewall. Pure. */

import type { DoctorLine, Standing } from '../core/standing.ts';
import { counted, grouped, lasted, listed, named, shown } from '../core/text.ts';
import { grave, modeOf } from './doctor-mode.ts';

const SLOW_ANSWER_MS = 2_000;
/** `hand/table.ts`: what stands before it in the same hook sees packets first. */
const OUR_PRIORITY = -310;
/** nft 0.9.4 (2020) knows intervals with timeouts and counters on elements as we write them. */
const NFT_LEAST = [0, 9, 4] as const;
const KERNEL_RENEWS = [6, 12] as const;

export function firewall(standing: Standing): DoctorLine[] {
  const { nft, kernel } = standing;
  const lines: DoctorLine[] = [];
  if (nft.path === null)
    lines.push({ topic: 'nft', state: grave(standing), says: 'nft is not installed: nobody can be banned', next: 'Install the package nftables.' });
  else if (!nft.trusted)
    lines.push({
      topic: 'nft',
      state: grave(standing),
      says: `${named(nft.path)} does not belong to root alone: the hand does not run it`,
      next: 'chown root and chmod go-w it, and ask who changed it.',
    });
  else if (nft.version === null)
    lines.push({ topic: 'nft', state: 'warning', says: `${named(nft.path)} does not say its version`, next: `Run ${named(nft.path)} --version.` });
  else if (!atLeast(nft.version, NFT_LEAST))
    lines.push({
      topic: 'nft',
      state: grave(standing),
      says: `nft ${shown(nft.version, 20)} is older than ${NFT_LEAST.join('.')}`,
      next: 'Update the package nftables.',
    });
  else lines.push({ topic: 'nft', state: 'ok', says: `nft ${shown(nft.version, 20)}` });
  const renews = atLeast(kernel, KERNEL_RENEWS);
  lines.push({
    topic: 'kernel',
    state: 'ok',
    says: `Linux ${shown(kernel, 60)}: a ban that is made longer ${renews ? 'keeps its counter' : 'counts from nothing again (it keeps its counter from 6.12 on)'}`,
  });
  return lines;
}

function atLeast(version: string, least: readonly number[]): boolean {
  const parts = /\d+(?:\.\d+)*/.exec(version)?.[0].split('.').map(Number) ?? [];
  for (const [at, wanted] of least.entries()) if ((parts[at] ?? 0) !== wanted) return (parts[at] ?? 0) > wanted;
  return true;
}

export function hand(standing: Standing): DoctorLine[] {
  const { hand: seen, units, table } = standing;
  const acts = modeOf(standing) === 'act';
  if (seen === null || !seen.answers) {
    const start = units.hand.installed ? '`systemctl enable --now tocsin-hand`' : '`tocsin setup --mode act`, or `tocsin watch --mode act` as root';
    if (!acts && seen === null) return [{ topic: 'hand', state: 'ok', says: 'no hand runs, and mode observe needs none' }];
    const why = seen === null ? 'no hand runs' : `a hand is there and does not answer: ${shown(seen.says, 200)}`;
    return [
      {
        topic: 'hand',
        state: grave(standing),
        says: `${why}: nobody can be banned`,
        next: standing.asRoot || seen === null ? `Start it: ${start}.` : 'Ask as root: only root and the account tocsin may speak to it.',
      },
    ];
  }
  const bans = `${counted(seen.bans, 'ban')}, ${counted(seen.allows, 'allowed network')}, ${grouped(seen.stoppedPackets)} packets stopped`;
  const slow = seen.answeredMs > SLOW_ANSWER_MS;
  const lines: DoctorLine[] = [
    slow
      ? {
          topic: 'hand',
          state: 'warning',
          says: `the hand answers after ${lasted(seen.answeredMs)} only: ${bans}`,
          next: 'Look at what else takes the machine: top.',
        }
      : { topic: 'hand', state: 'ok', says: `the hand answers: ${bans}` },
  ];
  if (table === false)
    lines.push({
      topic: 'table',
      state: 'fault',
      says: 'the table "inet tocsin" is not in the firewall: no ban is in force',
      next: 'The hand puts it back within ten seconds; look at `journalctl -u tocsin-hand` if it does not.',
    });
  else if (table) lines.push({ topic: 'table', state: 'ok', says: 'the table "inet tocsin" stands in the firewall' });
  return lines;
}

export function conflicts({ neighbours, makers, chains, iptablesLegacy, flushers, container, brain }: Standing): DoctorLine[] {
  const topic = 'beside';
  const lines: DoctorLine[] = [];
  if (neighbours.length > 0) {
    const both = brain.acts ? 'both ban, so lift a ban in both' : 'both may run: Tocsin only tells';
    lines.push({
      topic,
      state: brain.acts ? 'warning' : 'ok',
      says: `${listed(neighbours)} ${neighbours.length === 1 ? 'runs' : 'run'} too: ${both}`,
      ...(brain.acts ? { next: 'Decide which of them is to ban.' } : {}),
    });
  }
  if (makers.length > 0)
    lines.push({ topic, state: 'ok', says: `${listed(makers)} makes firewall rules too: our table is asked first, for what is forwarded as well` });
  const before = (chains ?? []).filter(({ hook, priority }) => (hook === 'prerouting' || hook === 'ingress') && priority < OUR_PRIORITY);
  if (before.length > 0)
    lines.push({
      topic,
      state: 'ok',
      says: `${listed(before.map(({ table, name }) => `${table} ${name}`))} ${before.length === 1 ? 'sees' : 'see'} packets before our table: what is dropped there is not counted as ours`,
    });
  if (iptablesLegacy) lines.push({ topic, state: 'ok', says: 'tables of iptables-legacy are loaded: both are asked, and ours comes first' });
  if (flushers.length > 0)
    lines.push({
      topic,
      state: 'ok',
      says: `${listed(flushers)} flushes the whole firewall when it is loaded: the hand puts its table back within a second`,
    });
  if (container !== null)
    lines.push({
      topic,
      state: 'warning',
      says: `this is a container (${shown(container, 40)}): bans hold in its own network only`,
      next: 'Run it on the host, or with the network of the host.',
    });
  return lines;
}
