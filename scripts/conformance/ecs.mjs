/** Elastic's own log samples: does `tocsin explain` name the same fields with the same values? */

import { runFiles } from '../line-cases.mjs';

export function run(args) {
  return runFiles('ecs', ['ecs-filebeat/lines.jsonl', 'ecs-logstash/lines.jsonl'], args);
}
