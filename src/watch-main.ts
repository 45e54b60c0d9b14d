/** Builds what stands behind `tocsin watch`: the followed logs and the sentry. Loaded only when it is wanted. No logic. */

import { neededHost } from './core/bans.ts';
import { DAY_MS } from './core/spans.ts';
import type { Coverage } from './core/words.ts';
import type { Scanner } from './core/world.ts';
import { GuestJudging } from './engine/guest-judging.ts';
import { jailsOf } from './engine/jails-of.ts';
import { lineOfJournal } from './engine/journal-entry.ts';
import { Sentry } from './engine/sentry.ts';
import { Disk } from './eyes/disk.ts';
import { blindSays, Follow, type Followed } from './eyes/follow.ts';
import { allState, FollowAll } from './eyes/follow-all.ts';
import { FollowClock } from './eyes/follow-clock.ts';
import { FollowJournal, type JournalItem } from './eyes/follow-journal.ts';
import { GuestFilesOnDisk } from './eyes/guest-files.ts';
import { host } from './eyes/host.ts';
import { openEyes } from './eyes/machine.ts';
import { networks } from './eyes/networks.ts';
import { scanner } from './eyes/scanner.ts';
import { zoneOf } from './eyes/zone.ts';
import type { Heard, WatchAsked, WatchRoom } from './faces/watch-room.ts';
import * as plugins from './registry.ts';

export { launch } from './faces/watch-launch.ts';

/** Where servers write who logs in; without the first two the journal has it. */
const AUTH = ['/var/log/auth.log', '/var/log/secure'];
export const LOGS = [...AUTH, '/var/log/mail.log', '/var/log/maillog'];

const LEARNED_MS = 30 * DAY_MS;
/** Where fail2ban's files lie. */
const FAIL2BAN = '/etc/fail2ban';

export function open({ logs, from, place, jails = false, besideFail2ban = false }: WatchAsked): WatchRoom {
  const disk = new Disk('');
  const notes: string[] = [];
  // What a process without root's rights would say of itself: it has the right to read.
  const note = ({ source, detail }: Coverage) => void (source === 'privileges' || notes.push(`${source}: ${detail}`));
  const seen = host(disk, note);
  const around = networks(seen.addresses);
  const given = { networks: around, spares: (ip: string) => neededHost(ip, around, seen) };
  const sentry = new Sentry(plugins.parsers, given);
  const state = allState(place);
  const { toUtc } = zoneOf(disk, note);
  const spares = (ip: string) => sentry.spares(ip);
  const asked = { networks: around, spares, directory: FAIL2BAN, own: seen.addresses, chance: Math.random, zone: toUtc, now: Date.now() };
  const guests = new GuestJudging(around, jails ? jailsOf(new GuestFilesOnDisk(disk), asked) : null, besideFail2ban, Date.now);
  const paths = [...new Set([...(logs.length > 0 ? logs : LOGS), ...guests.paths])];
  // Whoever asks for what the logs hold already wants all of it, however much that is.
  const patience = from === 'start' ? { backlogBytes: Number.MAX_SAFE_INTEGER } : {};
  const files = new Follow({ paths, toUtc, from, ...patience }, state.files);
  const programs = [...new Set(plugins.parsers.flatMap((parser) => parser.programs))];
  const journalled = logs.length === 0 && !AUTH.some((path) => disk.exists(path));
  const matches = [...(journalled ? programs.map((program) => `SYSLOG_IDENTIFIER=${program}`) : []), ...guests.journal.matches];
  const journal = matches.length > 0 ? new FollowJournal({ matches, fields: guests.journal.fields }, state.journal) : null;
  const follow = new FollowAll(files, journal);
  const loop = scanner();
  const clocks = new FollowClock();
  return {
    learn: () => learned(sentry, loop, programs),
    next: async () => (await follow.next()).map(heard),
    took: () => follow.took(),
    place: () => follow.state(),
    judge(heard) {
      if ('chunk' in heard) {
        const { counts, ...judged } = sentry.chunk(heard.chunk, loop);
        if (counts.to !== null) clocks.hear({ ...heard, path: heard.chunk.source }, counts.to);
        return { ...guests.judged(judged, heard), lines: counts.lines };
      }
      const lines = journalled ? heard.entries.flatMap((entry, index) => lineOfJournal(entry, 'journal', index + 1) ?? []) : [];
      return { ...guests.judged(sentry.lines(lines), { entries: heard.entries, source: 'journal' }), lines: heard.entries.length };
    },
    remember(net, count, at, untilMs) {
      sentry.remember(net, count, at, untilMs);
      guests.remember(net, count, at, untilMs);
    },
    strangeClocks: () => clocks.coverage(),
    compared: () => guests.compared(),
    coverage: () => [
      ...notes,
      ...guests.notes,
      ...follow.coverage().flatMap(({ source, state, detail }) => (state === 'read' ? [] : [`${source}: ${detail}`])),
    ],
    close: () => follow.close(),
  };
}

/** From the logs of the machine with their older parts, of the last month. */
async function learned(sentry: Sentry, loop: Scanner, programs: readonly string[]): Promise<number> {
  const eyes = openEyes({ root: '', logs: [], since: Date.now() - LEARNED_MS, year: null, zone: null, watchMs: 0, programs });
  let lines = 0;
  for await (const chunk of eyes.logs()) {
    const read = sentry.learn(chunk, loop);
    chunk.counted?.(read);
    lines += read;
  }
  return lines;
}

function heard(item: Followed | JournalItem): Heard {
  return 'blind' in item ? { blind: { path: item.blind.path, lines: item.blind.lines, says: blindSays(item) } } : item;
}
