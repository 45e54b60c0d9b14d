/** What stands open though nobody was seen to use it: settings that are told with what shuts them, and are no case to act on. */

import { SEVERITIES } from '../core/severity.ts';
import { counted, listed, shown } from '../core/text.ts';
import type { Case, Finding, Report } from '../core/words.ts';
import type { Colours } from './colours.ts';
import { flow } from './flow.ts';
import { heading } from './terminal-case.ts';
import { looseFindings } from './wording.ts';

/** A case that tells of nothing but settings: it was asked for, and nobody is accused in it. */
export function onlyDoors(story: Case): boolean {
  const real = story.findings.filter((finding) => !finding.explained && finding.severity !== 'info');
  return real.length > 0 && real.every((finding) => finding.tells === 'exposure');
}

/** Of medium weight or more, in no case, or in one that tells of nothing else. */
export function openDoors(report: Report): Finding[] {
  const asked = report.cases.filter(onlyDoors).flatMap((story) => story.findings);
  // Whoever asked about one thing is not told of the doors of others.
  const loose = report.subject === null ? looseFindings(report) : [];
  return [...new Set([...asked, ...loose])].filter(
    (finding) => finding.tells === 'exposure' && !finding.explained && SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf('medium'),
  );
}

/** ", but 1 door stands open: www-data", for the first sentence; empty where none does. */
export function doorWords(report: Report): string {
  const doors = openDoors(report);
  if (doors.length === 0) return '';
  const names = doors.map((door) => door.culprit[0]).flatMap((entity) => (entity && 'name' in entity && entity.name ? [entity.name] : []));
  return `${report.verdict === 'clean' ? ', but' : '; besides,'} ${counted(doors.length, 'door stands', 'doors stand')} open${names.length > 0 ? `: ${listed([...new Set(names)], 4)}` : ''}`;
}

export function doorLines(report: Report, paint: Colours, width: number): string[] {
  const doors = openDoors(report);
  if (doors.length === 0) return [];
  return [
    '',
    ...heading('OPEN DOORS', paint, width),
    ...doors.flatMap((door) => [
      ...flow([{ text: `  ${door.severity.padEnd(6)} `, paint: paint.yellow }], [{ text: shown(door.says, 500) }], width, 9),
      ...(door.remedy ?? []).flatMap((line) => flow([{ text: '         • ', paint: paint.yellow }], [{ text: shown(line, 300) }], width, 11)),
    ]),
  ];
}
