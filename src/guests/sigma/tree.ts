/** YAML as a tree that remembers its lines, so that every refusal can say where; texts that would grow without end are refused. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseAllDocuments } from 'yaml';

export interface TreeMap {
  readonly is: 'map';
  readonly line: number;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly line: number;
  readonly value: Tree;
}

export interface TreeList {
  readonly is: 'list';
  readonly line: number;
  readonly items: readonly Tree[];
}

export interface TreeScalar {
  readonly is: 'scalar';
  readonly line: number;
  readonly value: string | number | boolean | null;
  /** As it stands in the file, without its quotes: `007`, `1e3`. */
  readonly text: string;
}

export type Tree = TreeMap | TreeList | TreeScalar;

export interface TreeDocument {
  /** Null when it cannot be read; `reason` says why. */
  readonly tree: Tree | null;
  readonly line: number;
  readonly reason: string;
}

/** The longest public rule has 60 KB. */
const CHARACTERS_AT_MOST = 2_000_000;
/** Aliases can name aliases and double the tree at every line. */
const NODES_AT_MOST = 200_000;
const DEPTH_AT_MOST = 60;

/** All documents of a file. Never throws. */
export function documentsOf(text: string): TreeDocument[] {
  if (text.length > CHARACTERS_AT_MOST) return [{ tree: null, line: 1, reason: `the file is longer than ${CHARACTERS_AT_MOST} characters` }];
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent', uniqueKeys: true });
    return (Array.isArray(documents) ? documents : []).flatMap((document): TreeDocument[] => {
      const error = document.errors[0];
      const line = lines.linePos(error?.pos[0] ?? document.range[0]).line;
      if (error !== undefined) return [{ tree: null, line: Math.max(1, line), reason: `YAML: ${error.message}` }];
      return document.contents === null ? [] : [new Grower(lines).document(document.contents)];
    });
  } catch (error) {
    // Nesting that is deeper than the stack ends the parser itself.
    return [{ tree: null, line: 1, reason: `YAML: ${error instanceof Error ? error.message : 'cannot be read'}` }];
  }
}

class TooMuch extends Error {}

class Grower {
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #open = new Set<ParsedNode>();
  #nodes = 0;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  document(node: ParsedNode): TreeDocument {
    const line = this.#lineOf(node);
    try {
      return { tree: this.#grow(node, 0), line, reason: '' };
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      return { tree: null, line, reason: `YAML: ${error.message}` };
    }
  }

  #lineOf(node: ParsedNode): number {
    return Math.max(1, this.#lines.linePos(node.range[0]).line);
  }

  #grow(node: ParsedNode | null, depth: number): Tree {
    this.#nodes += 1;
    if (this.#nodes > NODES_AT_MOST) throw new TooMuch(`more than ${NODES_AT_MOST} values, aliases followed`);
    if (depth > DEPTH_AT_MOST) throw new TooMuch(`nested deeper than ${DEPTH_AT_MOST} levels`);
    if (node === null) return { is: 'scalar', line: 1, value: null, text: '' };
    const line = this.#lineOf(node);
    if (isAlias(node)) return this.#alias(node.source, depth);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return scalar(node.value, node.source, line);
    if (this.#open.has(node)) throw new TooMuch('an anchor that holds itself');
    this.#open.add(node);
    const tree: Tree = isSeq(node)
      ? { is: 'list', line, items: node.items.map((item) => this.#grow(item, depth + 1)) }
      : { is: 'map', line, entries: isMap(node) ? this.#entries(node.items, depth) : [] };
    this.#open.delete(node);
    return tree;
  }

  #alias(name: string, depth: number): Tree {
    const target = this.#anchors.get(name);
    if (target === undefined) throw new TooMuch(`no anchor is called ${name}`);
    return this.#grow(target, depth + 1);
  }

  /** `<<: *anchor` brings the keys of other maps, behind the map's own. */
  #entries(pairs: readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[], depth: number): Entry[] {
    const own: Entry[] = [];
    const brought: Entry[] = [];
    for (const { key, value } of pairs) {
      const name = this.#grow(key, depth + 1);
      if (name.is !== 'scalar') throw new TooMuch('a key that is not a plain text');
      const grown = this.#grow(value, depth + 1);
      const line = name.line;
      if (name.text === '<<') brought.push(...mergedKeys(grown));
      else own.push({ key: name.text, line, value: value === null ? { ...grown, line } : grown });
    }
    const known = new Set(own.map(({ key }) => key));
    return [...own, ...brought.filter(({ key }) => !known.has(key) && known.add(key))];
  }
}

function mergedKeys(tree: Tree): readonly Entry[] {
  if (tree.is === 'map') return tree.entries;
  return tree.is === 'list' ? tree.items.flatMap((item) => (item.is === 'map' ? item.entries : [])) : [];
}

function scalar(value: unknown, source: string | undefined, line: number): TreeScalar {
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') {
    return { is: 'scalar', line, value, text: typeof value === 'string' ? value : (source ?? String(value ?? '')) };
  }
  return { is: 'scalar', line, value: source ?? '', text: source ?? '' };
}

export function entryOf(map: TreeMap, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The text of a plain value; null for what is none. */
export function textOf(tree: Tree | undefined): string | null {
  return tree?.is === 'scalar' && tree.value !== null ? tree.text : null;
}

/** One text or a list of texts. */
export function textsOf(tree: Tree | undefined): string[] {
  if (tree?.is === 'list') return tree.items.flatMap((item) => textOf(item) ?? []);
  const text = textOf(tree);
  return text === null ? [] : [text];
}

/** What `action: global` says is under what a document says: maps are joined, anything else is replaced. */
export function laidUnder(under: TreeMap, over: TreeMap): TreeMap {
  const entries = under.entries.map((entry) => {
    const own = entryOf(over, entry.key);
    if (own === undefined) return entry;
    return own.value.is === 'map' && entry.value.is === 'map' ? { ...own, value: laidUnder(entry.value, own.value) } : own;
  });
  return { is: 'map', line: over.line, entries: [...entries, ...over.entries.filter(({ key }) => entryOf(under, key) === undefined)] };
}
