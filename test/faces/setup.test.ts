/** What `tocsin setup` shows, does, and takes back, on a directory that stands for a machine and with commands that are only noted. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SetupWorld, setup } from '../../src/faces/setup.ts';
import { planOf, UNDO_LIST } from '../../src/faces/setup-plan.ts';
import { mistrust } from '../../src/faces/setup-trust.ts';
import { backsOf, undoIn } from '../../src/faces/setup-undo.ts';

const FOLDER = path.resolve(import.meta.dirname, '../..');
const HAND_UNIT = '/etc/systemd/system/tocsin-hand.service';
const BRAIN_UNIT = '/etc/systemd/system/tocsin.service';
const DEFAULTS = '/etc/default/tocsin';

let root: string;
let told: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-setup-'));
  told = '';
  put('/etc/passwd', 'root:x:0:0::/root:/bin/sh\n');
});
afterEach(() => fs.rmSync(root, { recursive: true }));

function put(file: string, text: string): void {
  fs.mkdirSync(path.dirname(root + file), { recursive: true });
  fs.writeFileSync(root + file, text);
}
const read = (file: string) => fs.readFileSync(root + file, 'utf8');

function world(given: Partial<SetupWorld> = {}): SetupWorld {
  const run = () => {
    throw new Error('no command may be run for another root');
  };
  const tell = (text: string) => {
    told += text;
  };
  return { folder: FOLDER, node: '/usr/bin/node', isRoot: true, hasSystemd: true, mistrust: () => null, run, ask: null, tell, ...given };
}

/** Every file and directory with its text and mode. */
function tree(directory = ''): string[] {
  return fs
    .readdirSync(root + directory, { withFileTypes: true })
    .flatMap((one) => {
      const name = `${directory}/${one.name}`;
      if (one.isDirectory()) return [`${name}/`, ...tree(name)];
      return [`${name} ${(fs.statSync(root + name).mode & 0o7777).toString(8)} ${read(name)}`];
    })
    .sort();
}

describe('setup', () => {
  it('changes nothing when it only shows, when nobody can be asked, and when a person says no', async () => {
    const before = tree();
    expect(await setup({ mode: 'act', root, dryRun: true }, world())).toBe(0);
    await expect(setup({ mode: 'act', root }, world())).rejects.toThrow('nobody can be asked');
    expect(await setup({ mode: 'act', root }, world({ ask: async () => 'n' }))).toBe(2);
    expect(tree()).toEqual(before);
    for (const file of [HAND_UNIT, BRAIN_UNIT, DEFAULTS, UNDO_LIST]) expect(told).toContain(root + file);
  });

  it('writes what it has shown and nothing else, with the real places in it', async () => {
    expect(await setup({ mode: 'observe', root }, world({ ask: async () => 'y' }))).toBe(0);
    expect(read(BRAIN_UNIT)).toContain(`ExecStart="/usr/bin/node" "${FOLDER}/bin/tocsin" watch`);
    expect(read(HAND_UNIT)).toContain(`ExecStart="/usr/bin/node" "${FOLDER}/bin/tocsin-hand" --socket`);
    expect(`${read(BRAIN_UNIT)}${read(HAND_UNIT)}${read(DEFAULTS)}`).not.toMatch(/@[A-Z]+@/);
    expect(read(DEFAULTS)).toMatch(/^MODE=observe$/m);
    expect(fs.statSync(root + UNDO_LIST).mode & 0o777).toBe(0o600);
    const files = tree().filter((one) => !one.endsWith('/'));
    for (const file of files) if (!file.startsWith('/etc/passwd')) expect(told).toContain(root + file.split(' ')[0]);
  });

  it('leads back to the machine as it was first found, also after a second setup', async () => {
    put(DEFAULTS, '# mine\nMODE=observe\nOPTIONS=--log /srv/a.log');
    fs.chmodSync(root + DEFAULTS, 0o640);
    const before = tree();
    expect(await setup({ mode: 'act', root, yes: true }, world())).toBe(0);
    expect(read(DEFAULTS)).toBe('# mine\nMODE=act\nOPTIONS=--log /srv/a.log');
    expect(await setup({ mode: 'observe', root, yes: true }, world())).toBe(0);
    expect(await setup({ mode: 'act', root, undo: true, yes: true }, world())).toBe(0);
    expect(tree()).toEqual(before);
  });

  it('is idempotent: a second run of the same has no file to write', async () => {
    await setup({ mode: 'act', root, yes: true }, world());
    told = '';
    expect(await setup({ mode: 'act', root, dryRun: true }, world())).toBe(0);
    expect(told).toMatch(/^0 files/);
  });

  it('leaves alone at undo what a person has changed since, and says so', async () => {
    await setup({ mode: 'act', root, yes: true }, world());
    fs.appendFileSync(root + BRAIN_UNIT, '# mine\n');
    expect(await setup({ mode: 'act', root, undo: true, yes: true }, world())).toBe(2);
    expect(told).toContain(`${root}${BRAIN_UNIT} was changed since and stays`);
    expect(fs.existsSync(root + HAND_UNIT)).toBe(false);
    expect(read(BRAIN_UNIT)).toContain('# mine');
  });

  it('has nothing to take back where nothing was set up, and says so', async () => {
    expect(await setup({ mode: 'observe', root, undo: true }, world())).toBe(0);
    expect(told).toContain('nothing to take back');
  });

  it('refuses without systemd, without root, with a program that others may write, and through links', async () => {
    const asked = { mode: 'act', yes: true } as const;
    await expect(setup(asked, world({ hasSystemd: false }))).rejects.toMatchObject({ next: expect.stringContaining('tocsin watch --mode act') });
    await expect(setup(asked, world({ mistrust: () => '/opt/node may be written by others than root' }))).rejects.toThrow('/opt/node');
    await expect(setup(asked, world({ isRoot: false }))).rejects.toThrow('only root');
    put('/outside/x', '');
    fs.mkdirSync(`${root}/etc/systemd/system`, { recursive: true });
    fs.symlinkSync('/dev/null', root + BRAIN_UNIT);
    await expect(setup({ ...asked, root }, world())).rejects.toMatchObject({ next: expect.stringContaining('unmask') });
  });

  it('does not follow a directory of the other root out of it', async () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-setup-out-'));
    fs.symlinkSync(elsewhere, `${root}/etc/sysusers.d`);
    await expect(setup({ mode: 'act', root, yes: true }, world())).rejects.toThrow('leads out of');
    expect(fs.readdirSync(elsewhere)).toEqual([]);
    fs.rmSync(elsewhere, { recursive: true });
  });

  it('refuses a damaged list of the way back', async () => {
    put(UNDO_LIST, '{"backs": [{"back": "file", "path": "/etc/../x", "was": null, "wrote": ""}]}');
    await expect(setup({ mode: 'act', root, undo: true, yes: true }, world())).rejects.toThrow('no list of ours');
  });
});

describe('the plan', () => {
  const templates = { hand: '@NODE@ @BIN@', brain: '@NODE@ @BIN@', sysusers: '', defaults: 'MODE=@MODE@\n' };
  const planning = { node: '/usr/bin/node', bin: '/usr/lib/tocsin/bin', templates, before: () => null, hasDirectory: () => true, switchedOn: false };
  const commands = (mode: 'observe' | 'act', more = {}) =>
    planOf({ ...planning, mode, hasAccount: true, ...more }).flatMap((step) => (step.does === 'command' ? [step.words.join(' ')] : []));

  it('starts the part that acts only where it is to act', () => {
    expect(commands('observe').join()).not.toContain('tocsin-hand');
    expect(commands('act')).toEqual([
      'systemctl daemon-reload',
      'systemctl enable tocsin-hand.service',
      'systemctl restart tocsin-hand.service',
      'systemctl enable tocsin.service',
      'systemctl restart tocsin.service',
    ]);
    expect(commands('observe', { switchedOn: true })).toContain('systemctl disable --now tocsin-hand.service');
  });

  it('makes the account only where it is missing, and before the units are started', () => {
    expect(commands('observe', { hasAccount: false })[0]).toBe('systemd-sysusers /etc/sysusers.d/tocsin.conf');
  });

  it('takes services back before their files, and the account after its services', () => {
    const backs = backsOf(planOf({ ...planning, mode: 'act', hasAccount: false, hasDirectory: () => false }), []);
    const words = backs.flatMap((one) => (one.back === 'command' ? [one.words.join(' ')] : []));
    expect(words).toEqual(['systemctl disable --now tocsin.service', 'systemctl disable --now tocsin-hand.service', 'userdel tocsin']);
    const kinds = backs.map((one) => one.back);
    expect(kinds.lastIndexOf('command')).toBeLessThan(kinds.indexOf('file'));
    expect(kinds.lastIndexOf('file')).toBeLessThan(kinds.indexOf('directory'));
  });

  it('does not switch on at undo what the first setup switched on', () => {
    const first = backsOf(planOf({ ...planning, mode: 'act', hasAccount: true }), []);
    const second = backsOf(planOf({ ...planning, mode: 'observe', hasAccount: true, switchedOn: true }), first);
    expect(second.some((one) => one.back === 'command' && one.words.includes('enable'))).toBe(false);
    expect(second.filter((one) => one.back === 'command' && one.words.includes('tocsin-hand.service'))).toHaveLength(1);
  });

  it('carries no path into a unit that systemd would read as more than a path', () => {
    for (const node of ['/opt/a b/node', '/opt/$X/node', '/opt/%h/node', '/opt/"/node', '/opt/\n/node'])
      expect(() => planOf({ ...planning, mode: 'act', hasAccount: true, node })).toThrow('cannot carry');
  });
});

describe('whether root may run a program', () => {
  const facts = (odd: Record<string, { uid?: number; mode?: number }>) => ({
    stat: (file: string) => ({ uid: 0, mode: 0o755, ...odd[file] }),
    names: (file: string) => (file === '/opt/t/dist' ? ['main.js'] : null),
  });
  const said = (odd: Record<string, { uid?: number; mode?: number }>) => mistrust(['/opt/n/bin/node'], ['/opt/t/dist'], facts(odd));

  it('depends on every directory above it and every file in its folders', () => {
    expect(said({})).toBeNull();
    expect(said({ '/opt/n': { uid: 1000 } })).toContain('/opt/n belongs to uid 1000');
    expect(said({ '/opt': { mode: 0o1777 } })).toContain('/opt may be written by others');
    expect(said({ '/opt/t/dist/main.js': { mode: 0o664 } })).toContain('/opt/t/dist/main.js may be written');
  });

  it('is refused where services do not see it', () => {
    expect(mistrust(['/root/.nvm/node'], [], facts({}))).toContain('/root');
    expect(mistrust(['/rooted/node'], [], facts({}))).toBeNull();
  });
});

it('a list of the way back with a path that climbs, or without its words, is none', () => {
  expect(undoIn('{"backs":[{"back":"command","words":["systemctl",1]}]}')).toBeNull();
  expect(undoIn('{"backs":[{"back":"directory","path":"/etc/../../x"}]}')).toBeNull();
  expect(undoIn('{"backs":[{"back":"directory","path":"/etc/tocsin"}]}')).toHaveLength(1);
});
