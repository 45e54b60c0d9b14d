/** What was done with an account's powers: commands as root by sudo and su, what they refused it, and changes to accounts that it made or suffered. */

import type { Given, Probe } from '../core/contracts.ts';
import { counted, listed, named, shown } from '../core/text.ts';
import type { FactDraft } from '../core/words.ts';

const COMMANDS_NAMED = 12;

export const accountDeeds: Probe = {
  name: 'account-deeds',
  about: 'Lists what an account did as somebody else, what su and sudo refused it, and how it was changed.',
  cannotSee: 'what was done inside a root shell; only its start is logged.',
  asks: 'account',
  look(entity, given) {
    if (entity.is !== 'account') return [];
    const facts: FactDraft[] = [];
    const deeds = given.history.privileges(entity.name);
    const first = deeds[0];
    if (first) {
      facts.push({
        says: `${named(entity.name)} acted as another account ${counted(deeds.length, 'time')}: ${listed(
          deeds.map((deed) => shown(`${deed.target}: ${deed.command}`, 120)),
          COMMANDS_NAMED,
        )}`,
        at: first.at,
        role: 'account',
        leadsTo: [],
        evidence: deeds.slice(0, 50).map((deed) => deed.evidence),
        confidence: 'strong',
      });
    }
    facts.push(...refused(entity.name, given));
    for (const change of given.history.changes(entity.name).slice(0, 20)) {
      facts.push({ says: change.says, at: change.at, role: 'account', leadsTo: [], evidence: [change.evidence], confidence: 'strong' });
    }
    return facts;
  },
};

function refused(account: string, given: Given): FactDraft[] {
  const refusals = given.history.refusals(account);
  const first = refusals[0];
  if (!first) return [];
  const times = refusals.reduce((sum, refusal) => sum + refusal.times, 0);
  return [
    {
      says: `${named(account)} was refused ${counted(times, 'time')} when it wanted to act as another account: ${listed(
        [...new Set(refusals.map(({ service, target, command }) => shown(`${service} ${target}: ${command}`, 120)))],
        COMMANDS_NAMED,
      )}`,
      at: first.at,
      role: 'account',
      leadsTo: [],
      evidence: refusals.slice(0, 50).map((refusal) => refusal.evidence),
      confidence: 'strong',
    },
  ];
}
