/** The list that takes a setup back: written and synced before anything is changed, and joined with that of setups before, so that `--undo` always leads to the machine as it was first found. */

import { createHash } from 'node:crypto';
import type { Before, Step } from './setup-plan.ts';

export type Back =
  | { readonly back: 'directory'; readonly path: string }
  /** `wrote` = sha256 of what setup put there: what a person has changed since is left alone. */
  | { readonly back: 'file'; readonly path: string; readonly was: Before | null; readonly wrote: string }
  | { readonly back: 'command'; readonly words: readonly string[] };

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** In the order in which they are taken back: newest first. */
export function backsOf(steps: readonly Step[], earlier: readonly Back[]): Back[] {
  const fresh = steps.flatMap((step) => backOf(step, earlier)).reverse();
  const kept = earlier.filter((old) => !fresh.some((one) => sameThing(one, old)));
  const cancelled = (one: Back) => one.back === 'command' && earlier.some((old) => opposite(one, old));
  // What only undoes an undo of an earlier setup is no part of the way back to the beginning.
  return inOrder([...fresh.filter((one) => !cancelled(one)), ...kept]);
}

function backOf(step: Step, earlier: readonly Back[]): Back[] {
  if (step.does === 'directory') return [{ back: 'directory', path: step.path }];
  if (step.does === 'command') return step.back === null ? [] : [{ back: 'command', words: step.back }];
  const first = earlier.find((old) => old.back === 'file' && old.path === step.path);
  const was = first?.back === 'file' ? first.was : step.was;
  return [{ back: 'file', path: step.path, was, wrote: digestOf(step.text) }];
}

function sameThing(a: Back, b: Back): boolean {
  if (a.back === 'command' || b.back === 'command') return a.back === b.back && JSON.stringify(a) === JSON.stringify(b);
  return a.back === b.back && a.path === b.path;
}

/** `enable --now U` against `disable --now U`. */
function opposite(a: Back, b: Back): boolean {
  if (a.back !== 'command' || b.back !== 'command') return false;
  const [verbA, verbB] = [a.words[1], b.words[1]];
  return verbA === 'enable' && verbB === 'disable' && a.words.at(-1) === b.words.at(-1);
}

const RANK = { command: 0, file: 1, directory: 2 } as const;

/** Services end before their files go; deeper directories go before those around them. */
function inOrder(backs: readonly Back[]): Back[] {
  const deep = (one: Back) => (one.back === 'directory' ? -one.path.length : 0);
  return [...backs].sort((a, b) => RANK[a.back] - RANK[b.back] || deep(a) - deep(b));
}

export function asUndoText(backs: readonly Back[], madeAt: string): string {
  return `${JSON.stringify({ tocsin: 'setup', madeAt, backs }, null, 2)}\n`;
}

/** Null where the text is no list of ours. */
export function undoIn(text: string): Back[] | null {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== 'object' || said === null || !('backs' in said) || !Array.isArray(said.backs)) return null;
    return said.backs.every(isBack) ? said.backs : null;
  } catch {
    return null;
  }
}

function isBack(one: unknown): one is Back {
  if (typeof one !== 'object' || one === null || !('back' in one)) return false;
  const { back, path, words, was, wrote } = one as Record<string, unknown>;
  const plain = typeof path === 'string' && path.startsWith('/') && !path.split('/').includes('..');
  if (back === 'directory') return plain;
  if (back === 'file') return plain && typeof wrote === 'string' && (was === null || isBefore(was));
  return back === 'command' && Array.isArray(words) && words.every((word) => typeof word === 'string');
}

function isBefore(was: unknown): boolean {
  return typeof was === 'object' && was !== null && 'text' in was && typeof was.text === 'string' && 'mode' in was && typeof was.mode === 'number';
}
