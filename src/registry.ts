/** The guest list: every plugin, by family. Adding one adds its two lines here and nowhere else. */

import type { Detector, Parser, Policy, Probe, Source } from './core/contracts.ts';

export const sources: readonly Source[] = [];

export const parsers: readonly Parser[] = [];

export const detectors: readonly Detector[] = [];

export const probes: readonly Probe[] = [];

export const policies: readonly Policy[] = [];
