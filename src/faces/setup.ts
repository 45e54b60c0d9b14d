/** Has this machine run Tocsin by systemd (`tocsin setup`). It shows all that it will change, writes down the way back, asks, and only then changes anything. */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { UserError } from '../core/errors.ts';
import { counted } from '../core/text.ts';
import { rootOf } from './inputs.ts';
import { apply, Place, type RunCommand, runCommand, takeBack } from './setup-apply.ts';
import { planOf, type Step, SWITCHED_ON, type Templates, UNDO_LIST } from './setup-plan.ts';
import { mistrust } from './setup-trust.ts';
import { asUndoText, type Back, backsOf, undoIn } from './setup-undo.ts';
import { writeAll } from './standard-output.ts';
import type { Mode } from './watch-words.ts';

interface Options {
  readonly mode: Mode;
  readonly dryRun?: boolean;
  readonly undo?: boolean;
  readonly yes?: boolean;
  readonly root?: string;
}

/** What setup goes by on a machine; tests give others. */
export interface SetupWorld {
  /** The folder of the package: `bin` and `systemd` are in it. */
  readonly folder: string;
  readonly node: string;
  readonly isRoot: boolean;
  readonly hasSystemd: boolean;
  readonly mistrust: (files: readonly string[], folders: readonly string[]) => string | null;
  readonly run: RunCommand;
  /** Null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string>) | null;
  readonly tell: (text: string) => void;
}

const EXAMPLES = `
Examples:
  tocsin setup --dry-run           show what would be changed, and change nothing
  tocsin setup                     watch from now on and at each boot, and tell who would be banned
  tocsin setup --mode act          also ban them
  tocsin setup --undo              take all of it back

Exit status: 0 done, or shown; 2 nothing, or not all, was done`;

const DONE = 0;
const FAILED = 2;

export function setupCommand(done: (status: number) => void, world: () => SetupWorld = thisWorld): Command {
  return new Command('setup')
    .description('have this machine run tocsin by systemd; shows what it changes, and can take it back')
    .addOption(new Option('--mode <mode>', 'observe (tell only) or act').choices(['observe', 'act']).default('observe'))
    .option('--dry-run', 'only show what would be changed')
    .option('--undo', 'take back what setup did')
    .option('--yes', 'do not ask')
    .option('--root <dir>', 'write the files below DIR, which stands for a machine, and start nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => done(await setup(options, world())));
}

function thisWorld(): SetupWorld {
  const folder = path.dirname(path.dirname(fs.realpathSync(process.argv[1] ?? '')));
  const asked = createAsker();
  return {
    folder,
    node: fs.realpathSync(process.execPath),
    isRoot: process.getuid?.() === 0,
    hasSystemd: fs.existsSync('/run/systemd/system'),
    mistrust,
    run: runCommand,
    ask: process.stdin.isTTY && process.stdout.isTTY ? asked : null,
    tell: writeAll,
  };
}

function createAsker(): (question: string) => Promise<string> {
  return async (question) => {
    const line = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await line.question(question);
    } finally {
      line.close();
    }
  };
}

export async function setup(options: Options, world: SetupWorld): Promise<number> {
  const place = new Place(rootOf(options.root));
  if (place.root === '' && !world.hasSystemd)
    throw new UserError(
      'this machine does not run systemd, and setup knows no other service manager',
      'Let yours start `tocsin watch --mode act` as root: it gives up what it does not need by itself. Or write the units below another root with --root DIR.',
    );
  const undo = place.before(UNDO_LIST);
  const earlier = undo === null ? [] : undoIn(undo.text);
  if (earlier === null)
    throw new UserError(
      `${place.root}${UNDO_LIST} is no list of ours, or damaged`,
      'Look at it, and move it away; what an earlier setup did is then yours to take back.',
    );
  return options.undo ? takenBack(earlier, options, place, world) : done(earlier, options, place, world);
}

async function done(earlier: readonly Back[], options: Options, place: Place, world: SetupWorld): Promise<number> {
  const bin = path.join(world.folder, 'bin');
  const fault =
    place.root === ''
      ? world.mistrust(
          [world.node],
          [bin, ...['dist', 'node_modules'].map((name) => path.join(world.folder, name))].filter((one) => fs.existsSync(one)),
        )
      : null;
  if (fault !== null)
    throw new UserError(
      `services of root must not be started from here: ${fault}`,
      'Install Node and Tocsin where only root can write, as by a package, or by `npm install --global` of a Node below /usr.',
    );
  const before = (file: string) => place.before(file);
  const { mode } = options;
  const hasAccount = place.hasAccount('tocsin');
  const steps = planOf({
    mode,
    node: seenFrom(place, world.node),
    bin: seenFrom(place, bin),
    templates: templatesIn(world.folder),
    hasAccount,
    before,
    hasDirectory: (file) => place.isDirectory(file),
    switchedOn: place.exists(SWITCHED_ON),
  });
  world.tell(`${told(steps, place).join('\n')}\n`);
  const go = await agreed(options, place, world);
  if (go !== null) return go;
  const backs = backsOf(steps, earlier);
  apply(steps, place, asUndoText(backs, new Date().toISOString()), world.run, (says) => world.tell(`  ${says}\n`));
  const then = place.root === '' ? '`systemctl status tocsin` and `tocsin doctor` tell how it is; ' : '';
  world.tell(`Done. ${then}\`tocsin setup --undo\` takes it back.\n`);
  return DONE;
}

/** Programs that lie below the other root are named as that machine will see them. */
function seenFrom({ root }: Place, file: string): string {
  return root !== '' && file.startsWith(`${root}/`) ? file.slice(root.length) : file;
}

async function takenBack(earlier: readonly Back[], options: Options, place: Place, world: SetupWorld): Promise<number> {
  if (earlier.length === 0) {
    world.tell('There is nothing to take back: no setup was done here.\n');
    return DONE;
  }
  world.tell(`This would be taken back:\n${earlier.flatMap((one) => backLine(one, place)).join('\n')}\n`);
  world.tell(
    'Bans stay in the kernel until their time is over (`nft delete table inet tocsin` lifts them all), and what is below /var/lib/tocsin stays.\n',
  );
  const go = await agreed(options, place, world);
  if (go !== null) return go;
  const whole = takeBack(earlier, place, world.run, (says) => world.tell(`  ${says}\n`));
  world.tell(whole ? 'All is taken back.\n' : 'Not all could be taken back: see above.\n');
  return whole ? DONE : FAILED;
}

/** Null to go on, else how it ends. */
async function agreed({ dryRun, yes }: Options, place: Place, { isRoot, ask, tell }: SetupWorld): Promise<number | null> {
  if (dryRun) {
    tell('Nothing was changed.\n');
    return DONE;
  }
  if (!isRoot && place.root === '') throw new UserError('only root can do this', 'Run it as root, or with --dry-run to see it only.');
  if (yes) return null;
  if (ask === null) throw new UserError('nobody can be asked here, so nothing was changed', 'Add --yes when that is what you want.');
  if (/^y(?:es)?$/i.test((await ask('Do this? [y/N] ')).trim())) return null;
  tell('Nothing was changed.\n');
  return FAILED;
}

function told(steps: readonly Step[], place: Place): string[] {
  const files = steps.filter((step) => step.does === 'file').length;
  const commands = place.root === '' ? steps.filter((step) => step.does === 'command').length : 0;
  return [
    `${counted(files, 'file')} and ${counted(commands, 'command')}; the way back is written to ${place.root}${UNDO_LIST} before:`,
    ...steps.flatMap((step) => stepLine(step, place)),
  ];
}

function stepLine(step: Step, place: Place): string[] {
  if (step.does === 'directory') return [`  make   ${place.root}${step.path}`];
  if (step.does === 'file') return [`  ${step.was === null ? 'write ' : 'change'} ${place.root}${step.path}  (${step.why})`];
  return place.root === '' ? [`  run    ${step.words.join(' ')}  (${step.why})`] : [];
}

function backLine(one: Back, place: Place): string[] {
  if (one.back === 'command') return place.root === '' ? [`  run     ${one.words.join(' ')}`] : [];
  if (one.back === 'directory') return [`  remove  ${place.root}${one.path}, if nothing is in it`];
  return [`  ${one.was === null ? 'remove ' : 'restore'} ${place.root}${one.path}`];
}

function templatesIn(folder: string): Templates {
  const read = (name: string) => fs.readFileSync(path.join(folder, 'systemd', name), 'utf8');
  return {
    hand: read('tocsin-hand.service.in'),
    brain: read('tocsin.service.in'),
    sysusers: read('tocsin.sysusers'),
    defaults: read('tocsin.default'),
  };
}
