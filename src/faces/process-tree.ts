/** Who started whom: a nested list of the processes of a case, drawn from what the probes found about them and their parents. */

import type { Case, Entity, Fact } from '../core/words.ts';
import { safe } from './html-text.ts';

/** A fork bomb must not make a page that no browser opens. */
const NODES_AT_MOST = 300;
const DEPTH_AT_MOST = 40;
const CHILDREN_AT_MOST = 40;
/** More processes than this without parents and children are told in one line. */
const LONELY_AT_MOST = 3;
const LABEL_AT_MOST = 400;

interface Node {
  readonly pid: number;
  name: string;
  says: string;
  /** Named by a finding, and not only a parent on the way up. */
  accused: boolean;
  parent: number | null;
}

/** HTML; empty when no process is known. A process named by findings without known parents stands at the top. */
export function processTree(story: Case): string {
  const nodes = new Map<number, Node>();
  for (const finding of story.findings) for (const entity of finding.culprit) accuse(nodes, entity, !finding.explained);
  for (const fact of story.facts) if (fact.probe === 'process-program') describe(nodes, fact);
  for (const fact of story.facts) if (fact.probe === 'process-parents') raise(nodes, fact);
  if (nodes.size === 0) return '';
  const children = childrenOf(nodes);
  const tops = [...nodes.values()].filter((node) => node.parent === null).sort((a, b) => a.pid - b.pid);
  const lonely = tops.filter((node) => !children.has(node.pid) && node.says === '');
  if (lonely.length <= LONELY_AT_MOST) return branch(tops, children, 0);
  return `${branch(
    tops.filter((node) => !lonely.includes(node)),
    children,
    0,
  )}${crowd(lonely)}`;
}

function nodeOf(nodes: Map<number, Node>, pid: number): Node | null {
  const known = nodes.get(pid);
  if (known) return known;
  if (nodes.size >= NODES_AT_MOST) return null;
  const node: Node = { pid, name: '', says: '', accused: false, parent: null };
  nodes.set(pid, node);
  return node;
}

function accuse(nodes: Map<number, Node>, entity: Entity, guilty: boolean): void {
  if (entity.is !== 'process') return;
  const node = nodeOf(nodes, entity.pid);
  if (!node) return;
  node.name = entity.name ?? node.name;
  node.accused ||= guilty;
}

function describe(nodes: Map<number, Node>, fact: Fact): void {
  if (fact.about.is !== 'process') return;
  const node = nodeOf(nodes, fact.about.pid);
  if (!node) return;
  node.name = fact.about.name ?? node.name;
  node.says = fact.says;
}

/** The evidence of the fact is the line of parents, nearest first: `/proc/4700`, `/proc/1`. */
function raise(nodes: Map<number, Node>, fact: Fact): void {
  if (fact.about.is !== 'process') return;
  const pids = fact.evidence.flatMap((one) => Number(/^\/proc\/(\d{1,10})$/.exec(one.source)?.[1] ?? Number.NaN)).filter(Number.isInteger);
  const words = wordsOfParents(fact, pids);
  let child = nodeOf(nodes, fact.about.pid);
  if (child && child.name === '') child.name = fact.about.name ?? '';
  pids.forEach((pid, index) => {
    const parent = nodeOf(nodes, pid);
    if (!child || !parent) return;
    parent.name ||= words[index] ?? nameIn(fact, pid);
    if (child.parent === null && !below(nodes, parent, child)) child.parent = parent.pid;
    child = parent;
  });
}

/** The sentence tells each parent's command line, `4700 /bin/sh ./run ← 1 init`; it is believed only where it matches the evidence piece by piece. */
function wordsOfParents(fact: Fact, pids: readonly number[]): string[] {
  const told = fact.says.slice(fact.says.indexOf(' was started by ') + ' was started by '.length).split(' ← ');
  const fits = told.length === pids.length && told.every((piece, index) => piece.startsWith(`${pids[index]} `));
  return fits ? told.map((piece, index) => piece.slice(`${pids[index]} `.length)) : [];
}

function nameIn(fact: Fact, pid: number): string {
  const entity = fact.leadsTo.find((one) => one.is === 'process' && one.pid === pid);
  return entity?.is === 'process' ? (entity.name ?? '') : '';
}

/** Would `node` stand below `other` already? Then a tie the other way round makes a circle, which a hostile machine could show. */
function below(nodes: ReadonlyMap<number, Node>, node: Node, other: Node): boolean {
  const seen = new Set<number>();
  for (let at: Node | undefined = node; at && !seen.has(at.pid); at = at.parent === null ? undefined : nodes.get(at.parent)) {
    if (at === other) return true;
    seen.add(at.pid);
  }
  return false;
}

function childrenOf(nodes: ReadonlyMap<number, Node>): Map<number, Node[]> {
  const children = new Map<number, Node[]>();
  for (const node of [...nodes.values()].sort((a, b) => a.pid - b.pid)) {
    if (node.parent === null) continue;
    const brothers = children.get(node.parent);
    if (brothers) brothers.push(node);
    else children.set(node.parent, [node]);
  }
  return children;
}

function branch(nodes: readonly Node[], children: ReadonlyMap<number, readonly Node[]>, depth: number): string {
  if (nodes.length === 0 || depth > DEPTH_AT_MOST) return '';
  const told = nodes.slice(0, CHILDREN_AT_MOST).map((node) => `<li>${label(node)}${branch(children.get(node.pid) ?? [], children, depth + 1)}</li>`);
  const more = nodes.length > CHILDREN_AT_MOST ? `<li class="dim">and ${nodes.length - CHILDREN_AT_MOST} more</li>` : '';
  return `<ul${depth === 0 ? ' class="tree"' : ''}>${told.join('\n')}${more}</ul>`;
}

/** Of hundreds of equal processes only one is asked for its parents: the others are named in one line and not as a wall of tops. */
function crowd(nodes: readonly Node[]): string {
  const told = nodes.slice(0, CHILDREN_AT_MOST).map(label).join(', ');
  const more = nodes.length > CHILDREN_AT_MOST ? ` and ${nodes.length - CHILDREN_AT_MOST} more` : '';
  return `<p class="tree">Named by findings too, without their parents being looked up: ${told}${more}.</p>`;
}

function label(node: Node): string {
  const says = node.says === '' ? '' : `<br><span class="dim">${safe(node.says, LABEL_AT_MOST)}</span>`;
  return `<span class="${node.accused ? 'accused' : 'parent'}"><b>${node.pid}</b> ${safe(node.name, LABEL_AT_MOST)}</span>${says}`;
}
