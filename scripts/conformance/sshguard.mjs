/** The attack lines of sshguard's parser tests: does `tocsin explain` say the same of each? */

import { runFiles } from '../line-cases.mjs';

export function run(args) {
  return runFiles('sshguard', ['sshguard/lines.jsonl'], args);
}
