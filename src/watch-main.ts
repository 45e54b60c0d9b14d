/** Builds what stands behind `tocsin watch`: the followed logs and the sentry. Loaded only when it is wanted. No logic. */

import { neededHost } from './core/bans.ts';
import type { Coverage } from './core/words.ts';
import { lineOfJournal } from './engine/journal-entry.ts';
import { Sentry } from './engine/sentry.ts';
import { Disk } from './eyes/disk.ts';
import { blindSays, Follow, type Followed } from './eyes/follow.ts';
import { allState, FollowAll } from './eyes/follow-all.ts';
import { FollowJournal, type JournalItem } from './eyes/follow-journal.ts';
import { host } from './eyes/host.ts';
import { networks } from './eyes/networks.ts';
import { scanner } from './eyes/scanner.ts';
import { zoneOf } from './eyes/zone.ts';
import type { Heard, WatchAsked, WatchRoom } from './faces/watch.ts';
import * as plugins from './registry.ts';

export { launch } from './faces/watch-launch.ts';

/** Where servers write who logs in; without the first two the journal has it. */
const AUTH = ['/var/log/auth.log', '/var/log/secure'];
export const LOGS = [...AUTH, '/var/log/mail.log', '/var/log/maillog'];

export function open({ logs, from, place }: WatchAsked): WatchRoom {
  const disk = new Disk('');
  const notes: string[] = [];
  // What a process without root's rights would say of itself: it has the right to read.
  const note = ({ source, detail }: Coverage) => void (source === 'privileges' || notes.push(`${source}: ${detail}`));
  const seen = host(disk, note);
  const around = networks(seen.addresses);
  const sentry = new Sentry(plugins.parsers, { networks: around, spares: (ip) => neededHost(ip, around, seen) });
  const state = allState(place);
  const paths = logs.length > 0 ? logs : LOGS;
  // Whoever asks for what the logs hold already wants all of it, however much that is.
  const patience = from === 'start' ? { backlogBytes: Number.MAX_SAFE_INTEGER } : {};
  const files = new Follow({ paths, toUtc: zoneOf(disk, note).toUtc, from, ...patience }, state.files);
  const programs = [...new Set(plugins.parsers.flatMap((parser) => parser.programs))];
  const journalled = logs.length === 0 && !AUTH.some((path) => disk.exists(path));
  const matches = programs.map((program) => `SYSLOG_IDENTIFIER=${program}`);
  const follow = new FollowAll(files, journalled ? new FollowJournal({ matches }, state.journal) : null);
  const loop = scanner();
  return {
    next: async () => (await follow.next()).map(heard),
    took: () => follow.took(),
    place: () => follow.state(),
    judge(heard) {
      if ('chunk' in heard) {
        const { counts, ...judged } = sentry.chunk(heard.chunk, loop);
        return { ...judged, lines: counts.lines };
      }
      const lines = heard.entries.flatMap((entry, index) => lineOfJournal(entry, 'journal', index + 1) ?? []);
      return { ...sentry.lines(lines), lines: heard.entries.length };
    },
    remember: (net, count, at, untilMs) => sentry.remember(net, count, at, untilMs),
    coverage: () => [...notes, ...follow.coverage().flatMap(({ source, state, detail }) => (state === 'read' ? [] : [`${source}: ${detail}`]))],
    close: () => follow.close(),
  };
}

function heard(item: Followed | JournalItem): Heard {
  return 'blind' in item ? { blind: { path: item.blind.path, lines: item.blind.lines, says: blindSays(item) } } : item;
}
