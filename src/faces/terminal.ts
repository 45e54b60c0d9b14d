/** The report for a tired person at three in the morning: the verdict first, then each case as a chain, what to do, and what is not known. */

import { SEVERITIES } from '../core/severity.ts';
import { counted, shown } from '../core/text.ts';
import type { Case, Coverage, Report, Verdict } from '../core/words.ts';
import type { Colours, Paint } from './colours.ts';
import { doorLines, doorWords, onlyDoors } from './doors.ts';
import { flow, roomOf } from './flow.ts';
import { caseLines, heading, more } from './terminal-case.ts';
import { clock } from './when.ts';
import { byState, explainedBy, looseFindings, readWords, spanWords, unseenWords, verdictWords, weighs } from './wording.ts';

/** Single lines for small cases and for coverage: more would push the verdict off the screen. */
const MINOR_AT_MOST = 15;
const UNSEEN_AT_MOST = 30;
const EXPLAINED_AT_MOST = 8;
const READ_AT_MOST = 40;

export function terminal(report: Report, paint: Colours, width: number, details: boolean): string {
  // Whoever asks about one thing wants to read all that is known of it, however harmless.
  const asked = report.subject !== null;
  const heavy = report.cases.filter((story) => asked || (weighs(story) && !onlyDoors(story)));
  const minor = report.cases.filter((story) => !heavy.includes(story));
  const lines = [
    ...opening(report, paint, width),
    ...heavy.flatMap((story, index) =>
      caseLines(story, onlyDoors(story) ? 'NO CASE, BUT AN OPEN DOOR' : `CASE ${index + 1} OF ${heavy.length}`, paint, width, details || asked),
    ),
    ...doorLines(report, paint, width),
    ...minorLines(minor, paint, width, details),
    ...explainedLines(report, paint, width, details),
    ...coverageLines(report, paint, width, details),
    ...ending(report, paint, width, details),
  ];
  return `${lines.join('\n')}\n`;
}

function opening(report: Report, paint: Colours, width: number): string[] {
  const sign: Readonly<Record<Verdict, Paint>> = { compromised: paint.alarm, attacked: paint.yellow, clean: paint.green, unknown: paint.yellow };
  const heavy = report.cases.filter((story) => weighs(story) && !onlyDoors(story)).length;
  const minor = report.cases.filter((story) => !onlyDoors(story)).length - heavy;
  const cases = heavy > 0 ? `${counted(heavy, 'case')} to act on` : 'No case to act on';
  const word = ` ${report.verdict.toUpperCase()} `;
  return [
    ...flow(
      [{ text: word, paint: (text) => paint.bold(sign[report.verdict](text)) }, { text: ' ' }],
      [{ text: `${shown(report.host, 100)}:`, paint: paint.bold }, { text: `${verdictWords(report)}${doorWords(report)}.` }],
      width,
      word.length + 1,
    ),
    ...flow(
      [{ text: ' ' }],
      [{ text: `${cases}${minor > 0 ? `, ${minor} of little or no weight` : ''}. Looked at ${spanWords(report)}. ${unseenWords(report)}`.trimEnd() }],
      width,
      1,
    ),
  ];
}

function minorLines(minor: readonly Case[], paint: Colours, width: number, details: boolean): string[] {
  if (minor.length === 0) return [];
  const told = details ? minor : minor.slice(0, MINOR_AT_MOST);
  return [
    '',
    ...heading('OF LITTLE OR NO WEIGHT', paint, width),
    ...told.flatMap((story) => {
      const reason = explainedBy(story);
      const body = [
        { text: shown(story.title, 200) },
        ...(reason === null ? [] : [{ text: `(${reason})`, paint: paint.dim }]),
        { text: story.id, paint: paint.dim },
      ];
      return flow([{ text: `  ${story.severity.padEnd(5)} `, paint: paint.dim }], body, width, 10);
    }),
    ...more(minor.length - told.length, 'case', paint, width),
  ];
}

/** What looked odd and turned out to have a reason: so that nobody has to wonder whether it was seen. */
function explainedLines(report: Report, paint: Colours, width: number, details: boolean): string[] {
  const explained = looseFindings(report).filter((finding) => finding.explained);
  if (explained.length === 0) return [];
  const told = details ? explained : explained.slice(0, EXPLAINED_AT_MOST);
  return [
    '',
    ...heading('LOOKS ODD, AND IS EXPLAINED', paint, width),
    ...told.flatMap((finding) =>
      flow([{ text: '  ' }], [{ text: shown(finding.says, 200) }, { text: `(${shown(finding.explained ?? '', 200)})`, paint: paint.dim }], width, 4),
    ),
    ...more(explained.length - told.length, 'finding', paint, width),
  ];
}

function coverageLines(report: Report, paint: Colours, width: number, details: boolean): string[] {
  const unseen = byState(report.coverage.filter((entry) => entry.state !== 'read' && (details || entry.state !== 'absent')));
  const absent = details ? [] : report.coverage.filter((entry) => entry.state === 'absent');
  const read = report.coverage.filter((entry) => entry.state === 'read');
  const shownUnseen = details ? unseen : unseen.slice(0, UNSEEN_AT_MOST);
  const everyRead = details || report.verdict === 'clean' || report.verdict === 'unknown';
  const shownRead = everyRead ? read.slice(0, details ? read.length : READ_AT_MOST) : [];
  return [
    '',
    ...heading('WHAT WAS LOOKED AT', paint, width),
    ...flow(
      [{ text: '  ' }],
      [{ text: `Read: ${readWords(report.coverage)}.${everyRead || read.length === 0 ? '' : ` ${sourceNames(read)}.`}` }],
      width,
      4,
    ),
    ...shownRead.flatMap((entry) => readLine(entry, paint, width)),
    ...(everyRead ? more(read.length - shownRead.length, 'source', paint, width) : []),
    ...(unseen.length > 0 ? ['', `  ${paint.bold('Not seen, or only in part')}`] : []),
    ...shownUnseen.flatMap((entry) => unseenLine(entry, paint, width)),
    ...more(unseen.length - shownUnseen.length, 'line', paint, width),
    ...(absent.length > 0
      ? flow(
          [{ text: '  ' }],
          [
            { text: 'Not there:', paint: paint.bold },
            { text: `${sourceNames(absent)}.`, paint: paint.dim },
          ],
          width,
          4,
        )
      : []),
  ];
}

function sourceNames(read: readonly Coverage[]): string {
  const names = [...new Set(read.map((entry) => shown(entry.source, 60)))];
  return `${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`;
}

function readLine(entry: Coverage, paint: Colours, width: number): string[] {
  const span = entry.from === undefined && entry.to === undefined ? '' : ` (${clock(entry.from)} to ${clock(entry.to)})`;
  const body = [{ text: `${shown(entry.source, 120)}:`, paint: paint.bold }, { text: `${shown(entry.detail, 200)}${span}` }];
  return flow([{ text: '    ' }], body, width, 6);
}

function unseenLine(entry: Coverage, paint: Colours, width: number): string[] {
  const tint = entry.state === 'absent' ? paint.dim : paint.yellow;
  const body = [{ text: `${shown(entry.source, 120)}:`, paint: paint.bold }, { text: shown(entry.detail, 300) }];
  return flow([{ text: `    ${entry.state.padEnd(11)}`, paint: tint }], body, width, 15);
}

function ending(report: Report, paint: Colours, width: number, details: boolean): string[] {
  const some = report.findings.some((finding) => SEVERITIES.indexOf(finding.severity) > 0);
  const hint =
    details || !(some || report.cases.length > 0) ? '' : ' --details tells every step; --html or --markdown FILE writes the report to hand on.';
  return [
    '',
    ...flow(
      [{ text: '' }],
      [{ text: `Tocsin ${shown(report.version, 40)} only looked: nothing on this machine was changed.${hint}`, paint: paint.dim }],
      roomOf(width),
      0,
    ),
  ];
}
