/** Reads the kernel's lines that matter in an incident: connection tracking full, crashes, network cards that listen to all, memory gone. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import type { EventDraft, Line } from '../core/words.ts';

/** As much of a crash's line as is kept. */
const DETAIL_CHARS = 300;

/** Uptime stamp (`[12345.678901] `) and printk caller (`[ T1234] `) that some logs keep in front of the message. */
const STAMP = /^(?:\[ {0,12}[\dTC][\d.]{0,24}\] {0,2}){1,2}/;

/** TASK_COMM_LEN is 16: a program's name is at most 15 bytes, and may hold blanks, brackets and colons. */
function crashed(program: string, pid: string | undefined, detail: string): EventDraft {
  return { kind: 'kernel.segfault', fields: { program, pid: Number(pid), detail: detail.slice(0, DETAIL_CHARS) } };
}

function listening(device: string, on: boolean): EventDraft {
  return { kind: 'kernel.promiscuous', fields: { device, on } };
}

function killed(program: string, pid: string | undefined, uid: string | undefined): EventDraft {
  return { kind: 'kernel.oom', fields: { program, pid: Number(pid), uid: uid === undefined ? null : Number(uid) } };
}

export const patterns: readonly Pattern[] = [
  {
    name: 'conntrack-full',
    begins: ['nf_conntrack: ', 'ip_conntrack: '],
    read(message, at) {
      const full = /^(?:nf_conntrack: )?table full, dropping packet\.?$/.test(message.slice(at, at + 80));
      return full ? { kind: 'kernel.conntrack-full', fields: { times: 1 } } : null;
    },
  },
  {
    name: 'oom-kill',
    // One kill, one line: `oom-kill:constraint=…` and `Kill process … or sacrifice child` go before it.
    begins: ['Out of memory: Killed process ', 'Memory cgroup out of memory: Killed process ', 'Killed process '],
    read(message, at) {
      const found = /^(\d{1,10}) \((.{0,15})\)/s.exec(message.slice(at, at + 80));
      const uid = /, UID[: ](\d{1,10})[ ,]/.exec(message.slice(at, at + 400))?.[1];
      return found ? killed(found[2] ?? '', found[1], uid) : null;
    },
  },
  {
    name: 'device-promiscuous',
    begins: ['device '],
    read(message, at) {
      const found = /^(\S{1,15}) (entered|left) promiscuous mode$/.exec(message.slice(at, at + 60));
      return found ? listening(found[1] ?? '', found[2] === 'entered') : null;
    },
  },
  {
    name: 'promiscuous',
    begins: [''],
    read(message) {
      const found = /(?:^| )(\S{1,15}): (entered|left) promiscuous mode$/.exec(message.slice(-120));
      return found ? listening(found[1] ?? '', found[2] === 'entered') : null;
    },
  },
  {
    name: 'trap',
    begins: ['traps: '],
    read(message, at) {
      const found = /^(.{1,15})\[(\d{1,10})\] ((?:general protection|trap ).{0,400})$/s.exec(message.slice(at, at + 450));
      return found ? crashed(found[1] ?? '', found[2], found[3] ?? '') : null;
    },
  },
  {
    name: 'segfault',
    begins: [''],
    read(message) {
      const found = /^(.{1,15})\[(\d{1,10})\]:? (segfault at [\da-f]{1,16} [\s\S]{0,400})/s.exec(message.slice(0, 450));
      return found ? crashed(found[1] ?? '', found[2], found[3] ?? '') : null;
    },
  },
];

function withoutStamp(line: Line): Line {
  const stamp = line.message.startsWith('[') ? STAMP.exec(line.message.slice(0, 80)) : null;
  return stamp ? { ...line, message: line.message.slice(stamp[0].length) } : line;
}

export const kernel: Parser = {
  name: 'kernel',
  about: "Reads the kernel's lines about full connection tracking, crashes, promiscuous mode and memory running out.",
  cannotSee: 'How many equal lines the kernel left out (`callbacks suppressed` does not say of what), and crashes that a program catches itself.',
  programs: ['kernel'],
  needles: ['table full, dropping packet', 'promiscuous mode', 'segfault at ', 'traps: ', 'Killed process '],
  parse: firstOf(patterns, [], withoutStamp),
};
