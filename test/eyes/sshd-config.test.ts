import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { sshdSettings } from '../../src/eyes/sshd-config.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true });
});

function settings(files: Readonly<Record<string, string>>, configs: readonly string[] = []) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-sshd-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    fs.writeFileSync(root + name, text);
  }
  const coverage: Coverage[] = [];
  return { sshd: sshdSettings(new Disk(root), (entry) => coverage.push(entry), configs), coverage };
}

describe('sshd settings of a mounted disk', () => {
  it('has the defaults of OpenSSH for an empty file', () => {
    expect(settings({ '/etc/ssh/sshd_config': '# nothing said\n' }).sshd).toEqual({
      by: 'sshd_config',
      path: '/etc/ssh/sshd_config',
      ports: [22],
      passwordAuthentication: true,
      keyboardInteractive: true,
      permitRootLogin: 'prohibit-password',
      permitEmptyPasswords: false,
      maxAuthTries: 6,
      usePam: false,
      logLevel: 'INFO',
      allowUsers: [],
      allowGroups: [],
      denyUsers: [],
      denyGroups: [],
      matches: [],
      matchBlocks: [],
    });
  });

  it('takes the first value, whatever the case and the way of writing', () => {
    const { sshd } = settings({
      '/etc/ssh/sshd_config': [
        '  PASSWORDAUTHENTICATION = "no"   # because',
        'PasswordAuthentication yes',
        'permitrootlogin=without-password',
        'ChallengeResponseAuthentication no',
        'KbdInteractiveAuthentication yes',
        'MaxAuthTries\t3',
        'UsePAM yes',
        'Port 22',
        'Port 2222',
        'AllowUsers ann "bob b"',
        'AllowUsers cleo',
        '#PermitEmptyPasswords yes',
      ].join('\n'),
    });
    expect(sshd).toMatchObject({
      passwordAuthentication: false,
      permitRootLogin: 'prohibit-password',
      keyboardInteractive: false,
      maxAuthTries: 3,
      usePam: true,
      ports: [22, 2222],
      allowUsers: ['ann', 'bob b', 'cleo'],
      permitEmptyPasswords: false,
    });
  });

  it('reads included files in place and in the order of their names', () => {
    const { sshd } = settings({
      '/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config.d/*.conf\nPasswordAuthentication no\nInclude more\n',
      '/etc/ssh/sshd_config.d/50-cloud.conf': 'PasswordAuthentication yes\nMaxAuthTries 9\n',
      '/etc/ssh/sshd_config.d/10-own.conf': 'MaxAuthTries 2\nMatch User x\n',
      '/etc/ssh/sshd_config.d/00-no.txt': 'MaxAuthTries 1\n',
      '/etc/ssh/more': 'PermitRootLogin yes\n',
    });
    expect(sshd).toMatchObject({ passwordAuthentication: true, maxAuthTries: 2, permitRootLogin: 'yes', matches: ['Match User x'] });
  });

  it('names Match blocks and takes nothing out of them', () => {
    const { sshd, coverage } = settings({
      '/etc/ssh/sshd_config': 'Match Group staff\n  PasswordAuthentication no\n  PermitRootLogin yes\nmatch Address 192.0.2.0/24\nMaxAuthTries 1\n',
    });
    expect(sshd).toMatchObject({ passwordAuthentication: true, permitRootLogin: 'prohibit-password', maxAuthTries: 6 });
    expect(sshd?.matches).toEqual([
      'Match Group staff: PasswordAuthentication no; PermitRootLogin yes',
      'Match Address 192.0.2.0/24: MaxAuthTries 1',
    ]);
    expect(coverage[0]?.detail).toContain('2 Match blocks');
  });

  it('knows on which ports it listens', () => {
    const ports = (text: string) => settings({ '/etc/ssh/sshd_config': text }).sshd?.ports;
    expect(ports('ListenAddress 192.0.2.1:2200\nListenAddress [2001:db8::1]:2201\n')).toEqual([2200, 2201]);
    expect(ports('Port 2022\nListenAddress 2001:db8::1\nListenAddress 192.0.2.1\n')).toEqual([2022]);
    expect(ports('Port 99999\n')).toEqual([22]);
  });

  it('looks at the file that a running sshd was given, and says which others it left', () => {
    const { sshd, coverage } = settings({ '/srv/a.conf': 'Port 24\n', '/srv/b.conf': '' }, ['/srv/a.conf', '/srv/b.conf']);
    expect(sshd).toMatchObject({ path: '/srv/a.conf', ports: [24] });
    expect(coverage[0]).toMatchObject({ source: 'sshd', state: 'partial' });
    expect(coverage[0]?.detail).toContain('/srv/b.conf');
  });

  it('ends for files that include themselves', () => {
    const { sshd, coverage } = settings({ '/etc/ssh/sshd_config': 'Include /etc/ssh/sshd_config\nPort 23\n' });
    expect(sshd?.ports).toContain(23);
    expect(coverage[0]?.state).toBe('partial');
  });

  it('is null without sshd, and says whether it is absent or could not be read', () => {
    expect(settings({})).toEqual({ sshd: null, coverage: [{ source: 'sshd', state: 'absent', detail: 'there is no sshd and no sshd_config' }] });
    const { sshd, coverage } = settings({ '/usr/sbin/sshd': 'program' });
    expect(sshd).toBeNull();
    expect(coverage[0]?.state).toBe('unreadable');
  });

  it('has the Match blocks to be evaluated, beside their words', () => {
    const text =
      'PasswordAuthentication no\nMatch User "kim" Address 10.0.0.0/8\n  PasswordAuthentication yes # for now\n  passwordauthentication no\nMatch all\nX11Forwarding no\n';
    const { sshd } = settings({ '/etc/ssh/sshd_config': text });
    expect(sshd?.matchBlocks).toEqual([
      { criteria: 'User kim Address 10.0.0.0/8', settings: { passwordauthentication: 'yes' } },
      { criteria: 'all', settings: { x11forwarding: 'no' } },
    ]);
  });
});
