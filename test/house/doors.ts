/** The house's rules as one table of data: which room may import which, and who may use Node and npm. */

export interface Room {
  /** Rooms that may be imported; a plugin room never lists itself, so that siblings stay strangers. */
  readonly imports: readonly string[];
  readonly node: boolean;
  /** npm packages by name. */
  readonly npm: readonly string[];
}

const PLUGIN: Room = { imports: ['core'], node: false, npm: [] };

export const ROOMS: Readonly<Record<string, Room>> = {
  core: { imports: ['core'], node: false, npm: [] },
  sources: PLUGIN,
  parsers: PLUGIN,
  detectors: PLUGIN,
  probes: PLUGIN,
  policies: PLUGIN,
  scan: { imports: ['scan'], node: false, npm: [] },
  'scan-access': { imports: ['scan-access'], node: false, npm: [] },
  regex: { imports: ['regex'], node: false, npm: [] },
  guests: { imports: ['core', 'regex', 'guests'], node: false, npm: ['yaml'] },
  engine: { imports: ['core', 'engine', 'guests', 'regex', 'scan', 'scan-access'], node: false, npm: [] },
  eyes: { imports: ['core', 'eyes', 'scan', 'scan-access'], node: true, npm: ['ipaddr.js', 'koffi'] },
  // The only room that changes the machine: root's own, so nothing of npm and nothing that reads logs.
  hand: { imports: ['core', 'hand'], node: true, npm: [] },
  faces: { imports: ['core', 'engine', 'faces', 'guests'], node: true, npm: ['commander'] },
};

/** Wiring at the top of src: what each may import. */
export const WIRING: Readonly<Record<string, Room>> = {
  'registry.ts': { imports: ['core', 'sources', 'parsers', 'detectors', 'probes', 'policies'], node: false, npm: [] },
  'hand-main.ts': { imports: ['core', 'hand'], node: true, npm: [] },
  'main.ts': {
    imports: ['core', 'engine', 'eyes', 'faces', 'doctor-main.ts', 'explain-main.ts', 'registry.ts', 'watch-main.ts'],
    node: true,
    npm: [],
  },
  'watch-main.ts': { imports: ['core', 'engine', 'eyes', 'faces', 'registry.ts'], node: false, npm: [] },
  // Of the hand only what it reads: who is spared is told as the hand itself sees it.
  'doctor-main.ts': { imports: ['core', 'engine', 'eyes', 'faces', 'hand', 'watch-main.ts'], node: true, npm: [] },
  'explain-main.ts': { imports: ['core', 'engine', 'eyes', 'faces', 'registry.ts'], node: false, npm: [] },
};

/** Rooms that know no clock and no chance: a replay must give the same answer every time. */
export const PURE: readonly string[] = [
  'core',
  'sources',
  'parsers',
  'detectors',
  'probes',
  'policies',
  'engine',
  'regex',
  'guests',
  'scan',
  'scan-access',
];

export const LINES_AT_MOST = 250;
/** The dictionary is long on purpose: one place for all nouns is what it is for. */
export const LONG: readonly string[] = ['core/words.ts'];
export const FORBIDDEN_FOLDERS: readonly string[] = ['utils', 'util', 'helpers', 'common', 'types', 'lib', 'misc'];
