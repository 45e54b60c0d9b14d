/** The lines of CrowdSec's parser tests: does `tocsin explain` say the same of each? */

import { runFiles } from '../line-cases.mjs';

export function run(args) {
  return runFiles('crowdsec', ['crowdsec-hub/parser-lines.jsonl'], args);
}
