/** Builds the side that looks: eyes, plugins and engine behind the command line. No logic. */

import { readFileSync } from 'node:fs';
import { attackIn } from './core/web-attack.ts';
import { filtersOf } from './engine/asked-filters.ts';
import { explainer, listenersOf } from './engine/explain.ts';
import { filterGuest } from './engine/filter-guest.ts';
import { investigation } from './engine/investigation.ts';
import { sigmaGuest } from './engine/sigma-guest.ts';
import { Disk } from './eyes/disk.ts';
import { GuestFilesOnDisk } from './eyes/guest-files.ts';
import { openEyes } from './eyes/machine.ts';
import { namedLines } from './eyes/named-lines.ts';
import { networks } from './eyes/networks.ts';
import { commandLine } from './faces/cli.ts';
import { explainSigma, readRules } from './faces/explain-sigma.ts';
import * as plugins from './registry.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const programs = [...new Set(plugins.parsers.flatMap((parser) => parser.programs))];

process.exitCode = await commandLine(
  {
    version,
    open(asked) {
      const eyes = openEyes({ ...asked, programs });
      const around = networks(eyes.host.addresses);
      const { since, host } = asked;
      const onlyLogs = asked.logs.length > 0;
      return {
        known: { ...eyes, canonical: around.canonical },
        investigate: (subject, tell) => investigation(eyes, plugins, around, { version, subject, since, host, onlyLogs }, tell),
      };
    },
    guests: (root) => new GuestFilesOnDisk(new Disk(root)),
    explain: {
      open({ year, zone, filters, filterDirectory, sigma }) {
        const listeners = listenersOf(plugins.detectors, networks([]));
        const lines = namedLines(year, zone);
        const asked = { names: filters, directory: filterDirectory ?? '/etc/fail2ban', whole: filterDirectory !== null };
        const { definitions, troubles } = filtersOf(new GuestFilesOnDisk(new Disk('')), asked);
        const rules = sigma === null ? [] : [sigmaGuest(readRules(sigma).files)];
        const guests = [filterGuest(definitions, lines.toUtc, Date.now()), ...rules.map((one) => one.guest)];
        const said = [...troubles, ...rules.flatMap((one) => one.troubles)];
        return {
          ...lines,
          explainer: explainer({ parsers: [...plugins.parsers, ...plugins.guessers], listeners, guests, attackIn }),
          troubles: said,
        };
      },
      events: explainSigma,
    },
  },
  process.argv.slice(2),
);
