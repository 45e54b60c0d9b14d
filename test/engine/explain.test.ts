import { describe, expect, it } from 'vitest';
import { attackIn } from '../../src/core/web-attack.ts';
import { type Explained, explainer, type Guest, listenersOf } from '../../src/engine/explain.ts';
import { shapeOf } from '../../src/engine/line-shape.ts';
import { Stamps } from '../../src/engine/stamp.ts';
import { networks } from '../../src/eyes/networks.ts';
import { detectors, guessers, parsers as ofPrograms } from '../../src/registry.ts';

const parsers = [...ofPrograms, ...guessers];

const listeners = listenersOf(detectors, networks([]));
const clock = { firstYear: 2026, toUtc: (local: number) => local, latest: Number.POSITIVE_INFINITY };

function ask(line: string, as: string | null = null, guests: readonly Guest[] = []): Explained {
  return explainer({ parsers, listeners, guests, attackIn }).line(line, { source: 'x', n: 7, stamps: new Stamps(clock), toUtc: clock.toUtc, as });
}

const FAILED = 'Failed password for root from 192.0.2.9 port 4711 ssh2';
const rules = (told: Explained) => told.by.filter((by) => by.kind !== 'detector');

describe('explain', () => {
  it('names parser, form, time and who', () => {
    const told = ask(`Mar  3 09:40:00 web1 sshd[811]: ${FAILED}`);
    expect(told).toMatchObject({
      n: 7,
      at: Date.UTC(2026, 2, 3, 9, 40),
      attack: true,
      address: '192.0.2.9',
      user: 'root',
      outcome: 'failure',
      class: 'auth',
    });
    expect(rules(told)).toEqual([{ kind: 'parser', name: 'sshd', pattern: 'failed' }]);
    expect(told.event).toMatchObject({ 'host.hostname': 'web1', 'process.name': 'sshd' });
  });

  it('names the detectors that hear of it, those too that ask the books', () => {
    const heard = ask(`Mar  3 09:40:00 web1 sshd[811]: ${FAILED}`).by.flatMap((by) => (by.kind === 'detector' ? [by.name] : []));
    expect(heard).toContain('password-guessing');
    expect(heard).not.toContain('conntrack-full');
  });

  it('takes a bare line where a form fits, and says that it guessed', () => {
    expect(ask(FAILED)).toMatchObject({ guessed: true, program: 'sshd', attack: true, at: null });
    expect(ask(FAILED, 'sshd')).toMatchObject({ attack: true });
  });

  it.each([
    [`{"log":"Mar  3 09:40:00 web1 sshd[811]: ${FAILED}\\n","stream":"stdout","time":"2026-03-03T09:40:01Z"}`, 'sshd'],
    [`web_1  | Mar  3 09:40:00 web1 sshd[811]: ${FAILED}`, 'sshd'],
    ['{"log":"Login failed for user alice from 192.0.2.9\\n","stream":"stderr","time":"2026-03-03T09:40:00Z"}', 'applications'],
    ['2026-03-03 09:40:00,123 INFO shop.auth: Login failed for alice from 192.0.2.9', 'applications'],
    ['Mar  3 09:40:00 web1 shop[811]: Invalid password for user alice from 192.0.2.9', 'applications'],
  ])('takes what stands in frames of containers and in the words of any program: %s', (line, parser) => {
    const told = ask(line);
    expect(told).toMatchObject({ attack: true, address: '192.0.2.9', outcome: 'failure' });
    expect(told.at).not.toBeNull();
    expect(rules(told).map(({ name }) => name)).toEqual([parser]);
  });

  it('tells of one who was let in, and calls him no attacker', () => {
    const line = 'Mar  3 09:40:00 mx dovecot: imap-login: Login: user=<alice>, method=PLAIN, rip=192.0.2.9, lip=198.51.100.1, TLS';
    expect(ask(line)).toMatchObject({ attack: false, address: '192.0.2.9', user: 'alice', outcome: 'success' });
  });

  it('--as settles of which program a line is', () => {
    expect(rules(ask('lost connection after AUTH from unknown[192.0.2.9]', 'postfix/smtpd'))).toEqual([
      { kind: 'parser', name: 'postfix', pattern: 'lost-after-auth' },
    ]);
  });

  it('says which form nearly took a line', () => {
    const told = ask('Mar  3 09:40:00 web1 sshd[811]: Failed password for root');
    expect(told).toMatchObject({ attack: false, address: null });
    expect(rules(told)).toEqual([]);
    expect(told.near()[0]).toMatchObject({ kind: 'parser', name: 'sshd' });
    expect(told.near()[0]?.says).toContain('failed');
  });

  it.each([
    ['a log-in that was let in', 'Mar  3 09:40:00 web1 sshd[811]: Accepted password for alice from 192.0.2.9 port 4711 ssh2', 'success'],
    ['a farewell', 'Mar  3 09:40:00 web1 sshd[811]: Received disconnect from 192.0.2.9: 11: Bye Bye [preauth]', null],
    ['a job', 'Mar  3 09:40:00 web1 CRON[811]: (root) CMD (id)', null],
    ['an ordinary request', '192.0.2.9 - - [03/Mar/2026:09:40:00 +0000] "GET /index.html HTTP/1.1" 200 7 "-" "Mozilla/5.0"', 'success'],
  ])('%s is no attack', (_what, line, outcome) => {
    const told = ask(line);
    expect(told.attack).toBe(false);
    expect(told.outcome).toBe(outcome);
    expect(rules(told)).not.toEqual([]);
  });

  it('an attack in a request is one', () => {
    const told = ask('192.0.2.9 - - [03/Mar/2026:09:40:00 +0000] "GET /x?f=../../../../etc/passwd HTTP/1.1" 404 7 "-" "x"');
    expect(told).toMatchObject({ attack: true, address: '192.0.2.9', form: 'access log' });
  });

  it('text inside a message does not begin another one', () => {
    expect(ask(`GET /?x=1: ${FAILED}`).attack).toBe(false);
    expect(ask(`2026-03-03 09:40:00 got "x: ${FAILED}`).attack).toBe(false);
  });

  it("a guest's rule is told beside ours, and is evidence", () => {
    const guest: Guest = {
      look: () => ({
        by: [{ kind: 'filter', name: 'x', pattern: '^y', captures: { ip4: '192.0.2.9' } }],
        near: () => [],
        ignored: false,
        address: '192.0.2.9',
      }),
    };
    const told = ask('Mar  3 09:40:00 web1 unheard[1]: of', null, [guest]);
    expect(told).toMatchObject({ attack: true, address: '192.0.2.9', outcome: 'failure' });
    const passed: Guest = { look: () => ({ by: [], near: () => [], ignored: true }) };
    expect(ask('x', null, [passed]).ignored).toBe(true);
  });

  it('no line throws', () => {
    for (const line of ['', '{', '{"a":1}', '\u0000', 'type=', '['.repeat(9_000), '<34>1 - - - - - -', '\udc80\udcff'])
      expect(() => ask(line)).not.toThrow();
  });
});

describe('shapes', () => {
  it('mask what differs from line to line', () => {
    expect(shapeOf('from 192.0.2.9 port 4711: "x y" id 0xdeadbeef')).toBe('from <address> port <n>: "…" id <hex>');
    expect(shapeOf('from 2001:db8::9 at 12')).toBe('from <address> at <n>');
  });
});
