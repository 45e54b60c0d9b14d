/** Crashes of a suspicious program and its ends by want of memory, as the kernel logged them: it ran before, and how hard it worked. */

import type { Probe } from '../core/contracts.ts';
import { processOf, programOf, speaksForItsKind } from '../core/story.ts';
import { counted, named } from '../core/text.ts';
import type { FactDraft } from '../core/words.ts';

const SHOWN = 10;

export const processCrashes: Probe = {
  name: 'process-crashes',
  about: 'Tells what the kernel logged of crashed or killed processes of the same name as a suspicious one.',
  cannotSee: 'whether an ended process of that name ran the same program: the kernel logs the name only.',
  asks: 'process',
  look(entity, given, story) {
    const process = processOf(entity, given.eyes);
    if (!process || !speaksForItsKind(process, story, given.eyes, ({ name, uid }) => `${name} ${uid}`)) return [];
    // An interpreter's name is everybody's: only a name that belongs to this program tells.
    const own = (programOf(process) ?? '').endsWith(`/${process.name}`) && process.exe !== null && !/^\/(?:usr\/)?s?bin\//.test(process.exe);
    const ended = own ? given.history.crashes(process.name).filter(({ uid }) => uid === null || uid === process.uid) : [];
    const first = ended[0];
    if (!first) return [];
    const fact: FactDraft = {
      says: `the kernel ended or lost ${counted(ended.length, 'process', 'processes')} named ${named(process.name)} before: ${[...new Set(ended.map((end) => end.how))].join(' and ')}`,
      at: first.at,
      role: 'effect',
      leadsTo: [],
      evidence: ended.slice(0, SHOWN).map((end) => end.evidence),
      confidence: 'medium',
    };
    return [fact];
  },
};
