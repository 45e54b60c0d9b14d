import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../src/core/shapes.ts';

const shape = (text: string) => shapeOf(text, text.length).shape;
const lines = (...all: string[]) => `${all.join('\n')}\n`;
const times = (count: number, make: (index: number) => string) => lines(...Array.from({ length: count }, (_, index) => make(index)));

describe('magic', () => {
  it('knows programs, scripts, archives and keys by their first bytes', () => {
    expect(shape('\x7fELF\x02\x01\x01\0\0')).toBe('elf');
    expect(shape('#!/bin/sh\nwhile :; do ./x; done\n')).toBe('script');
    expect(shape('<?php eval($_POST["a"]);')).toBe('script');
    expect(shape('GIF89a\x01\0<?php system($_GET["c"]); ?>')).toBe('script');
    expect(shape('\x1f\udc8b\x08\0\0')).toBe('archive');
    expect(shape('PK\x03\x04\x14\0')).toBe('archive');
    expect(shape('\udcfd7zXZ\0\0')).toBe('archive');
    expect(shape(`kit/${'\0'.repeat(253)}ustar  \0`)).toBe('archive');
    expect(shape('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n')).toBe('key');
    expect(shape('-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n')).toBe('key');
    expect(shape('a\0b\0c')).toBe('binary');
    expect(shape('\udc80\udc81\udcff\udcfeab')).toBe('binary');
  });

  it('says what was not read and what is empty', () => {
    expect(shapeOf(null, 10)).toEqual({ shape: 'unread', entries: 0, sample: null });
    expect(shapeOf('', 0)).toEqual({ shape: 'empty', entries: 0, sample: null });
    expect(shapeOf('', 10).shape).toBe('unread');
  });
});

describe('target lists', () => {
  it.each([
    ['addresses', times(50, (index) => `198.51.100.${index}`)],
    ['networks', lines('203.0.113.0/24', '198.51.100.0/22', '192.0.2.0/24')],
    ['ranges', lines('203.0.113.1-203.0.113.9', '198.51.100.1 - 198.51.100.40', '192.0.2.1-254')],
    ['address and port', lines('203.0.113.1:22', '198.51.100.7:2222', '192.0.2.9:22')],
    ['host and port', lines('a.example.net:22', 'b.example.net:2222', 'c.example.org:22')],
    ['IPv6', lines('2001:db8::1', '2001:db8:0:1::/64', '[2001:db8::2]:22')],
    ['class B networks', lines('203.0', '198.51', '192.0', '100.64', '198.18')],
    ['class C networks', lines('203.0.113', '198.51.100', '192.0.2')],
    [
      'what masscan writes',
      lines('#masscan', 'open tcp 22 203.0.113.4 1390380064', 'open tcp 22 203.0.113.5 1390380065', 'open tcp 22 192.0.2.5 1390380066'),
    ],
  ])('%s', (_, text) => expect(shape(text)).toBe('target-list'));

  it('counts and shows what fits, and leaves out the line that was cut off', () => {
    const all = times(6000, (index) => `10.${index >> 8}.${index & 255}.1`);
    const head = all.slice(0, 65_536);
    const whole = head.slice(0, head.lastIndexOf('\n')).split('\n').length;
    expect(shapeOf(head, all.length)).toEqual({ shape: 'target-list', entries: whole, sample: '10.0.0.1' });
  });

  it.each([
    ['versions', lines('1.0', '1.10', '2.3', '2.14', '3.0.1')],
    ['prices', lines('49.99', '129.95', '99.50', '24.00', '35.10')],
    ['a single address', '203.0.113.7\n'],
  ])('not %s', (_, text) => expect(shape(text)).toBe('text'));
});

describe('loot', () => {
  it.each([
    ['account:password:host', 'root:Sommer24:203.0.113.9\n'],
    ['host account password', lines('203.0.113.9 root toor', '198.51.100.3 admin admin')],
    ['account password host', lines('root toor 203.0.113.9', 'oracle oracle 198.51.100.3')],
    ['host:port account:password', lines('203.0.113.9:22 kunde:geheim1', '198.51.100.3:2222 pi:raspberry')],
    ['ssh commands with passwords', lines('ssh root@203.0.113.9 toor', 'ssh pi@198.51.100.3 raspberry')],
    ['what hydra writes', lines('[22][ssh] host: 203.0.113.9   login: root   password: toor')],
    ['host:port:account:password', lines('203.0.113.9:22:root:a:b', '198.51.100.3:22:admin:x')],
  ])('%s', (_, text) => {
    expect(shape(text)).toBe('loot');
    expect(shapeOf(text, text.length).sample).toBeNull();
    expect(shapeOf(text, text.length).entries).toBe(text.trim().split('\n').length);
  });
});

const COMMON = ['123456', 'password', 'qwerty', 'letmein', 'dragon1', 'Summer2019!', 'monkey', 'abc123', 'iloveyou', 'toor', 'hunter2', 'P@ssw0rd'];
const OWN = 'Winter2021! fussball7 katze99 Passau94 gitarre1 blume123 Sommer! tiger77 auto2000 peter1980 hallo12 mutti3'.split(' ');

describe('dictionaries', () => {
  it.each([
    ['passwords that everybody tries', lines(...COMMON, ...COMMON.map((word) => `${word}1`))],
    ['passwords of one language', lines(...OWN, ...OWN.map((word) => `mein${word}`))],
    ['account password', times(30, (index) => `${['root', 'admin', 'oracle', 'test', 'kunde'][index % 5]} ${OWN[index % 12]}`)],
    ['account:password', times(30, (index) => `user${index}:${OWN[index % 12]}`)],
    ['the account as its own password', times(25, (index) => `kunde${String.fromCharCode(97 + index)} kunde${String.fromCharCode(97 + index)}`)],
  ])('%s', (_, text) => {
    expect(shape(text)).toBe('dictionary');
    expect(shapeOf(text, text.length).sample).toBeNull();
  });

  it('needs more lines than a note has', () => expect(shape(lines(...COMMON))).toBe('text'));
});

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const PACKAGES =
  'zlib bash coreutils libc6 perl-base openssh-server git mysql-server tar gzip python3 libssl3 admin-tools nano curl dbus udev adduser apt base-files'.split(
    ' ',
  );
const PROSE = 'Please login with your password before you start the service, then read on. This paragraph is wrapped at some width and says little.';

describe('ordinary files are none of these', () => {
  it.each([
    ['passwd', times(30, (index) => `user${index}:x:${1000 + index}:100:A Person,,,:/home/user${index}:/bin/bash`)],
    [
      'passwd cut to names and numbers',
      lines(
        ...'root daemon bin sys games man lp mail news uucp proxy www-data backup list irc nobody sync apt sshd ntp'
          .split(' ')
          .map((name, index) => `${name}:${index}`),
      ),
    ],
    [
      'hosts',
      lines(
        '127.0.0.1 localhost',
        '::1 localhost ip6-localhost',
        ...Array.from({ length: 30 }, (_, index) => `10.0.0.${index} web${index} www${index}`),
      ),
    ],
    ['hosts with long names', times(25, (index) => `10.0.1.${index} db${index}.example.net db${index}`)],
    ['a block list in hosts form', times(60, (index) => `0.0.0.0 ads${index}.example.com`)],
    ['known_hosts', times(30, (index) => `203.0.113.${index} ssh-ed25519 ${KEY}`)],
    ['resolv.conf', lines('search example.net', 'nameserver 192.0.2.53', 'nameserver 198.51.100.53')],
    ['a zone file', times(25, (index) => `www${index} IN A 192.0.2.${index}`)],
    ['nginx', lines('server {', '  listen 80;', '  allow 203.0.113.7;', '  location / {', '    proxy_pass http://10.0.0.5:8080;', '  }', '}')],
    ['sshd_config', times(25, (index) => `${['Port 22', 'PermitRootLogin no', 'UsePAM yes', 'MaxAuthTries 6', 'LogLevel INFO'][index % 5]}`)],
    ['prose', times(30, () => PROSE)],
    ['prose wrapped narrowly', times(30, (index) => ['Please login', 'with your', 'password before', 'you start.'][index % 4] ?? '')],
    ['CSV', times(30, (index) => `203.0.113.${index},root,value${index}`)],
    ['JSON', times(30, (index) => `  "login${index}": "password${index}",`)],
    ['source code', times(30, (index) => `const value${index} = login(user, password);`)],
    ['requirements', lines(...PACKAGES.map((name, index) => `${name}==${index}.1.0`), 'requests>=2.0')],
    ['package names', lines(...PACKAGES, 'ca-certificates', 'lsb-base')],
    ['package selections', lines(...PACKAGES.map((name) => `${name}\t\t\t\tinstall`))],
    ['package versions', lines(...PACKAGES.map((name, index) => `${name} ${index}.2.1-3+b1`))],
    ['host names', times(40, (index) => `web${index}`)],
    ['numbers', times(500, (index) => String(index * 7))],
    [
      'log lines',
      times(30, (index) => `Mar  3 10:00:${10 + index} web sshd[12]: Failed password for root from 203.0.113.9 port ${4000 + index} ssh2`),
    ],
  ])('%s', (_, text) => expect(shape(text)).toBe('text'));

  it('does not quote a line that may hold a secret', () => {
    expect(shapeOf('DB_PASSWORD=x\n', 14).sample).toBeNull();
    expect(shapeOf('hello there\n', 12).sample).toBe('hello there');
  });
});

describe('whatever the bytes', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3000 }),
    fc
      .array(fc.constantFrom('1.2.3.4', ':', ' ', '\n', 'root', '-', '/', '@', '\udcff', '\0', '#', '<?php', "'", '\t'), { maxLength: 400 })
      .map((parts) => parts.join('')),
  );
  it('answers within bounds', () => {
    fc.assert(
      fc.property(hostile, fc.nat(), (text, size) => {
        const { entries, sample } = shapeOf(text, size);
        expect(entries).toBeLessThanOrEqual(text.split('\n').length);
        expect(sample === null || (sample.length > 0 && sample.length <= 120)).toBe(true);
      }),
    );
  });

  it('tells nothing of loot, keys and dictionaries', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { shape: kind, sample } = shapeOf(text, text.length);
        if (['loot', 'key', 'dictionary', 'binary', 'elf', 'archive'].includes(kind)) expect(sample).toBeNull();
      }),
    );
  });
});
