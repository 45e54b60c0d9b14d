/** Builds the side that looks: eyes, plugins and engine behind the command line. No logic. */

import { readFileSync } from 'node:fs';
import { investigation } from './engine/investigation.ts';
import { Disk } from './eyes/disk.ts';
import { GuestFilesOnDisk } from './eyes/guest-files.ts';
import { openEyes } from './eyes/machine.ts';
import { networks } from './eyes/networks.ts';
import { wordsOf } from './faces/bans-commands.ts';
import { commandLine } from './faces/cli.ts';
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
    watch: { open: async () => (await import('./watch-main.ts')).open, launch: async (asked) => (await import('./watch-main.ts')).launch(asked) },
    guests: (root) => new GuestFilesOnDisk(new Disk(root)),
    doctor: async () => (await import('./doctor-main.ts')).look(),
    explain: {
      open: async (asked) => (await import('./explain-main.ts')).open(asked),
      events: async (directory, file, out) => (await import('./explain-main.ts')).events(directory, file, out),
    },
  },
  wordsOf(process.argv),
);
