/** What a detector says after it has heard these events, told in order, and the end of the look. */

import type { Detector, Ears } from '../../src/core/contracts.ts';
import type { Event, EventKind, EventOf, FindingDraft, LoginMethod } from '../../src/core/words.ts';
import { history } from '../../src/engine/history.ts';
import { fakeSurroundings } from '../fake-eyes.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** 2026-03-02 00:00 UTC. */
export const START = Date.UTC(2026, 2, 2);

export function hear(detector: Detector, events: readonly Event[]): FindingDraft[] {
  const around = fakeSurroundings();
  const past = history(around);
  const ears = detector.start(around);
  const last = new Map<string, FindingDraft>();
  const to = events.reduce((latest, event) => Math.max(latest, event.at), START);
  const end: Event = { kind: 'sweep.done', at: to, source: 'tocsin', fields: { from: START, to } };
  for (const event of [...events, end]) {
    past.hear(event);
    for (const draft of said(ears, event)) last.set(draft.key, draft);
  }
  return [...last.values()];
}

function said<K extends EventKind>(ears: Ears, event: EventOf<K>): readonly FindingDraft[] {
  // As in the pipeline: the ear belongs to the event's own kind.
  const ear = ears[event.kind] as ((event: EventOf<K>) => FindingDraft | readonly FindingDraft[] | null) | undefined;
  const drafts = ear?.(event) ?? [];
  return 'key' in drafts ? [drafts] : drafts;
}

let lines = 0;

function logged(at: number) {
  lines += 1;
  return { at, source: '/var/log/auth.log', line: lines, raw: `line ${lines}` };
}

export interface Try {
  readonly at: number;
  readonly ip?: string | null;
  readonly account?: string;
  readonly pid?: number | null;
  readonly method?: LoginMethod;
  readonly known?: boolean;
  readonly times?: number;
}

export function failed({ at, ip = '203.0.113.9', account = 'root', pid = null, method = 'password', known = true, times = 1 }: Try): Event {
  return { ...logged(at), kind: 'login.failed', fields: { account, ip, port: 40_000, method, service: 'sshd', known, times, pid } };
}

export function probed(how: string, { at, ip, account, pid = null, times = 1 }: Try): Event {
  return { ...logged(at), kind: 'login.probed', fields: { ip: ip ?? '203.0.113.9', account: account ?? null, how, service: 'sshd', times, pid } };
}

export function accepted({ at, ip = '203.0.113.9', account = 'root', pid = null, method = 'password' }: Try): Event {
  return { ...logged(at), kind: 'login.accepted', fields: { account, ip, port: 40_000, method, service: 'sshd', fingerprint: null, pid } };
}

/** So many refused tries, evenly spaced, each in a connection of its own. */
export function tries(count: number, everyMs: number, first: Try): Event[] {
  return Array.from({ length: count }, (_, index) => failed({ ...first, at: first.at + index * everyMs, pid: (first.pid ?? 5000) + index }));
}

export function accountSeen(fields: Partial<Extract<Event, { kind: 'account.seen' }>['fields']> & { readonly name: string }): Event {
  return {
    kind: 'account.seen',
    at: START,
    source: 'accounts',
    fields: {
      uid: 1001,
      gid: 1001,
      home: `/home/${fields.name}`,
      shell: '/bin/bash',
      groups: [],
      admin: null,
      password: 'set',
      passwordChangedAt: null,
      expiresAt: null,
      canLogIn: true,
      system: false,
      keys: 0,
      lastLogin: null,
      ...fields,
    },
  };
}
