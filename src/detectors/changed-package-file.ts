/** Programs that are not what their package brought: exchanged sshd, login, ps, or anything that runs now. */

import type { Detector } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { named } from '../core/text.ts';
import type { FindingDraft, PackageFileSeen } from '../core/words.ts';

/** While one of these runs, files and sums change one after the other. */
const AT_WORK = /^(?:dpkg|apt|apt-get|aptitude|unattended-upgr|rpm|dnf|yum|zypper|packagekitd)/;

export const changedPackageFile: Detector = {
  name: 'changed-package-file',
  about: 'Compares running programs and log-in programs with the sums of their packages.',
  cannotSee: 'a change to which the intruder fitted the sums on the same disk; keep a baseline off the host.',
  attack: ['T1554', 'T1556.003'],
  tells: 'compromise',
  role: 'foothold',
  start() {
    const changed: FindingDraft[] = [];
    let upgrading = false;
    return {
      'process.seen': ({ fields }) => {
        upgrading ||= AT_WORK.test(fields.name) && /^\/usr\/(?:s?bin|lib)\//.test(fields.exe ?? '');
        return null;
      },
      'package-file.seen': ({ fields, at }) => {
        const draft = told(fields, at);
        if (draft && changed.length < CHANGED_AT_MOST) changed.push(draft);
        return null;
      },
      'sweep.done': () =>
        upgrading
          ? changed.map(
              (draft) =>
                ({ ...draft, severity: 'info', explained: 'a package manager is at work: look again when it is done' }) satisfies FindingDraft,
            )
          : changed,
    };
  },
};

const CHANGED_AT_MOST = 1_000;

function told(file: PackageFileSeen, at: number): FindingDraft | null {
  if (file.verdict === 'changed') return changedFile(file, at);
  const shadows = file.verdict === 'unowned' && file.because === 'login-path';
  return shadows ? strangerFile(file, at) : null;
}

function changedFile(file: PackageFileSeen, at: number): FindingDraft {
  return {
    key: file.path,
    at: file.changedAt ?? at,
    severity: 'high',
    confidence: 'strong',
    says: `${named(file.path)} is not the file that package ${named(file.package ?? '?')}${file.version ? ` ${named(file.version)}` : ''} brought: its sum is ${file.found ?? 'unknown'} and should be ${file.expected ?? 'unknown'}`,
    culprit: [{ is: 'file', path: file.path }],
    victim: [],
    evidence: [
      {
        source: 'packages',
        path: file.path,
        ...(file.changedAt === null ? {} : { at: file.changedAt }),
        says: `md5 ${file.found}, expected ${file.expected}`,
      },
    ],
    seen: 1,
    figures: { because: file.because },
  };
}

/** A `ps` or `sshd` that no package brought, in front of or beside the real one. Administrators do put their own into /usr/local. */
function strangerFile(file: PackageFileSeen, at: number): FindingDraft {
  const local = file.path.startsWith('/usr/local/');
  return {
    key: file.path,
    at: file.changedAt ?? at,
    severity: local ? 'low' : 'medium',
    confidence: local ? 'weak' : 'medium',
    says: `no package brought ${named(file.path)}, though ${named(nameOf(file.path))} takes passwords or shows what runs`,
    culprit: [{ is: 'file', path: file.path }],
    victim: [],
    evidence: [{ source: 'packages', path: file.path, ...(file.changedAt === null ? {} : { at: file.changedAt }) }],
    seen: 1,
    tells: local ? 'oddity' : 'compromise',
    figures: { because: file.because },
  };
}
