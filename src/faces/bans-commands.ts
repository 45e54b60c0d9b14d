/** The words for bans on the command line; what stands behind each is loaded when it is used. */

import * as path from 'node:path';
import { Command, Option } from 'commander';
import type { Sorting } from './bans-list.ts';
import { colours } from './colours.ts';
import { writeAll } from './standard-output.ts';

const STATE = '/var/lib/tocsin/hand';
/** The program is called so where a link of this name leads to it. */
const FAIL2BAN = 'fail2ban-client';

const DOOR = `
It speaks to the hand that runs (as under tocsin watch --mode act); without one, root's call has a hand of its own, which puts what its
ledger says into the kernel, carries out the order and ends: bans stay. The hand decides who must be spared, and says so.
Exit status: 0 done, 1 an order was refused or failed (with the hand's sentence), 2 the job could not be done`;

interface Common {
  readonly hand?: string;
  readonly state: string;
  readonly json?: boolean;
  readonly color?: boolean;
}

const streams = { out: (text: string) => writeAll(text), err: (text: string) => writeAll(text, 2) };

/** `done` hears the exit status. */
export function bansCommands(version: string, done: (status: number) => void): Command[] {
  return [
    banCommand(done),
    unbanCommand(done),
    bansCommand(done),
    allowCommand(done),
    whyCommand(done),
    statusCommand(done),
    fail2banCommand(version),
  ];
}

function command(name: string, description: string, examples: string): Command {
  return new Command(name)
    .description(description)
    .option('--hand <socket>', 'the socket of the tocsin-hand to speak to')
    .option('--state <dir>', 'where the hand of root’s own call keeps its ledger', STATE)
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExamples:\n${examples}\n${DOOR}`);
}

function banCommand(done: (status: number) => void): Command {
  const examples = `  tocsin ban 203.0.113.9
  tocsin ban 203.0.113.0/24 2001:db8:7::/48 --for 3d --because 'guesses mail passwords'
  tocsin ban - --for ever < list.txt`;
  return command('ban', 'shut out addresses and networks', examples)
    .argument('<net...>', 'addresses and networks; "-" reads them from standard input, one a line')
    .option('--for <span>', 'for how long: 90m, 12h, 3d, 2w, ever', '1d')
    .option('--because <text>', 'the reason, which tocsin bans and tocsin why tell')
    .option('--wide', 'also networks wider than IPv4 /24 and IPv6 /48')
    .action(async (nets: string[], options: Common & { for: string }) => done(await (await import('./bans-ban.ts')).ban(nets, options, streams)));
}

function unbanCommand(done: (status: number) => void): Command {
  const examples = `  tocsin unban 203.0.113.9
  tocsin unban --all`;
  return command('unban', 'let addresses and networks in again', examples)
    .argument('[net...]', 'addresses and networks; "-" reads them from standard input')
    .option('--all', 'everybody')
    .option('--because <text>', 'the reason')
    .action(async (nets: string[], options: Common) => done(await (await import('./bans-unban.ts')).unban(nets, options, streams)));
}

function bansCommand(done: (status: number) => void): Command {
  const examples = `  tocsin bans                     who is shut out, newest first
  tocsin bans 203.0.113.9         by what an address is shut out
  tocsin bans mail --sort packets
  tocsin bans --json | jq -r '.bans[].net'`;
  return command('bans', 'list who is shut out, why, for how long, and what that stopped', examples)
    .argument('[word]', 'only bans that touch this address or network, or have this word in reason or decision')
    .addOption(
      new Option('--sort <by>', 'net, since (newest), left (shortest) or packets (most)')
        .choices(['net', 'since', 'left', 'packets'])
        .default('since'),
    )
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .action(async (word: string | undefined, options: Common & { sort: Sorting }) =>
      done(await (await import('./bans-list.ts')).bans(word, options, sheetOf(options))),
    );
}

function allowCommand(done: (status: number) => void): Command {
  const examples = `  tocsin allow                    who is allowed
  tocsin allow 198.51.100.0/24 --because 'our office'
  tocsin allow --remove 198.51.100.0/24`;
  return command('allow', 'let addresses and networks in whatever is banned', examples)
    .argument('[net...]', 'addresses and networks; "-" reads them from standard input')
    .option('--for <span>', 'for how long: 90m, 12h, 3d, 2w, ever', 'ever')
    .option('--because <text>', 'the reason')
    .option('--remove', 'take them from the list')
    .action(async (nets: string[], options: Common & { for: string }) => done(await (await import('./bans-allow.ts')).allow(nets, options, streams)));
}

function whyCommand(done: (status: number) => void): Command {
  const examples = `  tocsin why 203.0.113.9          is it shut out, why, and if not, may it be?`;
  return command('why', 'tell whether and why an address is shut out, or would not be', examples)
    .argument('<net>', 'an address or a network')
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .action(async (net: string, options: Common) => done(await (await import('./bans-why.ts')).why(net, options, sheetOf(options))));
}

function statusCommand(done: (status: number) => void): Command {
  const examples = `  tocsin status || mail -s 'tocsin does not act' root < /dev/null`;
  return command('status', 'tell whether somebody looks, whether a hand answers, and what stands in the kernel', examples)
    .option('--color', 'colours also where the output is no terminal')
    .option('--no-color', 'no colours')
    .action(async (options: Common) => done(await (await import('./bans-status.ts')).status(options, sheetOf(options))));
}

/** For the list of commands; its words are fail2ban's, so they are not read here (`asFail2ban`). */
function fail2banCommand(version: string): Command {
  return new Command(FAIL2BAN)
    .description('the words that scripts give to fail2ban-client: status, banned, set JAIL banip, unban, …')
    .version(version)
    .argument('[words...]')
    .allowUnknownOption();
}

/** Null where it was not called by that name or word; else the exit status. */
export async function asFail2ban(words: readonly string[], version: string): Promise<number | null> {
  if (words[0] !== FAIL2BAN) return null;
  return (await import('./bans-fail2ban-call.ts')).called(words.slice(1), version, streams);
}

/** Words as if it had been called by its own name. */
export function wordsOf(argv: readonly string[]): string[] {
  const linked = path.basename(argv[1] ?? '') === FAIL2BAN;
  return linked ? [FAIL2BAN, ...argv.slice(2)] : argv.slice(2);
}

function sheetOf({ color }: Common) {
  const terminal = process.stdout.isTTY === true;
  const paint = colours(color ?? (terminal && process.env['NO_COLOR'] === undefined));
  return { ...streams, paint, width: terminal ? (process.stdout.columns ?? null) : null };
}
