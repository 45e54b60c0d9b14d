/** Reads files of Sigma rules: rules, correlation rules and filters of the specification, and old collections; what cannot be used says why and where. */

import { detectionOf } from './detection.ts';
import { appliedFilters, type FilterDocument, filterOf } from './filters.ts';
import { headOf, logSourceOf } from './head.ts';
import { correlationOf, legacyCorrelation, linked } from './load-correlation.ts';
import { RuleLog, sourceKey } from './logsource.ts';
import { isPossible } from './possible.ts';
import type { LogSource, Place, Refusal, SigmaCorrelation, SigmaRule, SigmaSet } from './rule.ts';
import { Unusable } from './rule.ts';
import { documentsOf, entryOf, laidUnder, type Tree, type TreeMap, textOf } from './tree.ts';

export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

export interface LoadOptions {
  /** Values for `%name%` under the modifier `expand`. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}

/** Never throws, whatever the files hold. */
export function loadSigma(files: readonly RuleFile[], options: LoadOptions = {}): SigmaSet {
  const loader = new Loader(new Map(Object.entries(options.placeholders ?? {})));
  for (const file of files) loader.file(file);
  return loader.finish();
}

class Loader {
  readonly #placeholders: ReadonlyMap<string, readonly string[]>;
  readonly #logs = new Map<string, RuleLog>();
  readonly #rules: SigmaRule[] = [];
  readonly #correlations: SigmaCorrelation[] = [];
  readonly #filters: FilterDocument[] = [];
  readonly #refused: Refusal[] = [];
  readonly #places = new Map<string, Place>();

  constructor(placeholders: ReadonlyMap<string, readonly string[]>) {
    this.#placeholders = placeholders;
  }

  file({ path, text }: RuleFile): void {
    const documents = documentsOf(text);
    if (documents.length === 0) this.#refuse({ file: path, line: 1 }, null, 'the file is empty');
    let global: TreeMap | null = null;
    let previous: TreeMap | null = null;
    for (const { tree, line, reason } of documents) {
      const place = { file: path, line };
      if (tree === null) this.#refuse(place, null, reason);
      else if (tree.is !== 'map') this.#refuse(place, null, 'not a rule: a map of title, logsource and detection is wanted');
      else {
        const action = textOf(entryOf(tree, 'action')?.value);
        if (action === 'global') global = global === null ? withoutAction(tree) : laidUnder(global, withoutAction(tree));
        else if (action === 'reset') global = null;
        else if (action !== null && action !== 'repeat') this.#refuse(place, tree, `the action “${action.slice(0, 40)}” is not known`);
        else {
          const under: TreeMap | null = action === 'repeat' ? previous : global;
          previous = under === null ? withoutAction(tree) : laidUnder(under, withoutAction(tree));
          this.#document(previous, place);
        }
      }
    }
  }

  #refuse(place: Place, tree: Tree | null, reason: string): void {
    const text = (key: string) => (tree?.is === 'map' ? textOf(entryOf(tree, key)?.value) : null);
    this.#refused.push({ ...place, id: text('id') ?? text('name'), title: text('title'), reason });
  }

  #document(map: TreeMap, place: Place): void {
    try {
      if (entryOf(map, 'correlation') !== undefined) this.#correlations.push(correlationOf(map, headOf(map, place)));
      else if (entryOf(map, 'filter') !== undefined) this.#filters.push(filterOf(map, place));
      else if (entryOf(map, 'detection') !== undefined) this.#rule(map, place);
      else throw new Unusable('neither detection nor correlation nor filter', place.line);
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      this.#refuse({ file: place.file, line: error.line }, map, error.message);
    }
  }

  #log(source: LogSource): RuleLog {
    const key = sourceKey(source);
    const log = this.#logs.get(key) ?? new RuleLog(source);
    this.#logs.set(key, log);
    return log;
  }

  #rule(map: TreeMap, place: Place): void {
    const head = headOf(map, place);
    const logsource = logSourceOf(map);
    const log = this.#log(logsource);
    const detection = entryOf(map, 'detection');
    if (detection?.value.is !== 'map') throw new Unusable('the detection is no map', detection?.line ?? place.line);
    const asks = new Set<string>();
    const ask = (field: string) => {
      asks.add(field);
      return log.ask(field);
    };
    const { check, aggregation, timeframe, notes } = detectionOf(detection.value, { placeholders: this.#placeholders, ask });
    const missing = [...asks].filter((field) => log.lacks(field));
    const rule: SigmaRule = {
      ...head,
      kind: 'rule',
      logsource,
      check,
      asks: [...asks],
      missing,
      notApplicable: log.reason() ?? (isPossible(check, new Set(missing)) ? null : `no event of this log has ${missing.join(', ')}`),
      part: aggregation !== null,
      notes: [...head.notes, ...notes, ...this.#again(head.id, place)],
    };
    if (aggregation !== null) this.#correlations.push(legacyCorrelation(rule, aggregation, timeframe, detection.line));
    this.#rules.push(aggregation === null ? rule : { ...rule, id: `${rule.id} (counted)`, name: null });
  }

  #again(id: string, place: Place): string[] {
    const first = this.#places.get(id);
    this.#places.set(id, first ?? place);
    return first === undefined ? [] : [`the same id stands in ${first.file}, line ${first.line}`];
  }

  finish(): SigmaSet {
    const ask = (rule: SigmaRule) => this.#log(rule.logsource);
    const filtered = appliedFilters(this.#rules, this.#filters, this.#placeholders, ask);
    const { correlations, refused } = linked(this.#correlations, filtered.rules);
    return { rules: filtered.rules, correlations, filters: filtered.filters, refused: [...this.#refused, ...filtered.refused, ...refused] };
  }
}

function withoutAction(map: TreeMap): TreeMap {
  return { ...map, entries: map.entries.filter(({ key }) => key !== 'action') };
}
