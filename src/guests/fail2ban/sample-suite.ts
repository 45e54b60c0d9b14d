/** Tries filters on annotated sample logs, as fail2ban's own tests do: each sample says what must come of it, and each failregex needs a sample. */

import { canonicalAddress } from './address.ts';
import { civil } from './calendar.ts';
import type { FilterDefinition, RegexLine } from './definition.ts';
import type { FilterHit, RunningFilter } from './hit.ts';
import { openFilter } from './running-filter.ts';
import { type Expected, holdsThat, readSamples, type Sample, type SampleOptions } from './sample-file.ts';

/** 14 August 2005, 12:00 in Zürich: the day on which those tests play. */
export const SAMPLE_NOW_MS = 1_124_013_600_000;

export interface SuiteSource {
  /** The text of a sample file, or null. */
  samples(name: string): string | null;
  filter(options: SampleOptions): FilterDefinition;
  /** From local time in Zürich to UTC. */
  zone(localMs: number): number;
}

export interface SuiteResult {
  /** Samples that are as annotated with all their options, of all that were tried. */
  right: number;
  tried: number;
  /** Expressions that some sample matches, of all in the filters as they were tried. */
  exercised: number;
  expressions: number;
  readonly misses: string[];
}

interface Opened {
  readonly running: RunningFilter;
  readonly failregex: readonly RegexLine[];
  readonly used: Set<number>;
}

/** One filter with its samples, and with those of other files that they name. */
export function trySamples(name: string, source: SuiteSource): SuiteResult {
  const suite = new Suite(name, source);
  const files = [name];
  for (let at = 0; at < files.length; at += 1) files.push(...suite.file(files[at] ?? '').filter((more) => !files.includes(more)));
  suite.end();
  return suite.result;
}

type Trial = readonly [Opened, SampleOptions];

class Suite {
  readonly result: SuiteResult = { right: 0, tried: 0, exercised: 0, expressions: 0, misses: [] };
  readonly #name: string;
  readonly #source: SuiteSource;
  readonly #opened = new Map<string, Opened>();
  readonly #usedSources = new Set<string>();
  #written: readonly SampleOptions[] | null = null;
  #trials: readonly Trial[] | null = null;

  constructor(name: string, source: SuiteSource) {
    this.#name = name;
    this.#source = source;
  }

  /** Gives the names of files that belong to it. */
  file(name: string): readonly string[] {
    const text = this.#source.samples(name);
    if (text === null) this.#miss(name, 0, 'no such sample file');
    const { samples, more, broken } = readSamples(text ?? '');
    for (const says of broken) this.#miss(name, 0, says);
    for (const sample of samples) this.#sample(name, sample);
    return more;
  }

  end(): void {
    for (const [variant, { failregex, used }] of this.#opened) {
      failregex.forEach(({ source }, index) => {
        this.result.expressions += 1;
        if (used.has(index) || this.#usedSources.has(source)) this.result.exercised += 1;
        else this.#miss(variant, 0, `no sample for failregex ${index}: ${source.slice(0, 200)}`);
      });
    }
  }

  #miss(file: string, line: number, says: string): void {
    this.result.misses.push(`${this.#name}: ${file}${line > 0 ? `:${line}` : ''}: ${says}`);
  }

  #sample(file: string, sample: Sample): void {
    const trials = this.#trialsOf(sample);
    const faults = trials.flatMap(([opened, options]) => this.#judged(opened, options, sample));
    const tried = trials.filter(([, options]) => this.#applies(sample.expected, options));
    if (tried.length === 0 && faults.length === 0) return;
    this.result.tried += 1;
    if (faults.length === 0) this.result.right += 1;
    for (const fault of faults) this.#miss(file, sample.number, `${fault}\n    ${sample.line.slice(0, 300)}`);
  }

  #trialsOf({ options }: Sample): readonly Trial[] {
    if (this.#trials !== null && (options === null || options === this.#written)) return this.#trials;
    this.#written = options;
    const chosen: Trial[] = [];
    for (const one of options ?? [{}]) {
      const condition = one['test.condition'];
      if (condition === undefined || holdsThat(condition, this.#name, one) === true) chosen.push([this.#open(one), one]);
    }
    this.#trials = chosen;
    return chosen;
  }

  #open(options: SampleOptions): Opened {
    const own = Object.fromEntries(Object.entries(options).filter(([key]) => !key.startsWith('test.')));
    const variant = options['test.filter-name'] ?? JSON.stringify(own);
    const known = this.#opened.get(variant);
    if (known !== undefined) return known;
    const definition = this.#source.filter(own);
    const running = openFilter(definition, { zone: (local) => this.#source.zone(local), now: () => SAMPLE_NOW_MS, all: true });
    for (const trouble of running.troubles) this.#miss(variant, trouble.place.line, `${trouble.option}: ${trouble.says}`);
    const opened = { running, failregex: definition.failregex, used: new Set<number>() };
    this.#opened.set(variant, opened);
    return opened;
  }

  #applies({ constraint }: Expected, options: SampleOptions): boolean {
    return constraint === null || holdsThat(constraint, this.#name, options) !== false;
  }

  #judged({ running, used }: Opened, options: SampleOptions, { line, expected }: Sample): string[] {
    if (!this.#applies(expected, options)) return [];
    if (expected.constraint !== null && holdsThat(expected.constraint, this.#name, options) === null)
      return [`constraint not understood: ${expected.constraint}`];
    const journal = options['logtype'] === 'journal';
    const blind = running.blind.count;
    const hits = journal ? running.feed((options['test.prefix-line'] ?? '') + line, SAMPLE_NOW_MS) : running.feed(line);
    for (const { pattern } of hits) {
      used.add(pattern.index);
      this.#usedSources.add(pattern.source);
    }
    const said = faultsOf(
      hits.filter((hit) => !hit.waits && !hit.ignored),
      expected,
      (local) => this.#source.zone(local),
    );
    if (running.blind.count > blind) said.push('an expression was given up for this line');
    return said.map((fault) => `${JSON.stringify(options)}: ${fault}`);
  }
}

function faultsOf(hits: readonly FilterHit[], expected: Expected, zone: (localMs: number) => number): string[] {
  const [hit] = hits;
  if (!expected.match) return hit === undefined ? [] : [`must not match, but failregex ${hit.pattern.index} does (${hit.id})`];
  if (hit === undefined) return ['must match, but does not'];
  const faults = hits.length > 1 ? [`must match once, but failregexes ${hits.map(({ pattern }) => pattern.index).join(', ')} do`] : [];
  for (const [key, value] of Object.entries(expected.fields)) {
    const found = fieldOf(hit, key);
    if (!same(found, value)) faults.push(`${key} is ${JSON.stringify(found)}, not ${JSON.stringify(value)} (failregex ${hit.pattern.index})`);
  }
  const local = expected.time === null ? null : localTime(expected.time);
  if (Number.isNaN(local)) return [...faults, `time is not understood: ${expected.time}`];
  const at = local === null ? null : zone(local);
  if (at !== null && (hit.at === null || Math.abs(hit.at - at) > 0.5)) faults.push(`time is ${shownTime(hit.at)}, not ${shownTime(at)} (UTC)`);
  return faults;
}

/** NaN for what is no time. Numbers may have fewer digits than ISO 8601 wants. */
function localTime(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,6})?)$/.exec(text) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)) + Number(second) * 1000;
}

/** `host` is whoever is counted, where no group is called so. */
function fieldOf(hit: FilterHit, key: string): unknown {
  if (key === 'users') return [...hit.users].sort();
  const captured = hit.captures[key];
  if (captured !== undefined) return captured;
  if (key === 'host') return hit.id;
  return key === 'attempts' ? hit.attempts : null;
}

/** Addresses are the same in any spelling. */
function same(found: unknown, expected: unknown): boolean {
  if (Array.isArray(found) && Array.isArray(expected)) return found.join('\n') === [...expected].map(String).sort().join('\n');
  if (found === expected) return true;
  const ours = typeof found === 'string' ? canonicalAddress(found) : null;
  return ours !== null && typeof expected === 'string' && ours === canonicalAddress(expected);
}

function shownTime(at: number | null): string {
  if (at === null) return 'not known';
  const { year, month, day } = civil(at);
  const seconds = Math.floor((((at % 86_400_000) + 86_400_000) % 86_400_000) / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
