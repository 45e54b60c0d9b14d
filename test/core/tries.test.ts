import { describe, expect, it } from 'vitest';
import { Connections, type TryEvent } from '../../src/core/connections.ts';
import type { Parser } from '../../src/core/contracts.ts';
import { sshd } from '../../src/parsers/sshd.ts';
import { sshdVisits } from '../../src/parsers/sshd-visits.ts';
import { lineOf } from '../parsers/harness.ts';

function triesOf(...messages: readonly string[]): number {
  const connections = new Connections();
  const connection = connections.open(1, 811, 0);
  const readers: readonly Parser[] = [sshd, sshdVisits];
  for (const message of messages) {
    for (const reader of readers) {
      const draft = reader.parse(lineOf(`sshd[811]: ${message}`));
      if (draft?.kind === 'login.failed' || draft?.kind === 'login.probed')
        connections.hear(connection, { at: 0, source: 'log', ...draft } as TryEvent, -1);
    }
  }
  return connections.tries(connection);
}

const END = '192.0.2.9 port 4711';

describe('one connection', () => {
  it('counts an unknown name and its password once, as often as a password was refused', () => {
    expect(
      triesOf(
        `Invalid user oracle from ${END}`,
        'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9',
        `Failed none for invalid user oracle from ${END} ssh2`,
        `Failed password for invalid user oracle from ${END} ssh2`,
        `message repeated 2 times: [ Failed password for invalid user oracle from ${END} ssh2]`,
        `Connection closed by invalid user oracle ${END} [preauth]`,
      ),
    ).toBe(3);
  });

  it('counts an unknown name alone where only keys are allowed', () => {
    expect(triesOf(`Invalid user oracle from ${END}`, 'Received disconnect from 192.0.2.9: 11: Bye Bye [preauth]')).toBe(1);
  });

  it('counts one for an existing account whose refused keys sshd does not write down', () => {
    expect(triesOf(`Connection closed by authenticating user root ${END} [preauth]`)).toBe(1);
  });

  it('counts each answer that PAM refused, not the end', () => {
    const refused = 'error: PAM: Authentication failure for alice from 192.0.2.9';
    expect(triesOf(refused, refused, `Connection closed by authenticating user alice ${END} [preauth]`)).toBe(2);
  });

  it('counts nothing for scanners and for logins', () => {
    expect(triesOf(`Did not receive identification string from ${END}`, `Connection closed by ${END} [preauth]`)).toBe(0);
    expect(triesOf(`Accepted password for alice from ${END} ssh2`, `Disconnected from user alice ${END}`)).toBe(0);
  });
});
