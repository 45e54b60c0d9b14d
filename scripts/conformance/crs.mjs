/** Requests of a web application firewall's own tests as lines of an access log: does `tocsin explain` call the attacks attacks, and the near misses not? */

import { runFiles } from '../line-cases.mjs';

export function run(args) {
  return runFiles('crs', ['crs/requests.jsonl'], args);
}
