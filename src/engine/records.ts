/**
 * Login records (wtmp, btmp) as logins and refused tries, where the text logs of this host say nothing of that time: before their
 * first line and after their last one. Within their span the logs tell the same in more words, and nothing may count twice.
 */

import { isOfLine } from '../core/quotes.ts';
import { named } from '../core/text.ts';
import type { Event, EventKind, EventOf, Millis } from '../core/words.ts';
import type { Pipeline } from './pipeline.ts';

/** What login programs and PAM write: the lines of an authentication log. */
const TELLING: ReadonlySet<EventKind> = new Set([
  'login.accepted',
  'login.failed',
  'login.probed',
  'session.opened',
  'session.closed',
  'privilege.used',
  'privilege.refused',
  'account.changed',
]);

/** A record and the line of the same login are written within seconds of one another. */
const SLACK_MS = 60_000;

export class Records {
  readonly #known: (account: string) => boolean;
  readonly #since: Millis;
  #from: Millis = Number.POSITIVE_INFINITY;
  #to: Millis = Number.NEGATIVE_INFINITY;
  /** The span of the logs as it was when the first record came: what records themselves tell must not widen it. */
  #span: { readonly from: Millis; readonly to: Millis } | null = null;

  constructor(known: (account: string) => boolean, since: Millis | null) {
    this.#known = known;
    this.#since = since ?? Number.NEGATIVE_INFINITY;
  }

  /** The same way, on which records are followed by the logins that they stand for. */
  into(way: Pipeline): Pipeline {
    return {
      ...way,
      event: (event) => {
        way.event(event);
        const login = event.kind === 'record.login' ? this.asLogin(event) : null;
        if (login) way.event(login);
      },
    };
  }

  /** Told of each line's event, so that the span of the logs is known when the records come. */
  hear(event: Event): void {
    if (!isOfLine(event) || event.source === 'kernel' || !TELLING.has(event.kind)) return;
    if (event.at < this.#from) this.#from = event.at;
    if (event.at > this.#to) this.#to = event.at;
  }

  /** The login or refused try that a record stands for; null where the logs have it, or nobody came from anywhere. */
  asLogin(event: EventOf<'record.login'>): Event | null {
    const { account, ip, line, pid, failed } = event.fields;
    this.#span ??= { from: this.#from, to: this.#to };
    const covered = event.at >= this.#span.from - SLACK_MS && event.at <= this.#span.to + SLACK_MS;
    if (covered || event.at < this.#since || account === '' || ip === null) return null;
    // sshd gives its refused tries no terminal.
    const service = failed && /^ssh/.test(line) ? 'sshd' : line.startsWith('pts/') ? 'sshd' : 'login';
    const says = `${failed ? 'refused' : 'logged in'}: ${named(account)} from ${named(ip)} on ${named(line || '-')}`;
    const common = { at: event.at, source: event.source, ...(event.line === undefined ? {} : { line: event.line }) };
    if (failed)
      // Keys that were refused make no record (sshd's record_failed_login).
      return {
        ...common,
        kind: 'login.failed',
        raw: says,
        fields: { account, ip, port: null, method: 'password', service, known: this.#known(account), times: 1, pid },
      };
    return {
      ...common,
      kind: 'login.accepted',
      raw: says,
      fields: { account, ip, port: null, method: 'unknown', service, fingerprint: null, pid: null },
    };
  }
}
