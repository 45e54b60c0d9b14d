/**
 * A throw-away host on this machine: own processes, network, name, logs and disk (an overlay of `/`), gone when it is stopped or
 * when the test ends in whatever way. It shares the kernel with the machine: kernel ring, boot time and cgroups are the machine's.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The checkout that is under test; a lab host sees it, read-only, at /opt/tocsin. */
export const checkout = path.dirname(path.dirname(here));

export const standIns = path.join(here, 'stand-ins');

const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/root' };
const OUTPUT_BYTES = 256 * 1024 * 1024;

/** An overlay and seven mounts take a fraction of a second. */
const START_MS = 30_000;

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly tookMs: number;
}

export interface How {
  /** Account to run as, without a login: no PAM, no log line. */
  readonly user?: string;
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Why no lab host can be made here, or null. */
export function noLab(): string | null {
  if (process.platform !== 'linux') return 'lab hosts need Linux';
  if (process.getuid?.() !== 0) return 'lab hosts need root';
  return null;
}

/** Runs a program of the machine itself to its end. */
export function runHere(program: string, argv: readonly string[], how: How = {}): Promise<Said> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      program,
      argv,
      { maxBuffer: OUTPUT_BYTES, timeout: how.timeoutMs ?? 120_000, killSignal: 'SIGKILL', env: { ...ENVIRONMENT, ...how.environment } },
      (error, out, err) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ status, out, err: status === -1 ? `${err}${error}` : err, tookMs: performance.now() - startedAt });
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(how.input ?? '');
  });
}

export class LabHost {
  readonly name: string;
  /** The init of the host, as the machine numbers it. */
  readonly pid: number;
  readonly #holder: ChildProcess;
  readonly #children = new Set<ChildProcess>();

  private constructor(name: string, pid: number, holder: ChildProcess) {
    this.name = name;
    this.pid = pid;
    this.#holder = holder;
  }

  static async start(name: string): Promise<LabHost> {
    const words = [
      '--net',
      '--pid',
      '--mount',
      '--uts',
      '--ipc',
      '--fork',
      '--kill-child',
      'bash',
      path.join(standIns, 'lab-host.sh'),
      name,
      checkout,
    ];
    const holder = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'pipe'], env: ENVIRONMENT, detached: true });
    holder.stdin.on('error', () => {});
    const pid = await new Promise<number>((resolve, reject) => {
      let said = '';
      const hear = (part: Buffer) => {
        said += part.toString();
        const ready = /^ready (\d+)$/m.exec(said);
        if (ready) resolve(Number(ready[1]));
      };
      holder.stdout.on('data', hear);
      holder.stderr.on('data', hear);
      holder.once('error', reject);
      holder.once('close', () => reject(new Error(`the lab host ${name} did not start: ${said}`)));
      setTimeout(() => reject(new Error(`the lab host ${name} did not start within ${START_MS} ms: ${said}`)), START_MS).unref();
    });
    return new LabHost(name, pid, holder);
  }

  #words(argv: readonly string[], how: How): string[] {
    const as = how.user === undefined ? [] : ['setpriv', `--reuid=${how.user}`, `--regid=${this.groupOf(how.user)}`, '--init-groups', '--'];
    return ['-t', String(this.pid), '-m', '-u', '-i', '-n', '-p', '--wdns=/', '--', ...as, ...argv];
  }

  /** Runs a program in the host to its end. */
  async run(argv: readonly string[], how: How = {}): Promise<Said> {
    return runHere('nsenter', this.#words(argv, how), how);
  }

  /** Runs a program that has to succeed, and gives what it wrote. */
  async must(argv: readonly string[], how: How = {}): Promise<string> {
    const said = await this.run(argv, how);
    if (said.status !== 0) throw new Error(`${this.name}: ${argv.join(' ')}: status ${said.status}: ${said.err}${said.out}`);
    return said.out;
  }

  /** A shell line in the host, with arguments as $1, $2 …; for staging only. */
  sh(script: string, ...argv: string[]): Promise<string> {
    return this.must(['bash', '-c', script, 'lab', ...argv]);
  }

  /** Starts a program that lives until the host is stopped; its parent is outside of the host (pid 0). */
  spawn(argv: readonly string[], how: How = {}): ChildProcess {
    const child = spawn('nsenter', this.#words(argv, how), { stdio: ['pipe', 'ignore', 'ignore'], env: { ...ENVIRONMENT, ...how.environment } });
    child.stdin.on('error', () => {});
    child.on('error', () => {});
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  /** Where a path of the host is for this process. Absolute symbolic links inside would lead to the machine: give real paths. */
  inside(file: string): string {
    return `/proc/${this.pid}/root${file}`;
  }

  write(file: string, content: string | Uint8Array, mode = 0o644): void {
    fs.mkdirSync(path.dirname(this.inside(file)), { recursive: true });
    fs.writeFileSync(this.inside(file), content);
    fs.chmodSync(this.inside(file), mode);
  }

  read(file: string): string {
    return fs.readFileSync(this.inside(file), 'utf8');
  }

  groupOf(account: string): string {
    const line = this.read('/etc/passwd')
      .split('\n')
      .find((one) => one.startsWith(`${account}:`));
    const gid = line?.split(':')[3];
    if (gid === undefined) throw new Error(`${this.name} has no account ${account}`);
    return gid;
  }

  /** Waits until something holds; says what it waited for when it does not come. */
  async until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
    for (const end = performance.now() + withinMs; performance.now() < end; ) {
      if (await holds()) return;
      await pause(50);
    }
    throw new Error(`${this.name}: waited ${withinMs} ms in vain for: ${what}`);
  }

  /** Ends every process of the host; the kernel then drops its mounts, network and disk. */
  async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#holder.once('close', resolve));
    this.#holder.stdin?.end();
    await gone;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
