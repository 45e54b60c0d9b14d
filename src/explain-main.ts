/** Builds what stands behind `tocsin explain`: parsers, guests and detectors to ask. Loaded only when it is wanted. No logic. */

import { attackIn } from './core/web-attack.ts';
import { filtersOf } from './engine/asked-filters.ts';
import { explainer, listenersOf } from './engine/explain.ts';
import { filterGuest } from './engine/filter-guest.ts';
import { sigmaGuest } from './engine/sigma-guest.ts';
import { Disk } from './eyes/disk.ts';
import { GuestFilesOnDisk } from './eyes/guest-files.ts';
import { namedLines } from './eyes/named-lines.ts';
import { networks } from './eyes/networks.ts';
import type { ExplainAsked, ExplainRoom } from './faces/explain.ts';
import { explainSigma, readRules } from './faces/explain-sigma.ts';
import * as plugins from './registry.ts';

export const events = explainSigma;

export function open({ year, zone, filters, filterDirectory, sigma }: ExplainAsked): ExplainRoom {
  const listeners = listenersOf(plugins.detectors, networks([]));
  const lines = namedLines(year, zone);
  const asked = { names: filters, directory: filterDirectory ?? '/etc/fail2ban', whole: filterDirectory !== null };
  const { definitions, troubles } = filtersOf(new GuestFilesOnDisk(new Disk('')), asked);
  const rules = sigma === null ? [] : [sigmaGuest(readRules(sigma).files)];
  const guests = [filterGuest(definitions, lines.toUtc, Date.now()), ...rules.map((one) => one.guest)];
  const said = [...troubles, ...rules.flatMap((one) => one.troubles)];
  const parsers = [...plugins.parsers, ...plugins.guessers];
  return { ...lines, explainer: explainer({ parsers, listeners, guests, attackIn }), troubles: said };
}
