import { describe, expect, it } from 'vitest';
import { readAudit } from '../../src/core/audit-record.ts';
import { keyedRefusal } from '../../src/core/keyed-log.ts';
import { messageFacts } from '../../src/core/message-facts.ts';
import { ownFormOf } from '../../src/core/own-forms.ts';

const AT = Date.UTC(2026, 2, 3, 9, 40, 0);

describe('logs that servers write themselves', () => {
  it.each([
    [
      '[Tue Mar 03 09:40:00.000001 2026] [auth_basic:error] [pid 811:tid 9] [client 192.0.2.9:1] AH01617: x',
      'apache-error',
      811,
      '[client 192.0.2.9:1] AH01617: x',
    ],
    ['2026/03/03 09:40:00 [error] 811#9: *1 user "x": y', 'nginx-error', 811, 'user "x": y'],
    ['Tue Mar  3 09:40:00 2026 [pid 811] [alice] FAIL LOGIN: Client "192.0.2.9"', 'vsftpd', 811, '[alice] FAIL LOGIN: Client "192.0.2.9"'],
    ["2026-03-03 09:40:00 140 [Warning] Access denied for user 'x'@'y'", 'mysqld', null, "Access denied for user 'x'@'y'"],
    ['2026-03-03 09:40:00 [811] no mail', 'exim', 811, 'no mail'],
    ['03-Mar-2026 09:40:00.000 security: info: client 192.0.2.9#1: x', 'named', null, 'client 192.0.2.9#1: x'],
    ['2026/03/03 09:40:00 ...auth.go:200:SignInPost() [I] [63b199a0] Failed', null, null, 'Failed'],
  ])('%s', (line, program, pid, message) => {
    const form = ownFormOf(line);
    expect(form).toMatchObject({ program, pid, message });
    expect(form?.stamp).toEqual({ at: AT, utc: false });
  });

  it.each(['2026-03-03T09:40:00+01:00 web1 sshd[811]: x', 'Mar  3 09:40:00 web1 sshd[811]: x', 'x', '', '2026-03-03 09:40:00 web1 sshd: x'])(
    '%j is left to others',
    (line) => expect(ownFormOf(line)).toBeNull(),
  );

  it('a hostile line costs no time', () => {
    for (const piece of ['[', '{"a":', 'a=', '2026-', '"', ': ', 'x='.repeat(3), '\u001b[1m'])
      expect(() => ownFormOf(piece.repeat(20_000))).not.toThrow();
  });
});

describe('audit records', () => {
  it('hexadecimal names are read, and an inner value does not replace an outer one', () => {
    const line = `type=USER_CMD msg=audit(1772530800.123:42): pid=811 uid=0 msg='cwd="/" cmd=6C73202D6C pid=1 res=success'`;
    const record = readAudit(line);
    expect(record?.values.get('cmd')).toBe('ls -l');
    expect(record?.values.get('pid')).toBe('811');
    expect(record?.stamp.at).toBe(1_772_530_800_123);
  });

  it('arguments of a program make a command line', () => {
    const form = ownFormOf('type=EXECVE msg=audit(1772530800.123:42): argc=3 a0="sh" a1="-c" a2=6964203E2078');
    expect(form?.facts).toMatchObject({ 'event.action': 'execve', 'process.command_line': 'sh -c id > x', 'process.args': ['sh', '-c', 'id > x'] });
  });
});

describe('what messages tell in fixed places', () => {
  it('a packet that the firewall logged', () => {
    const facts = messageFacts('kernel', '[1.2] DROP: IN=eth0 OUT= SRC=192.0.2.9 DST=198.51.100.1 LEN=40 PROTO=TCP SPT=40122 DPT=22 SYN');
    expect(facts).toMatchObject({ 'source.ip': '192.0.2.9', 'source.port': 40122, 'destination.port': 22, 'network.transport': 'TCP' });
  });

  it('a name that was asked for', () => {
    expect(messageFacts('named', 'client @0x7f 192.0.2.9#3074 (x.example): query: x.example IN AAAA +E(0)K (198.51.100.1)')).toMatchObject({
      'dns.question.name': 'x.example',
      'dns.question.type': 'AAAA',
      'source.ip': '192.0.2.9',
    });
  });

  it('of two clients in a line of nginx neither', () => {
    expect(messageFacts('nginx-error', 'open() "/, client: 198.51.100.1, x" failed, client: 192.0.2.9, server: y')).toEqual({});
  });

  it('words in a request do not refuse anybody', () => {
    expect(keyedRefusal('{"level":"info","msg":"handled request","path":"/?q=invalid credentials","remote_ip":"192.0.2.9"}')).toBeNull();
  });
});
