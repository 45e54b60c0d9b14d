/**
 * The walk of the probes: from what a case accuses to what that leads to, breadth first, so that the near things are looked at
 * before the budget is gone. Bounded in depth and in the number of looks; `cutShort` tells when the bound was felt.
 */

import type { Given, Probe, Story } from '../core/contracts.ts';
import { keyOf } from '../core/entity.ts';
import type { Entity, Fact, Finding } from '../core/words.ts';

/** From an effect to the guessing that let it happen is five steps: effect, process, session, account, address. */
const DEPTH_AT_MOST = 6;
/** A look costs a few file reads: 400 of them stay well under a second. */
const LOOKS_PER_CASE = 400;
/** Of 200 equal processes the first few tell all. */
const LOOKS_PER_PROBE = 40;

export interface Walk {
  readonly facts: readonly Fact[];
  readonly entities: readonly Entity[];
  readonly cutShort: boolean;
}

export function walkFrom(start: readonly Entity[], findings: readonly Finding[], probes: readonly Probe[], given: Given): Walk {
  const facts: Fact[] = [];
  const entities: Entity[] = [...start];
  const seen = new Set<string>();
  const looks = new Map<string, number>();
  let total = 0;

  function lookAt(entity: Entity): Entity[] {
    const led: Entity[] = [];
    for (const probe of probes) {
      const done = looks.get(probe.name) ?? 0;
      if (probe.asks !== entity.is || total >= LOOKS_PER_CASE || done >= LOOKS_PER_PROBE) continue;
      looks.set(probe.name, done + 1);
      total += 1;
      for (const fact of lookedUp(probe, entity, given, { entities, findings }, facts.length)) {
        facts.push(fact);
        led.push(...fact.leadsTo);
      }
    }
    entities.push(...led);
    return led;
  }

  let frontier: readonly Entity[] = start;
  for (let depth = 0; depth < DEPTH_AT_MOST && frontier.length > 0; depth += 1) {
    const fresh = frontier.filter((entity) => !seen.has(keyOf(entity)) && seen.add(keyOf(entity)));
    frontier = fresh.flatMap(lookAt);
  }
  return { facts, entities, cutShort: total >= LOOKS_PER_CASE || frontier.some((entity) => !seen.has(keyOf(entity))) };
}

function lookedUp(probe: Probe, entity: Entity, given: Given, story: Story, before: number): Fact[] {
  try {
    return probe
      .look(entity, given, story)
      .map((draft, index) => ({ ...draft, id: `${probe.name}-${before + index + 1}`, probe: probe.name, about: entity }));
  } catch (error) {
    given.eyes.note({ source: `probe ${probe.name}`, state: 'partial', detail: `it failed on one ${entity.is}: ${String(error).slice(0, 200)}` });
    return [];
  }
}
