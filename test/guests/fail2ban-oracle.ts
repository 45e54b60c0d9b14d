/** fail2ban's own Python readers, where its package is installed: what they make of a configuration, as JSON to compare with. */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { VALUE_CHARACTERS_AT_MOST } from '../../src/guests/fail2ban/files.ts';

const PYTHON = '/usr/bin/python3';
/** Another release by its source tree, with `fail2ban/` and `config/` in it; else Debian's package. */
const RELEASE = process.env['TOCSIN_FAIL2BAN'];
const PACKAGE = RELEASE ?? '/usr/lib/python3/dist-packages';
export const CONFIGURATION = RELEASE && fs.existsSync(`${RELEASE}/config/filter.d`) ? `${RELEASE}/config` : '/etc/fail2ban';
export const SAMPLES = `${PACKAGE}/fail2ban/tests/files/logs`;

/** Why nothing can be compared here, or null. */
export function absent(configuration = CONFIGURATION): string | null {
  if (!fs.existsSync(PYTHON)) return `${PYTHON} is not there`;
  if (!fs.existsSync(`${PACKAGE}/fail2ban/client/filterreader.py`)) return 'the package fail2ban is not installed';
  return fs.existsSync(`${configuration}/filter.d`) ? null : `${configuration} is not there`;
}

export type Asked = { readonly base?: string; readonly filter: string; readonly options: Readonly<Record<string, string>> };
export type Commands = readonly (readonly (string | readonly string[])[])[];
export type Answer = { readonly stream: Commands } | { readonly error: string };

const START = `
import sys, json, logging, resource, warnings
# Values that hold each other grow without end: then it is told, and does not take the machine's memory.
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
warnings.simplefilter('ignore')
sys.path.insert(0, ${JSON.stringify(PACKAGE)})
logging.disable(logging.CRITICAL)
base, asked = sys.argv[1], json.load(sys.stdin)
def longest(stream):
    return max([len(stream)] if isinstance(stream, str) else [longest(one) for one in stream] if isinstance(stream, list) else [0], default=0)
def bounded(stream):
    if longest(stream) > ${VALUE_CHARACTERS_AT_MOST}:
        raise ValueError('values that hold each other grow without end, which Tocsin refuses')
    return stream
`;

const FILTERS = `${START}
from fail2ban.client.filterreader import FilterReader
out = []
for one in asked:
    reader = FilterReader(one['filter'], 'jail', dict(one['options']), basedir=one.get('base', base), share_config={})
    try:
        reader.read()
        reader.getOptions({})
        out.append({'stream': bounded(reader.convert())})
    except Exception as fault:
        out.append({'error': repr(fault)})
json.dump(out, sys.stdout)
`;

const JAILS = `${START}
from fail2ban.client.configreader import ConfigReader
from fail2ban.client.jailreader import JailReader
JailReader._glob = staticmethod(lambda path: [path])
def jails(base):
    out = []
    first = JailReader('DEFAULT', basedir=base, share_config={})
    try:
        ConfigReader.read(first, 'jail')
    except Exception as fault:
        return [{'name': '', 'error': repr(fault)}]
    for name in [name for name in first.sections() if name != 'INCLUDES']:
        reader = JailReader(name, force_enable=True, basedir=base, share_config={})
        try:
            reader.read()
            reader.getOptions()
            out.append({'name': name, 'stream': bounded(reader.convert(allow_no_files=True)), 'enabled': bool(reader.options.get('enabled', False))})
        except Exception as fault:
            out.append({'name': name, 'error': repr(fault)})
    return out
json.dump([jails(base) for base in asked], sys.stdout)
`;

const WORDS = `${START}
from fail2ban.helpers import extractOptions, splitWithOptions
from fail2ban.server.mytime import MyTime
def tried(what, text):
    try:
        return what(text)
    except Exception:
        return None
json.dump({'calls': [[tried(extractOptions, text), splitWithOptions(text)] for text in asked['calls']],
           'spans': [one if isinstance(one, (int, float)) else None for one in (tried(MyTime.str2seconds, text) for text in asked['spans'])]}, sys.stdout)
`;

function ask(script: string, configuration: string, asked: unknown): string {
  const options = { input: JSON.stringify(asked), maxBuffer: 1 << 28, encoding: 'utf8' } as const;
  return execFileSync(PYTHON, ['-c', script, configuration], options);
}

export function filtersAsPython(configuration: string, asked: readonly Asked[]): readonly Answer[] {
  return JSON.parse(ask(FILTERS, configuration, asked));
}

export type JailAnswer = Answer & { readonly name: string; readonly enabled?: boolean };

/** The jails of each configuration. */
export function jailsAsPython(configurations: readonly string[]): readonly (readonly JailAnswer[])[] {
  return JSON.parse(ask(JAILS, '', configurations));
}

export interface WordsAnswer {
  readonly calls: readonly (readonly [readonly [string, Readonly<Record<string, string>>] | null, readonly string[]])[];
  readonly spans: readonly (number | null)[];
}

export function wordsAsPython(calls: readonly string[], spans: readonly string[]): WordsAnswer {
  return JSON.parse(ask(WORDS, '', { calls, spans }));
}

/** Option sets that occur in the annotated samples of a filter. */
export function sampleOptions(filter: string): Readonly<Record<string, string>>[] {
  const file = `${SAMPLES}/${filter}`;
  if (!fs.existsSync(file)) return [];
  const sets: Readonly<Record<string, string>>[] = [];
  for (const [, json = ''] of fs.readFileSync(file, 'utf8').matchAll(/^#.*(?:filter|file)Options: ?(.+)$/gm)) {
    const found: Readonly<Record<string, string>> | readonly Readonly<Record<string, string>>[] = JSON.parse(json);
    for (const one of Array.isArray(found) ? found : [found])
      sets.push(Object.fromEntries(Object.entries(one).filter(([key]) => !key.startsWith('test.'))) as Record<string, string>);
  }
  return sets;
}
