/** How well Tocsin can see and act on a machine: plain facts, gathered without changing anything, for `tocsin doctor` to judge. */

import type { Millis } from './words.ts';

export interface LogStanding {
  readonly path: string;
  readonly there: boolean;
  readonly sizeBytes: number;
  readonly modifiedAt: Millis;
  /** By the account that will follow it, with its powers; null where that could not be tried. */
  readonly readable: boolean | null;
  /** When its last line says that it was written; null where it says nothing. */
  readonly lastStampAt: Millis | null;
}

/** A base chain of another's table. */
export interface ChainStanding {
  readonly table: string;
  readonly name: string;
  readonly hook: string;
  readonly priority: number;
}

export interface HandStanding {
  readonly answers: boolean;
  /** Where it does not: why, as the end of a sentence. */
  readonly says: string;
  readonly bans: number;
  readonly allows: number;
  readonly stoppedPackets: number;
  readonly answeredMs: number;
}

export interface UnitStanding {
  readonly installed: boolean;
  readonly switchedOn: boolean;
}

export interface Standing {
  readonly now: Millis;
  readonly asRoot: boolean;
  readonly systemd: boolean;
  /** `docker`, `lxc` …, or null. */
  readonly container: string | null;
  readonly kernel: string;
  readonly setpriv: boolean;
  readonly account: boolean;
  /** Powers that nothing on this machine can be given any more, by their kernel names. */
  readonly lostPowers: readonly string[];
  readonly logs: readonly LogStanding[];
  /** Were logs named by a person (in /etc/default/tocsin), so that all of them matter? */
  readonly logsGiven: boolean;
  readonly journal: { readonly program: boolean; readonly kept: 'disk' | 'memory' | null; readonly followed: boolean };
  /** Programs that write log files and run now. */
  readonly loggers: readonly string[];
  readonly nft: { readonly path: string | null; readonly version: string | null; readonly trusted: boolean };
  /** Null where it could not be asked. */
  readonly table: boolean | null;
  readonly chains: readonly ChainStanding[] | null;
  readonly iptablesLegacy: boolean;
  /** Names of other tools that ban, and run now. */
  readonly neighbours: readonly string[];
  /** Names of programs that make firewall rules of their own, and run now. */
  readonly makers: readonly string[];
  /** Files that flush the firewall when they are loaded. */
  readonly flushers: readonly string[];
  readonly hand: HandStanding | null;
  readonly brain: { readonly running: number; readonly acts: boolean };
  readonly units: { readonly hand: UnitStanding; readonly brain: UnitStanding };
  /** What /etc/default/tocsin says; null where it is not there. */
  readonly setMode: string | null;
  readonly neverHarm: { readonly there: boolean; readonly fault: string | null; readonly nets: number; readonly odd: readonly string[] };
  readonly spared: {
    readonly own: readonly string[];
    readonly gateways: readonly string[];
    readonly resolvers: readonly string[];
    readonly sessions: readonly string[];
    /** Where this very session comes from; null where that is not known or it is local. */
    readonly here: string | null;
  };
  /** Null where there is no sshd. */
  readonly sshd: { readonly logLevel: string } | null;
  readonly state: { readonly path: string; readonly freeBytes: number | null; readonly readOnly: boolean };
}

/** One line of the answer. */
export interface DoctorLine {
  readonly topic: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly says: string;
  /** What to do next. */
  readonly next?: string;
}
