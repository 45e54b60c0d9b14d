/** Lets Python itself answer, where it is installed: the judge of what its regular expressions mean. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PYTHON = '/usr/bin/python3';
export const FAIL2BAN = '/usr/lib/python3/dist-packages/fail2ban/tests/files/logs';

export const hasPython = existsSync(PYTHON);
export const hasFail2ban = hasPython && existsSync(FAIL2BAN) && existsSync('/etc/fail2ban/filter.d');

/** Start, end, groups; indices in UTF-16 units as JavaScript counts. Null: no match. */
export type PythonAnswer = readonly (number | string | null)[] | null;

const ANSWER = `
import json, re, sys, warnings
warnings.simplefilter('ignore')
def units(t, i): return len(t[:i].encode('utf-16-le', 'surrogatepass')) // 2
def answer(r, t):
    m = r.search(t)
    return None if m is None else [units(t, m.start()), units(t, m.end()), *m.groups()]
`;

const QUESTIONS = `${ANSWER}
def one(q):
    try: r = re.compile(q[0], q[1])
    except re.error as e: return {'error': e.msg}
    return {'answers': [answer(r, t) for t in q[2]]}
print(json.dumps([one(q) for q in json.load(sys.stdin)]))
`;

const FILTERS = `${ANSWER}
import glob, logging, os
sys.path.insert(0, '/usr/lib/python3/dist-packages')
logging.disable(logging.CRITICAL)
from fail2ban.client.filterreader import FilterReader
from fail2ban.server.failregex import Regex
lines = set()
for name in glob.glob(sys.argv[1] + '/*'):
    if os.path.isfile(name):
        with open(name, encoding='utf-8', errors='replace') as log: lines.update(l.rstrip('\\n') for l in log if l.strip() and not l.startswith('#'))
lines = sorted(lines) + sorted(l + '\\n' for l in lines)
found = {}
for path in sorted(glob.glob('/etc/fail2ban/filter.d/*.conf')):
    name = os.path.basename(path)[:-5]
    if name.endswith('common'): continue
    for options in ({}, {'mode': 'aggressive'}, {'logtype': 'short'}, {'logtype': 'journal'}, {'logtype': 'rfc5424'}):
        try:
            reader = FilterReader(name, 'jail', options, basedir='/etc/fail2ban')
            reader.read(); reader.getOptions({}); orders = list(reader.convert())
        except Exception: continue
        multi = any(o[2] == 'maxlines' and int(o[3]) > 1 for o in orders)
        for o in orders:
            if o[2] not in ('addfailregex', 'addignoreregex', 'prefregex'): continue
            for source in (o[3] if o[0] == 'multi-set' else [o[3]]):
                try: r = Regex(source, multiline=multi)
                except Exception: continue
                found[(r.getRegex(), multi)] = r._regexObj
out = []
for (source, multi), r in found.items():
    hits = {i: answer(r, t) for i, t in enumerate(lines) if r.search(t)}
    out.append({'source': source, 'multiline': multi, 'hits': hits})
print(json.dumps({'lines': lines, 'patterns': out}))
`;

export interface Question {
  readonly source: string;
  /** Python's numbers: 2 ignore case, 8 multiline, 16 dot takes all. */
  readonly flags: number;
  readonly texts: readonly string[];
}

export type Reply = { readonly error: string } | { readonly answers: readonly PythonAnswer[] };

function run(script: string, argument: string, input: string): unknown {
  return JSON.parse(execFileSync(PYTHON, ['-c', script, argument], { input, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024, timeout: 120_000 }));
}

export function askPython(questions: readonly Question[]): readonly Reply[] {
  // the script above prints one reply for each question
  return run(QUESTIONS, '', JSON.stringify(questions.map((q) => [q.source, q.flags, q.texts]))) as readonly Reply[];
}

export interface Expanded {
  readonly lines: readonly string[];
  readonly patterns: readonly { readonly source: string; readonly multiline: boolean; readonly hits: Readonly<Record<string, PythonAnswer>> }[];
}

let expanded: Expanded | null = null;

/** All regexes of the installed fail2ban's filters, expanded by fail2ban itself, over all its sample lines. */
export function askFail2ban(): Expanded {
  // the script above prints this shape
  expanded ??= run(FILTERS, FAIL2BAN, '') as Expanded;
  return expanded;
}
