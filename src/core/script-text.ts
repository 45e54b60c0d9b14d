/** What a script's text says about what it will do next: whether it goes round, and which odd places it names. Nothing is run. */

import { oddPlace, sharedPlace } from './places.ts';
import type { ProcessSeen, ScriptSays } from './words.ts';

const NAMES_AT_MOST = 20;
const PATHS_LOOKED_AT = 500;
/** A loop's keyword where a command may stand: at the start of a line, or after what separates or opens commands. */
const LOOP = /(?:^|[;&|({`]|\b(?:do|then|else))[ \t]{0,40}(?:while|until|for)\b(?![-=.])/m;
/** Perl's and Ruby's `sleep 1 while 1`, and `loop do`. */
const ENDLESS = /\bwhile[ \t]{0,4}\(?[ \t]{0,4}(?:1|true)\b|^[ \t]{0,40}loop[ \t]{0,4}(?:do\b|\{)/m;
const PATH = /\/[^\s'"`;|&<>()$*?]{1,300}/g;

export function loops(text: string): boolean {
  const code = withoutComments(text);
  return LOOP.test(code) || ENDLESS.test(code);
}

export function scriptSays(text: string, gone: boolean): ScriptSays {
  const names = new Set<string>();
  let looked = 0;
  for (const [path] of withoutComments(text).matchAll(PATH)) {
    looked += 1;
    if (looked > PATHS_LOOKED_AT || names.size >= NAMES_AT_MOST) break;
    if (!sharedPlace(path) && oddPlace(path) !== null) names.add(path);
  }
  return { loops: loops(text), names: [...names], gone };
}

/** Program text on the command line of an interpreter: `sh -c TEXT`, `perl -e TEXT`; null where there is none. */
export function inlineText(process: Pick<ProcessSeen, 'argv' | 'script'>): string | null {
  if (process.script !== null) return null;
  const at = process.argv.findIndex((word, index) => index > 0 && /^-[a-zA-Z]{0,8}[ceEr]$|^--eval$/.test(word));
  return at < 0 ? null : (process.argv[at + 1] ?? null);
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]{0,100}#.*$/gm, '');
}
