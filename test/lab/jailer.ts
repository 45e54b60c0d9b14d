/** A real fail2ban server with files, socket and log of its own in a temporary directory: its bans go into a text file and nowhere else. */

import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pause } from './host.ts';

const SERVER = '/usr/bin/fail2ban-server';
const STOCK = '/etc/fail2ban';
const READY_MS = 15_000;
const LOOK_MS = 50;
/** Named like one that bans, so that both take it for one. `<matches>` comes through the environment: lines of strangers are no shell. */
const ACTION = `[Definition]
actionban = printf '%%s\\n' "<time> <failures> <ip>" "<matches>" "=" >> <folder>/<name>.bans
[Init]
folder = DIRECTORY
`;

export interface RealBan {
  readonly jail: string;
  readonly ip: string;
  /** Seconds. */
  readonly at: number;
  readonly failures: number;
  /** The last of its lines. */
  readonly line: string;
}

/** Why there is none here, or null. */
export function noFail2ban(): string | null {
  if (!fs.existsSync(SERVER)) return `${SERVER} is not there`;
  return fs.existsSync(`${STOCK}/filter.d`) ? null : `${STOCK}/filter.d is not there`;
}

export class Jailer {
  readonly directory: string;
  readonly logs: string;
  #server: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();

  private constructor(directory: string) {
    this.directory = directory;
    this.logs = path.join(directory, 'logs');
  }

  /** `jails` = a jail.conf in which `LOGS` stands for the directory of the logs, with stock filters; `files` are made empty. */
  static async start(jails: string, files: readonly string[]): Promise<Jailer> {
    const jailer = new Jailer(fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-jailer-')));
    const { directory, logs } = jailer;
    for (const name of ['logs', 'action.d', 'bans']) fs.mkdirSync(path.join(directory, name));
    for (const name of files) fs.writeFileSync(path.join(logs, name), '');
    fs.symlinkSync(`${STOCK}/filter.d`, path.join(directory, 'filter.d'));
    fs.writeFileSync(path.join(directory, 'action.d', 'nftables-paper.conf'), ACTION.replace('DIRECTORY', path.join(directory, 'bans')));
    fs.writeFileSync(path.join(directory, 'jail.conf'), jails.replaceAll('LOGS', logs));
    fs.writeFileSync(path.join(directory, 'fail2ban.conf'), '[Definition]\ndbfile = :memory:\nsyslogsocket = none\nloglevel = INFO\n');
    try {
      await jailer.#start();
    } catch (error) {
      await jailer.stop();
      throw error;
    }
    return jailer;
  }

  append(name: string, text: string): void {
    fs.appendFileSync(path.join(this.logs, name), text);
  }

  /** What it says itself. */
  told(): string {
    return fs.readFileSync(path.join(this.directory, 'server.log'), 'utf8');
  }

  bans(): RealBan[] {
    const folder = path.join(this.directory, 'bans');
    return fs.readdirSync(folder).flatMap((name) =>
      fs
        .readFileSync(path.join(folder, name), 'utf8')
        .split('\n=\n')
        .filter((part) => part !== '')
        .map((part): RealBan => {
          const [head = '', ...lines] = part.split('\n');
          const [at, failures, ip = ''] = head.split(' ');
          return { jail: name.replace(/\.bans$/, ''), ip, at: Math.floor(Number(at)), failures: Number(failures), line: lines.at(-1) ?? '' };
        }),
    );
  }

  async stop(): Promise<void> {
    this.#server?.kill('SIGTERM');
    await this.#ended;
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const at = (name: string) => path.join(this.directory, name);
    const words = ['-f', '-x', '-c', this.directory, '-s', at('socket'), '-p', at('pid'), '--logtarget', at('server.log'), 'start'];
    const server = spawn(SERVER, words, { stdio: 'ignore', env: { PATH: '/usr/bin:/bin', TZ: 'UTC', LANG: 'C.UTF-8' } });
    this.#server = server;
    this.#ended = new Promise((resolve) => server.on('exit', () => resolve()));
    const began = performance.now();
    while (!fs.existsSync(at('server.log')) || !this.told().includes('Jail ') || !this.#allStarted()) {
      if (server.exitCode !== null || performance.now() - began > READY_MS)
        throw new Error(`fail2ban did not start: ${fs.existsSync(at('server.log')) ? this.told() : ''}`);
      await pause(LOOK_MS);
    }
    // Its first look at the empty logs is done: from here on lines are new ones.
    await pause(1_500);
  }

  #allStarted(): boolean {
    const wanted = (fs.readFileSync(path.join(this.directory, 'jail.conf'), 'utf8').match(/^enabled = true$/gm) ?? []).length;
    return (this.told().match(/Jail '[^']+' started/g) ?? []).length >= wanted;
  }
}
