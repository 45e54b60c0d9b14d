/** The date forms that are looked for where a filter names none, in the order in which they are tried. */

import { DATE_MARK, type DateTemplate, dateTemplate, rewrapped, unbounded } from './date-patterns.ts';

const CLOCK = '%H:%M:%S';
/** The hour may be padded by a blank. */
const SOFT_CLOCK = '%k:%M:%S';
const PARTS = String.raw`(?:\.%f)?`;
const SAME = '(?P=_sep)';
const ISO_END = String.raw`(?:[.,]%f)?(?:\s*%z)?`;
const SYSLOG = `(?:%a )?%b %d ${SOFT_CLOCK}${PARTS}(?: %ExY)?`;

/** Order counts: of two forms that fit, the earlier one wins until another has more hits. */
const FORMS: readonly string[] = [
  // ISO 8601 and its kin: 2005-01-23T21:59:59.981746+02:00, 2005/01/23 21:59:59, 2006.12.21 06:43:20
  `%ExY(?P<_sep>[-/.])%m${SAME}%d(?:T|  ?)${CLOCK}${ISO_END}`,
  // asctime and syslog (RFC 3164): Sun Jan 23 21:59:59.011 2005
  SYSLOG,
  `(?:%a )?%b %d %ExY ${SOFT_CLOCK}${PARTS}`,
  // 23/01/2005 21:59:59, 17-07-08 17:23:25
  `%d(?P<_sep>[-/])%m${SAME}(?:%ExY|%Exy) ${SOFT_CLOCK}`,
  // Apache's access log, BIND, Roundcube: 31/Oct/2006:09:22:55 -0000, 26-Jul-2007 15:20:52.252
  `%d(?P<_sep>[-/])%b${SAME}%ExY[ :]?${CLOCK}${PARTS}(?: %z)?`,
  // cPanel: 05/20/2008:01:57:39
  `%m/%d/%ExY:${CLOCK}`,
  // 01-27-2012 16:22:44.252
  `%m-%d-%ExY ${SOFT_CLOCK}${PARTS}`,
  'EPOCH',
  // No date at all
  `{^LN-BEG}${CLOCK}`,
  // <09/16/08@05:03:30>
  `^<%m/%d/%Exy@${CLOCK}>`,
  // MySQL: 130322 11:46:11
  `%Exy%Exm%Exd  ?${CLOCK}`,
  // Tomcat: Jan 23, 2005 9:59:59 PM
  '%b %d, %ExY %I:%M:%S %p',
  // ASSP: Apr-27-13 02:33:06
  `^%b-%d-%Exy ${SOFT_CLOCK}`,
  // ISO 8601 basic: 20050123T215959
  `%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS${ISO_END}`,
  // Monit: PDT Apr 16 21:05:29
  `(?:%Z )?${SYSLOG}`,
  `(?:%z )?${SYSLOG}`,
  'TAI64N',
];

/** Those at the beginning of the line weigh more, so that they stay in front. */
const ANCHORED_WEIGHT = 100;

function made(pattern: string, now: number): DateTemplate[] {
  const one = dateTemplate(pattern, now);
  return one === null ? [] : [one];
}

/** Every form bound to the beginning of the line first, then every form as it is. */
export function defaultTemplates(now: number): DateTemplate[] {
  const plain = FORMS.flatMap((form) => made(form, now));
  const anchored = plain.flatMap((one) => {
    if (one.name.startsWith('{^LN-BEG}') || one.name.startsWith('^')) return [];
    const bound = rewrapped(one, now, (inner) => `{^LN-BEG}${inner}`);
    return bound === null ? [] : [{ ...bound, weight: ANCHORED_WEIGHT }];
  });
  return [...anchored, ...plain];
}

export interface DateTemplates {
  readonly templates: readonly DateTemplate[];
  /** Lines of the pattern that are none, as written. */
  readonly broken: readonly string[];
}

/** All that a `datepattern` stands for; one pattern a line. */
export function templatesOf(datepattern: string, now: number): DateTemplates {
  const found = new Map<string, DateTemplate>();
  const broken: string[] = [];
  const lines = datepattern.split('\n').flatMap((line) => line.trim() || []);
  for (const line of lines) {
    const several = templatesOfLine(line, now);
    if (several.length === 0) broken.push(line);
    for (const one of several) if (!found.has(one.name)) found.set(one.name, one);
  }
  return { templates: [...found.values()], broken };
}

function templatesOfLine(line: string, now: number): DateTemplate[] {
  const key = line.includes('%') ? line : line.toUpperCase();
  if (key === '{DEFAULT}') return defaultTemplates(now);
  if (key === '{^LN-BEG}') return defaultTemplates(now).filter((one) => one.lineBegin);
  if (!key.includes('{DATE}')) return made(line, now);
  const wrap = (inner: string) => line.replace(DATE_MARK, () => unbounded(inner));
  return FORMS.flatMap((form) => made(form, now)).flatMap((one) => rewrapped(one, now, wrap) ?? []);
}
