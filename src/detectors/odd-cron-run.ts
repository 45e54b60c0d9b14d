/** What the cron log says was run where no program belongs, and crontabs that were replaced after a break-in; also when the crontab itself is gone. */

import { type TellTale, tellTale } from '../core/command-line.ts';
import type { Detector } from '../core/contracts.ts';
import { directoryOf } from '../core/entity.ts';
import { Foreign, SESSION_MS } from '../core/foreign.ts';
import { type OddRun, oddRun } from '../core/odd-runs.ts';
import { oddPlace, sharedPlace } from '../core/places.ts';
import { evidenceOfLine } from '../core/quotes.ts';
import { counted, named, shown } from '../core/text.ts';
import { Timeline } from '../core/timeline.ts';
import { Bounded, Sample } from '../core/window.ts';
import type { Entity, EventOf, Evidence, FindingDraft } from '../core/words.ts';

const JOBS_AT_MOST = 2_000;
const ACCOUNTS_AT_MOST = 20_000;
const LINES = 6;
const REPLACED_AT_MOST = 2_000;
/** Accounts of web servers, databases and nobody, by their names on all distributions: no job of theirs runs what it downloads. Known also where only logs are read. */
const SERVICES = ['www-data', 'apache', 'nginx', 'http', 'wwwrun', 'nobody', 'mysql', 'postgres', 'redis', 'tomcat', 'mail', 'daemon'];

interface Job {
  readonly account: string;
  readonly command: string;
  /** What is run where no program belongs, or what the words of the line give away. */
  readonly run: OddRun | null;
  readonly tale: TellTale | null;
  readonly times: Timeline;
  readonly lines: Sample<Evidence>;
}

export const oddCronRun: Detector = {
  name: 'odd-cron-run',
  about:
    'Finds cron jobs in the logs that ran something where no program belongs or ran what they downloaded, and crontabs replaced after a break-in.',
  cannotSee: 'jobs whose start cron does not log, and what an honest-looking script does.',
  attack: ['T1053.003'],
  tells: 'compromise',
  role: 'persistence',
  start({ entries, guesses, networks }) {
    const jobs = new Bounded<Job>(JOBS_AT_MOST, (job) => job.times.total);
    const homes = new Bounded<string>(ACCOUNTS_AT_MOST, null);
    const services = new Set<string>(SERVICES);
    const known: string[] = [];
    const replaced: EventOf<'cron.changed'>[] = [];
    return {
      'account.seen': ({ fields }) => {
        homes.open(fields.name, () => fields.home);
        if (fields.system && fields.uid !== 0 && services.size < ACCOUNTS_AT_MOST) services.add(fields.name);
        return null;
      },
      'cron.ran': (event) => {
        hear(jobs, event, homes.get(event.fields.account) ?? `/home/${event.fields.account}`);
        return null;
      },
      'cron.changed': (event) => {
        if (event.fields.how === 'replaced' && replaced.length < REPLACED_AT_MOST) replaced.push(event);
        return null;
      },
      'persistence.seen': ({ fields }) => {
        if (fields.place === 'cron') known.push(fields.command);
        return null;
      },
      'sweep.done': () => {
        const foreign = new Foreign(entries, guesses, networks);
        // A job that still stands in a crontab is told from there.
        const gone = jobs.values().filter((job) => !known.some((command) => command.includes(job.run?.path ?? job.command)));
        return [...gone.map((job) => told(job, services.has(job.account))), ...replaced.flatMap((event) => afterEntry(event, foreign))];
      },
    };
  },
};

function hear(jobs: Bounded<Job>, event: EventOf<'cron.ran'>, home: string): void {
  const { account, command } = event.fields;
  const key = `${account}\n${command.slice(0, 300)}`;
  const old = jobs.get(key);
  const run = old ? old.run : oddRun(command, home);
  const tale = old ? old.tale : tellTale(command);
  if (!run && !tale) return;
  const job = old ?? jobs.open(key, () => ({ account, command, run, tale, times: new Timeline(), lines: new Sample<Evidence>(LINES) }));
  job.times.add(event.at);
  job.lines.add(evidenceOfLine(event));
}

function told(job: Job, service: boolean): FindingDraft {
  const { account, command, run, tale, times, lines } = job;
  const directory = run === null ? null : directoryOf(run.path);
  const own = directory !== null && oddPlace(directory) !== null && !sharedPlace(directory);
  const things: Entity[] = [
    ...(run ? [{ is: 'file', path: run.path } as const] : []),
    ...(own ? [{ is: 'directory', path: directory } as const] : []),
  ];
  const says = run
    ? `cron ran ${named(run.path)} for ${named(account)}, where no program belongs, ${counted(times.total, 'time')}`
    : `a cron job of ${named(account)} ${tale?.says ?? ''}: "${shown(command, 120)}", ${counted(times.total, 'time')}`;
  return {
    key: `ran ${account} ${run?.path ?? command.slice(0, 300)}`,
    at: times.first,
    from: times.first,
    to: times.last,
    severity: (run !== null && run.odd !== 'hidden') || tale?.severity === 'high' || (tale !== null && service) ? 'high' : 'medium',
    confidence: 'medium',
    says,
    culprit: [...things, { is: 'account', name: account }],
    victim: [],
    evidence: [...lines.all()],
    seen: times.total,
    figures: { command: shown(command, 200) },
  };
}

function afterEntry(event: EventOf<'cron.changed'>, foreign: Foreign): FindingDraft[] {
  const { account, by } = event.fields;
  const entry = foreign.before(by, event.at, SESSION_MS);
  if (!entry) return [];
  return [
    {
      key: `replaced ${account} by ${by}`,
      at: event.at,
      severity: 'medium',
      confidence: 'medium',
      says: `the crontab of ${named(account)} was replaced by ${named(by)} after that account had been entered from ${named(entry.ip)}, whose network guessed`,
      culprit: [
        { is: 'account', name: by },
        { is: 'address', ip: entry.ip },
      ],
      victim: [],
      evidence: [evidenceOfLine(event), entry.evidence],
      seen: 1,
    },
  ];
}
