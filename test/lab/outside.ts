/** The rest of the world: one lab host that has every address of the networks that are guessed from and scanned. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { type LabHost, standIns } from './host.ts';
import { listens } from './server.ts';

/** Networks in CIDR form by how they answer a connection. */
export interface Manners {
  readonly silent: string;
  readonly refusing: string;
  readonly open: string;
}

/** Lets one network swallow connections, one refuse them at once, one take them; and writes down every address that was asked. */
export async function behave(outside: LabHost, manners: Manners, port: number): Promise<void> {
  const rules = `table ip lab {
  set asked { type ipv4_addr; size 65535; flags dynamic; }
  chain input {
    type filter hook input priority 0; policy accept;
    tcp dport ${port} tcp flags syn / fin,syn,rst,ack ip daddr { ${manners.silent}, ${manners.refusing}, ${manners.open} } add @asked { ip daddr }
    ip daddr ${manners.silent} tcp dport ${port} drop
    ip daddr ${manners.refusing} tcp dport ${port} reject with tcp reset
  }
}
`;
  await outside.must(['nft', '-f', '-'], { input: rules });
  outside.write('/root/answer.pl', fs.readFileSync(path.join(standIns, 'answer.pl')));
  await outside.sh('ulimit -n 8192; setsid -f perl /root/answer.pl "$1" </dev/null >/dev/null 2>&1', String(port));
  await outside.until(`an answer on port ${port}`, () => listens(outside, port));
}

/** Addresses that were really asked for a connection so far. */
export async function askedAddresses(outside: LabHost): Promise<Set<string>> {
  // What nft prints as JSON: {"nftables":[{"metainfo":…},{"set":{"elem":["198.18.0.1",…]}}]}.
  const said = JSON.parse(await outside.must(['nft', '-j', 'list', 'set', 'ip', 'lab', 'asked'])) as { nftables: { set?: { elem?: string[] } }[] };
  return new Set(said.nftables.flatMap((one) => one.set?.elem ?? []));
}
