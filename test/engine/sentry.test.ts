/** Who is shut out while lines come, for how long, and who never is. */

import { describe, expect, it } from 'vitest';
import { Sentry } from '../../src/engine/sentry.ts';
import { networks } from '../../src/eyes/networks.ts';
import { plainScanner } from '../../src/eyes/scanner.ts';
import { parsers } from '../../src/registry.ts';
import { chunkOf } from '../fake-eyes.ts';

const DAY = Date.UTC(2026, 2, 3);
const HOUR_MS = 3_600_000;
const scanner = plainScanner();

class Log {
  readonly sentry = new Sentry(parsers, { networks: networks([]), spares: (ip) => (ip === '192.0.2.1' ? 'it is the gateway' : null) });
  #pid = 1_000;
  readonly nets: string[] = [];
  readonly spared: string[] = [];

  /** Lines of sshd, `[seconds since the day began, message]`; `%` stands for a pid of its own. */
  tell(lines: readonly (readonly [number, string])[]): this {
    const text = lines.map(([at, message]) => {
      this.#pid += 1;
      return `${new Date(DAY + at * 1_000).toISOString().slice(0, 19)}+00:00 h ${message.replace('%', String(this.#pid))}\n`;
    });
    const said = this.sentry.chunk(chunkOf('/var/log/auth.log', text.join(''), DAY + 90 * 86_400_000), scanner);
    this.nets.push(...said.decisions.map(({ net, at, untilMs, before }) => `${net} ${(untilMs - at) / HOUR_MS}h ${before}`));
    this.spared.push(...said.spared.map(({ ip, because }) => `${ip}: ${because}`));
    return this;
  }
}

const failed = (ip: string, name = 'root') => `sshd[%]: Failed password for ${name} from ${ip} port 4000 ssh2`;
const accepted = (ip: string, name = 'kim') => `sshd[%]: Accepted publickey for ${name} from ${ip} port 4000 ssh2: ED25519 SHA256:${'a'.repeat(43)}`;
const often = (ip: string, times: number, from = 0) => Array.from({ length: times }, (_, index): [number, string] => [from + index, failed(ip)]);

describe('the sentry', () => {
  it('shuts out after the fifth try within ten minutes, once, however the lines are cut into pieces', () => {
    const log = new Log();
    for (const line of often('203.0.113.9', 4)) log.tell([line]);
    expect(log.nets).toEqual([]);
    for (const line of often('203.0.113.9', 30, 4)) log.tell([line]);
    expect(log.nets).toEqual(['203.0.113.9 1h 0']);
  });

  it('counts tries of a day for whoever is slow', () => {
    const hourly = Array.from({ length: 40 }, (_, index): [number, string] => [index * 1_200, failed('203.0.113.9', index % 2 ? 'root' : 'bob')]);
    expect(new Log().tell(hourly.slice(0, 19)).nets).toEqual([]);
    expect(new Log().tell(hourly.slice(0, 20)).nets).toEqual(['203.0.113.9 1h 0']);
  });

  it('shuts out longer who comes back, at most for a week', () => {
    const log = new Log();
    let from = 0;
    for (let round = 0; round < 6; round += 1) {
      log.tell(often('203.0.113.9', 5, from));
      from += 8 * 86_400;
    }
    expect(log.nets.map((net) => net.split(' ')[1])).toEqual(['1h', '4h', '16h', '64h', '168h', '168h']);
  });

  it('remembers what was decided before it was started again', () => {
    const log = new Log();
    log.sentry.remember('203.0.113.9', 2, DAY, DAY + HOUR_MS);
    log.tell(often('203.0.113.9', 5, 10));
    expect(log.nets).toEqual([]);
    log.tell(often('203.0.113.9', 5, 4_000));
    expect(log.nets).toEqual(['203.0.113.9 16h 2']);
  });

  it('takes the /64 for whoever has one, also when he never uses an address twice', () => {
    const hops = Array.from({ length: 5 }, (_, index): [number, string] => [index, failed(`2001:db8:1:2::${index + 1}`)]);
    expect(new Log().tell(hops).nets).toEqual(['2001:db8:1:2::/64 1h 0']);
  });

  it('takes an IPv4 network of which many take part, but not one from which somebody came in', () => {
    const many = Array.from({ length: 8 }, (_, index) => often(`203.0.113.${index + 1}`, 5, index * 10)).flat();
    expect(new Log().tell(many).nets.slice(8)).toEqual(['203.0.113.0/24 1h 0']);
    expect(new Log().tell([[0, accepted('203.0.113.77')], ...many]).nets.slice(8)).toEqual([]);
  });

  it('leaves alone, and says so once: who is needed, who logs in there every day, and who proves no address', () => {
    const log = new Log();
    log.tell(often('192.0.2.1', 9));
    const days = Array.from({ length: 4 }, (_, day): [number, string] => [day * 86_400, accepted('198.51.100.7')]);
    log.tell([...days, ...Array.from({ length: 6 }, (_, index): [number, string] => [4 * 86_400 + index, failed('198.51.100.7', 'kim')])]);
    const sip =
      "asterisk[1]: NOTICE[2]: chan_sip.c:1 in handle_request_register: Registration from '<sip:1@h>' failed for '203.0.113.5:5060' - Wrong password";
    log.tell(Array.from({ length: 9 }, (_, index): [number, string] => [5 * 86_400 + index, sip]));
    expect(log.nets).toEqual([]);
    expect(log.spared.map((one) => one.split(':')[0])).toEqual(['192.0.2.1', '198.51.100.7', '203.0.113.5']);
    expect(['192.0.2.1', '198.51.100.7', '203.0.113.5', '203.0.113.200'].map((ip) => log.sentry.spares(ip) !== null)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('spares whoever came in by a key within a week, also before it watched, and counts no tries from then', () => {
    const past = (messages: readonly string[]) =>
      chunkOf(
        '/var/log/auth.log.1',
        messages.map((message) => `${new Date(DAY - 86_400_000).toISOString().slice(0, 19)}+00:00 h ${message.replace('%', '9')}\n`).join(''),
        DAY,
      );
    const log = new Log();
    expect(log.sentry.learn(past([accepted('203.0.113.50'), ...Array.from({ length: 9 }, () => failed('203.0.113.51'))]), scanner)).toBe(10);
    log.tell(often('203.0.113.50', 6)).tell(often('203.0.113.51', 4));
    expect([log.nets, log.spared]).toEqual([[], ['203.0.113.50: somebody logged in from there by a key within the last week']]);
    log.tell(often('203.0.113.50', 6, 8 * 86_400)).tell(often('203.0.113.51', 5, 8 * 86_400));
    expect(log.nets).toEqual(['203.0.113.50 1h 0', '203.0.113.51 1h 0']);
  });

  it('believes no name that looks like a line', () => {
    const forged = 'x from 198.51.100.1 port 1 ssh2';
    const lines = Array.from({ length: 6 }, (_, index): [number, string] => [index, failed('203.0.113.9', `invalid user ${forged}`)]);
    expect(new Log().tell(lines).nets).toEqual(['203.0.113.9 1h 0']);
  });
});
