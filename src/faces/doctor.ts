/** Tells (`tocsin doctor`) what is seen on this machine, what is not, whether bans would hold, and what to do about the rest. It changes nothing. */

import { Command } from 'commander';
import type { DoctorLine, HandStanding } from '../core/standing.ts';
import { counted } from '../core/text.ts';
import { type Colours, colours } from './colours.ts';
import { flow } from './flow.ts';
import { AWAY, HandLine } from './hand-line.ts';
import { writeAll } from './standard-output.ts';

export type LookDoctor = () => Promise<readonly DoctorLine[]>;

interface Options {
  readonly json?: boolean;
  readonly color?: boolean;
}

const EXAMPLES = `
Examples:
  tocsin doctor                    what is seen, what not, and what to do about it
  tocsin doctor --json | jq '.checks[] | select(.state != "ok")'

Run it as root: others can neither ask the firewall nor try who may read a log.
Exit status: 0 all is well, 1 warnings, 2 faults`;

const STATUS = { ok: 0, warning: 1, fault: 2 } as const;
const TOPIC_WIDTH = 11;
const INDENT = TOPIC_WIDTH + 11;
const WIDTH = 120;
/** A hand that lists 100,000 bans needs two seconds. */
const ANSWER_MS = 20_000;
const AWAY_MS = 2_000;
const NOTHING = { bans: 0, allows: 0, stoppedPackets: 0, answeredMs: 0 };

export function doctorCommand(look: LookDoctor, done: (status: number) => void): Command {
  return new Command('doctor')
    .description('tell what is seen on this machine and what is not, whether bans would hold, and what to do about it')
    .option('--json', 'print one JSON object')
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const lines = await look();
      const paint = colours(options.color ?? (process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined));
      writeAll(options.json ? asJson(lines) : asText(lines, paint, Math.min(process.stdout.columns ?? WIDTH, WIDTH)));
      done(statusOf(lines));
    });
}

export function statusOf(lines: readonly DoctorLine[]): number {
  return Math.max(0, ...lines.map(({ state }) => STATUS[state]));
}

export function asJson(lines: readonly DoctorLine[]): string {
  const state = (['ok', 'warning', 'fault'] as const)[statusOf(lines)];
  return `${JSON.stringify({ state, checks: lines }, null, 2)}\n`;
}

export function asText(lines: readonly DoctorLine[], paint: Colours, width: number): string {
  const colour = { ok: paint.green, warning: paint.yellow, fault: paint.red };
  const told = lines.flatMap(({ topic, state, says, next }) => {
    const head = [{ text: `${topic.padEnd(TOPIC_WIDTH)} ` }, { text: `${state.padEnd(8)} `, paint: colour[state] }];
    // What is well may have a hint; it must not look like something to be done.
    const then = next === undefined ? [] : [{ text: state === 'ok' ? `(${next})` : `→ ${next}`, paint: state === 'ok' ? paint.dim : paint.bold }];
    return flow(head, [{ text: says }, ...then], width, INDENT - 1);
  });
  const count = (state: DoctorLine['state']) => lines.filter((line) => line.state === state).length;
  const all = statusOf(lines) === 0 ? 'All is well.' : `${counted(count('fault'), 'fault')}, ${counted(count('warning'), 'warning')}.`;
  return `${[...told, '', all].join('\n')}\n`;
}

/** Asks the hand what it holds, and how long it takes to say so: the first that answers, as a killed one leaves its socket. Null where there is none. */
export async function askHand(sockets: readonly string[], waitMs = { answer: ANSWER_MS, away: AWAY_MS }): Promise<HandStanding | null> {
  let last: HandStanding | null = null;
  for (const socket of sockets) {
    last = await askOne(socket, waitMs);
    if (last.answers) break;
  }
  return last;
}

async function askOne(socket: string, waitMs: { readonly answer: number; readonly away: number }): Promise<HandStanding> {
  const from = performance.now();
  const timers: NodeJS.Timeout[] = [];
  let away: (says: string) => void = () => {};
  const silence = new Promise<string>((resolve) => {
    away = resolve;
    timers.push(setTimeout(() => resolve(`no answer within ${Math.round(waitMs.answer / 1000)} s`), waitMs.answer));
  });
  // It hangs up on those who are too many at once; whoever comes again a little later is heard.
  const gone = (says: string) => {
    if (says.startsWith(AWAY)) timers.push(setTimeout(() => away('it takes no connection from this account'), waitMs.away));
  };
  const line = new HandLine(socket, gone);
  try {
    const said = await Promise.race([silence, line.order([{ verb: 'ping' }, { verb: 'list' }])]);
    if (typeof said === 'string') return { ...NOTHING, answers: false, says: said };
    const [ping, list] = said;
    if (ping?.state !== 'done') return { ...NOTHING, answers: false, says: ping?.says ?? 'it says nothing that is understood' };
    const { bans = [], allows = [] } = list ?? {};
    const stoppedPackets = bans.reduce((sum, { packets }) => sum + packets, 0);
    return { answers: true, says: '', bans: bans.length, allows: allows.length, stoppedPackets, answeredMs: performance.now() - from };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    line.close();
  }
}
