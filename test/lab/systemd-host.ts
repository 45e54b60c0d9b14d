/** A throw-away host whose init is the machine's own systemd, so that units are tried as they will run. Gone when it is stopped or the test ends. */

import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { checkout, noLab, pause, runHere, type Said, standIns } from './host.ts';

const SYSTEMD = '/lib/systemd/systemd';
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const BOOT_MS = 60_000;

/** Where the unified hierarchy is mounted; null where there is none. */
function cgroups(): string | null {
  const line = fs
    .readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((one) => one.split(' ')[2] === 'cgroup2');
  return line?.split(' ')[1] ?? null;
}

/** Why no such host can be made here, or null. */
export function noSystemd(): string | null {
  const lab = noLab();
  if (lab !== null) return lab;
  if (!fs.existsSync(SYSTEMD)) return 'systemd is not installed';
  if (cgroups() === null) return 'there is no unified hierarchy of cgroups';
  // Only that is what a unit would run, and what the lab host has too.
  return fs.realpathSync(process.execPath).startsWith('/usr/') ? null : 'Node does not lie below /usr, where units may run it';
}

export class SystemdHost {
  readonly #holder: ChildProcess;
  readonly #pid: number;
  readonly #cgroup: string;
  readonly #place: string;

  private constructor(holder: ChildProcess, pid: number, cgroup: string, place: string) {
    this.#holder = holder;
    this.#pid = pid;
    this.#cgroup = cgroup;
    this.#place = place;
  }

  static async start(): Promise<SystemdHost> {
    const cgroup = `${cgroups() ?? ''}/tocsin-lab-${process.pid}`;
    fs.mkdirSync(cgroup, { recursive: true });
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-systemd-'));
    const script = path.join(standIns, 'systemd-host.sh');
    const inside = ['unshare', '--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child', 'bash', script, checkout, place];
    const shell = 'echo $$ >"$0/cgroup.procs"; exec "$@"';
    const holder = spawn('bash', ['-c', shell, cgroup, ...inside], { stdio: 'ignore', detached: true });
    const children = `/proc/${holder.pid}/task/${holder.pid}/children`;
    for (const end = performance.now() + BOOT_MS; performance.now() < end; await pause(100)) {
      const pid = Number(fs.existsSync(children) ? fs.readFileSync(children, 'utf8') : 0);
      const host = pid > 0 ? new SystemdHost(holder, pid, cgroup, place) : null;
      if (host && (await host.run('systemctl', 'is-system-running')).out === 'running\n') return host;
    }
    holder.kill('SIGKILL');
    throw new Error(`systemd did not come up within ${BOOT_MS} ms`);
  }

  run(...words: string[]): Promise<Said> {
    return runHere('nsenter', ['-t', String(this.#pid), '-m', '-p', '-n', '-u', '-i', '-C', '-r', '-w', 'env', '-i', `PATH=${PATH}`, ...words]);
  }

  sh(script: string): Promise<Said> {
    return this.run('bash', '-c', script);
  }

  async must(script: string): Promise<string> {
    const said = await this.sh(script);
    if (said.status !== 0) throw new Error(`${script}: status ${said.status}: ${said.err}${said.out}`);
    return said.out;
  }

  async until(what: string, script: string, withinMs = 15_000): Promise<void> {
    for (const end = performance.now() + withinMs; performance.now() < end; await pause(100)) if ((await this.sh(script)).status === 0) return;
    throw new Error(`waited ${withinMs} ms in vain for: ${what}`);
  }

  /** Ends every process of the host; the kernel then drops its mounts, network and disk. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#holder.once('close', resolve));
    process.kill(this.#pid, 'SIGKILL');
    await gone;
    fs.rmdirSync(this.#place);
    // cgroups have no files to delete, and those inside go first.
    await runHere('find', [this.#cgroup, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
  }
}
