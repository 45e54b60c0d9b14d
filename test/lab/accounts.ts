/** Accounts of a lab host, made by the distribution's own tools inside its overlay. */

import type { LabHost } from './host.ts';

export interface Account {
  readonly name: string;
  readonly password: string | null;
  readonly uid?: number;
  readonly home?: string;
  readonly shell?: string;
  readonly groups?: readonly string[];
}

export async function addAccount(host: LabHost, account: Account): Promise<void> {
  for (const group of account.groups ?? []) await host.must(['groupadd', '--system', '--force', group]);
  const words = ['useradd', '--create-home', '--shell', account.shell ?? '/bin/bash', '--key', 'MAIL_DIR=/var/mail'];
  if (account.uid !== undefined) words.push('--uid', String(account.uid));
  if (account.home !== undefined) words.push('--home-dir', account.home);
  if (account.groups && account.groups.length > 0) words.push('--groups', account.groups.join(','));
  const said = await host.run([...words, account.name]);
  // Status 12: the home could not be made because a directory on the way is missing.
  if (said.status !== 0 && said.status !== 12) throw new Error(`useradd ${account.name}: ${said.err}`);
  if (account.password !== null) await host.must(['chpasswd'], { input: `${account.name}:${account.password}\n` });
}

/** A key without passphrase for `by` on its own host, allowed to log in as `account` on `host`. Gives the private key's path. */
export async function allowKey(host: LabHost, account: Account, by: LabHost): Promise<string> {
  const key = `/root/.ssh/lab_${account.name}`;
  await by.sh('mkdir -p -m 700 /root/.ssh; rm -f "$1" "$1.pub"; ssh-keygen -q -t ed25519 -N "" -C "$2" -f "$1"', key, `${account.name}@${by.name}`);
  const home = (await host.must(['getent', 'passwd', account.name])).split(':')[5] ?? '/nonexistent';
  host.write(`${home}/.ssh/authorized_keys`, by.read(`${key}.pub`), 0o600);
  await host.sh('chown -R "$1:" "$2/.ssh"; chmod 700 "$2/.ssh"', account.name, home);
  return key;
}
