/** Is it work or a search? What tells a monitor, a mail server or an administrator's job from a program that was made to scan. */

import { nameOf } from './entity.ts';
import type { Fan } from './fans.ts';
import { inside } from './places.ts';
import { atTerminal, type Kind, type Running } from './running.ts';
import { inMemory } from './story.ts';
import type { ProcessSeen, Severity } from './words.ts';

export interface Judgement {
  readonly severity: Severity;
  readonly explained?: string;
}

/** Programs that ask many name servers, by port 53: it is what a resolver does. */
const RESOLVERS = /^(?:named|unbound|pdns_recursor|dnsmasq|knotd|kresd|systemd-resolved|coredns|dnsdist|nsd|powerdns)/;
/** Programs that ask many hosts whether they are there, of which some are always down. */
const MONITORS =
  /^(?:prometheus|blackbox_exporter|snmp_exporter|nagios\d?|naemon|icinga2?|check_[a-z_0-9]+|zabbix_(?:server|proxy|agentd?2?)|smokeping|fping|munin[a-z-]*|telegraf|netdata|monit|mon|xymonnet|cmk[a-z-]*|opennms|gatus|uptime-kuma|heartbeat|metricbeat)$/;
/** Where mail servers are installed, and as whom they run. */
const MAILERS = /\/(?:postfix|exim4?|sendmail|sm\.bin|opensmtpd|smtpd|qmail|courier|dma|nullmailer|msmtp|haraka|maddy)(?:\/|$)/;
const MAIL_ACCOUNTS = /^(?:postfix|(?:Debian-)?exim|exim4?|mail|smmsp|smmta|_?smtpd?|_?smtpq|qmail[a-z]*|courier|nullmail)$/;
const MAIL_PORT = 25;
const WEB_ACCOUNTS = /^(?:www-data|www|apache\d?|httpd?|nginx|lighttpd|wwwrun|caddy|litespeed|lsadm|php-fpm)$/;
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443]);
const INTERPRETERS = /\/(?:(?:ba|da|z|k)?sh|python[\d.]*|perl[\d.]*|php[\d.]*|ruby[\d.]*|lua[\d.]*|tclsh[\d.]*|node|nodejs)$/;
/** First account of a person (UID_MIN of login.defs). */
const FIRST_PERSON = 1_000;
/** The account of those who are nobody (65534, on all Linux systems). */
const NOBODY = 65_534;
/** Share of targets that answered, above which a fan-out looks like work and not like a search. */
const ANSWERED_SHARE = 0.5;
/** New connections each second above which a script of somebody's home is in a hurry. */
const BRISK_PER_SECOND = 10;

/** `changed` = programs that are not as their package brought them. */
export function judge(fan: Fan, running: Running, changed: ReadonlySet<string>): Judgement {
  const { kind } = fan;
  const standings = new Set(kind.processes.map((process) => running.standing(process)));
  if (standings.has('out-of-place') || kind.processes.some((process) => process.exeState === 'deleted' || inMemory(process)))
    return { severity: 'high' };
  const work = fan.targets.size > 0 && fan.answered + fan.lately >= (fan.targets.size + fan.lately) * ANSWERED_SHARE;
  const person = kind.processes.some((process) => atTerminal(process) || running.parents(process).some(atTerminal));
  if (standings.has('installed') && !kind.processes.some(typed)) return ofInstalled(fan, work, person, changed);
  return ofOwnText(fan, work, person);
}

function ofInstalled(fan: Fan, work: boolean, person: boolean, changed: ReadonlySet<string>): Judgement {
  const program = fan.kind.program ?? '';
  const account = fan.kind.account ?? '';
  const trusted = !changed.has(program);
  if (fan.port === 53 && RESOLVERS.test(nameOf(program))) return { severity: 'info', explained: 'a name server asks other name servers' };
  if (work) return { severity: 'info', explained: 'an installed program, and most of its targets answer: a job over many hosts' };
  if (trusted && MONITORS.test(nameOf(program))) return { severity: 'low', explained: 'monitoring asks many hosts, and these are down' };
  if (trusted && fan.port === MAIL_PORT && MAILERS.test(program) && MAIL_ACCOUNTS.test(account))
    return { severity: 'low', explained: 'a mail server tries to deliver, and nobody answers: outgoing mail may be blocked' };
  if (person) return { severity: 'low', explained: 'an installed program that somebody started from a terminal and waits for' };
  return { severity: WEB_ACCOUNTS.test(account) ? 'high' : 'medium' };
}

/** Scripts of one's own, and text on the command line of an interpreter. */
function ofOwnText(fan: Fan, work: boolean, person: boolean): Judgement {
  const { kind } = fan;
  if (!work) return { severity: 'high' };
  const hurried = !WEB_PORTS.has(fan.port) && !person && fan.perSecond >= BRISK_PER_SECOND;
  const text = kind.processes.some((process) => typed(process) || process.script !== null);
  if (hurried && text && WEB_ACCOUNTS.test(kind.account ?? '')) return { severity: 'high' };
  if (hurried && kind.processes.some(typed) && serves(kind)) return { severity: 'high' };
  return { severity: hurried && kind.processes.some((process) => typed(process) || ofAHome(process)) ? 'medium' : 'low' };
}

/** The text came with the command line or by a pipe: there is no file. */
function typed(process: ProcessSeen): boolean {
  return process.script === null && INTERPRETERS.test(process.exe ?? '') && process.argv.some((word) => /^-(?:[a-zA-Z]*[ceEr])?$/.test(word));
}

function serves(kind: Kind): boolean {
  return (kind.uid > 0 && kind.uid < FIRST_PERSON) || kind.uid === NOBODY;
}

function ofAHome(process: ProcessSeen): boolean {
  return process.script !== null && (inside(process.script, '/home') || inside(process.script, '/root'));
}
