/** One event as the rules see it: names with values, from a flat ECS record, nested JSON, or a Windows event as its log exports it. */

import type { Asked } from './rule.ts';
import { folded } from './wildcard.ts';

export type Value = string | number | boolean | null;

const NAMES_AT_MOST = 5_000;
const VALUES_PER_NAME = 1_000;
const DEPTH_AT_MOST = 20;
/** Where Windows events and Winlogbeat keep what Sigma calls by its bare name. */
const BARE = [/^Event\.EventData\./, /^Event\.UserData\.(?:[^.]+\.)?/, /^Event\.System\./, /^winlog\.event_data\./];
const RENAMED: Readonly<Record<string, string>> = {
  'Event.System.Provider.#attributes.Name': 'Provider_Name',
  'Event.System.Provider.@Name': 'Provider_Name',
  'Event.System.EventID.#text': 'EventID',
  'winlog.provider_name': 'Provider_Name',
  'winlog.channel': 'Channel',
  'winlog.event_id': 'EventID',
  'winlog.computer_name': 'Computer',
};

export class SigmaEvent {
  readonly #values = new Map<string, Value[]>();
  readonly #folded = new Map<Asked, readonly string[]>();
  #words: readonly string[] | null = null;
  #foldedWords: readonly string[] | null = null;
  #text: string | null = null;
  /** Regular expressions that were given up on this event, because it would have taken too long. */
  readonly blind = new Set<string>();

  /** Any parsed JSON; what is no object has only a `message`. */
  constructor(record: unknown) {
    if (isRecord(record)) this.#take('', record, 0);
    else this.#put('message', typeof record === 'string' ? record : String(record));
  }

  #take(prefix: string, value: unknown, depth: number): void {
    if (Array.isArray(value)) {
      for (const item of value.slice(0, VALUES_PER_NAME)) this.#take(prefix, item, depth + 1);
    } else if (isRecord(value)) {
      if (depth > DEPTH_AT_MOST) return;
      for (const [key, inner] of Object.entries(value)) this.#take(prefix === '' ? key : `${prefix}.${key}`, inner, depth + 1);
    } else if (isValue(value)) {
      this.#put(prefix, value);
      const bare = bareName(prefix);
      if (bare !== null) this.#put(bare, value);
      // Windows Defender writes `Threat Name`; Sigma knows it as ThreatName.
      if (bare?.includes(' ')) this.#put(bare.replaceAll(' ', ''), value);
    }
  }

  #put(name: string, value: Value): void {
    const list = this.#values.get(name);
    if (list !== undefined) {
      if (list.length < VALUES_PER_NAME) list.push(value);
    } else if (this.#values.size < NAMES_AT_MOST) this.#values.set(name, [value]);
  }

  /** Null where the event has no such name. */
  named(name: string): readonly Value[] | null {
    return this.#values.get(name) ?? null;
  }

  /** The values that stand for a rule's field; null where there are none. */
  values({ names, every }: Asked): readonly Value[] | null {
    if (!every) {
      for (const name of names) {
        const found = this.#values.get(name);
        if (found !== undefined) return found;
      }
      return null;
    }
    const all = names.flatMap((name) => this.#values.get(name) ?? []);
    return all.length === 0 ? null : all;
  }

  /** The same as texts, upper and lower case made one. */
  foldedValues(asked: Asked): readonly string[] {
    const kept = this.#folded.get(asked);
    if (kept !== undefined) return kept;
    const made = (this.values(asked) ?? []).flatMap((value) => (value === null ? [] : [folded(String(value))]));
    this.#folded.set(asked, made);
    return made;
  }

  /** Every value as text, for rules that look for words anywhere. */
  words(): readonly string[] {
    this.#words ??= [...this.#values.values()].flat().flatMap((value) => (value === null ? [] : [String(value)]));
    return this.#words;
  }

  foldedWords(): readonly string[] {
    this.#foldedWords ??= this.words().map(folded);
    return this.#foldedWords;
  }

  /** All of it in one text, upper and lower case made one. */
  text(): string {
    this.#text ??= this.foldedWords().join('\n');
    return this.#text;
  }

  /** First value of a name as text, lower case. */
  lower(name: string): readonly string[] {
    return (this.#values.get(name) ?? []).map((value) => String(value).toLowerCase());
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isValue(value: unknown): value is Value {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function bareName(name: string): string | null {
  if (!name.startsWith('Event.') && !name.startsWith('winlog.')) return null;
  const renamed = RENAMED[name];
  if (renamed !== undefined) return renamed;
  for (const start of BARE) {
    const bare = name.replace(start, '');
    if (bare !== name && bare !== '') return bare;
  }
  return null;
}
