/**
 * The street between lab hosts: a bridge in a network namespace of its own that routes between their networks. Nothing of it
 * touches the machine's own network. A host may have many addresses, or answer for whole networks (Linux's local routes).
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type LabHost, runHere } from './host.ts';

export interface Place {
  /** The host's own address; its network is the /24 around it, with the street at `.1`. */
  readonly address: string;
  /** More addresses of the host, in any network. */
  readonly also?: readonly string[];
  /** Networks in CIDR form of which the host has every address. */
  readonly whole?: readonly string[];
}

export function gatewayOf(address: string): string {
  return `${address.slice(0, address.lastIndexOf('.'))}.1`;
}

export class Street {
  readonly #holder: ChildProcess;
  readonly #gateways = new Set<string>();
  #joined = 0;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async lay(): Promise<Street> {
    const holder = spawn('unshare', ['--net', 'perl', '-e', '$| = 1; print "ready\\n"; 1 while sysread STDIN, my $ignored, 4096'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    holder.stdin.on('error', () => {});
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'close').then(() => Promise.reject(new Error('no network namespace could be made'))),
    ]);
    const street = new Street(holder);
    await street.#ip(['link set lo up', 'link add br0 type bridge', 'link set br0 up']);
    // Several networks on one bridge: the street routes, and does not tell hosts of short cuts.
    const settings = ['ip_forward=1', 'conf/all/send_redirects=0', 'conf/br0/send_redirects=0', 'conf/all/rp_filter=0', 'conf/br0/rp_filter=0'];
    const script = 'for s; do echo "${s#*=}" > "/proc/sys/net/ipv4/${s%%=*}"; done';
    await street.#must(['bash', '-c', script, 'lab', ...settings], '');
    return street;
  }

  async #must(argv: readonly string[], input: string): Promise<void> {
    const said = await runHere('nsenter', ['-t', String(this.#holder.pid), '-n', '--', ...argv], { input });
    if (said.status !== 0) throw new Error(`street: ${argv.join(' ')}: ${said.err}${input}`);
  }

  #ip(lines: readonly string[]): Promise<void> {
    return this.#must(['ip', '-batch', '-'], `${lines.join('\n')}\n`);
  }

  async join(host: LabHost, place: Place): Promise<void> {
    const gateway = gatewayOf(place.address);
    const device = `lab${this.#joined++}`;
    const lines = [`link add ${device} type veth peer name eth0 netns ${host.pid}`, `link set ${device} master br0 up`];
    if (!this.#gateways.has(gateway)) lines.push(`addr add ${gateway}/24 dev br0`);
    this.#gateways.add(gateway);
    const beyond = [...(place.also ?? []).map((ip) => `${ip}/32`), ...(place.whole ?? [])];
    for (const network of beyond) lines.push(`route add ${network} via ${place.address}`);
    await host.run(['ip', 'link', 'set', 'lo', 'up']);
    await this.#ip(lines.slice(0, -beyond.length || undefined));
    const own = [`link set eth0 up`, `addr add ${place.address}/24 dev eth0`, `route add default via ${gateway}`];
    for (const ip of place.also ?? []) own.push(`addr add ${ip}/32 dev eth0`);
    for (const network of place.whole ?? []) own.push(`route add local ${network} dev lo`);
    await host.must(['ip', '-batch', '-'], { input: `${own.join('\n')}\n` });
    if (beyond.length > 0) await this.#ip(lines.slice(-beyond.length));
  }

  async stop(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const gone = once(this.#holder, 'close');
    this.#holder.stdin?.end();
    await gone;
  }
}
