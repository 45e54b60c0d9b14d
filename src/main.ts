/** Builds the side that looks: eyes, plugins and engine behind the command line. No logic. */

import { readFileSync } from 'node:fs';
import { investigation } from './engine/investigation.ts';
import { openEyes } from './eyes/machine.ts';
import { networks } from './eyes/networks.ts';
import { commandLine } from './faces/cli.ts';
import { detectors, parsers, policies, probes, sources } from './registry.ts';
