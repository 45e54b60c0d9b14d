/** What a person must do after the machine was contained: rebuild, change which secrets, tell whom, look where else. */

import type { Given, Policy } from '../core/contracts.ts';
import { accountsAmong } from '../core/entity.ts';
import { queryAdvice } from '../core/query-advice.ts';
import { kindsGuessed, serversOf } from '../core/service-kind.ts';
import { listed } from '../core/text.ts';
import type { Case } from '../core/words.ts';

export const tellPeople: Policy = {
  name: 'tell-people',
  about: 'Names the work that no program should do: rebuilding, changing secrets, telling those who were hit.',
  cannotSee: 'contracts and laws: who must be told, and by when, differs by country and customer.',
  decide(story, given) {
    return { proposes: [], recommends: taken(story) ? afterCompromise(story, given) : afterAttack(story, given) };
  },
};

/** Only what is not explained and at least `medium` deserves a rebuilt machine. */
function taken(story: Case): boolean {
  return story.findings.some(
    (finding) => !finding.explained && finding.tells === 'compromise' && finding.severity !== 'low' && finding.severity !== 'info',
  );
}

function afterCompromise(story: Case, given: Given): string[] {
  const accounts = [
    ...new Set(
      story.findings
        .filter((finding) => finding.role === 'entry' && finding.tells === 'compromise' && !finding.explained)
        .flatMap((finding) => accountsAmong(finding.culprit)),
    ),
  ];
  const admin = given.eyes.accounts().some((account) => accounts.includes(account.name) && account.admin !== null);
  const root =
    admin ||
    accounts.includes('root') ||
    story.findings.some(isSecondRoot) ||
    story.findings.some((finding) => finding.detector === 'changed-package-file');
  const hit = story.chain.some((step) => step.role === 'victim');
  return [
    'Save the evidence off this machine before you change anything: the quarantined files, the logs with their rotated parts, this report.',
    root
      ? 'Rebuild the machine from known media and restore data, not programs: somebody may have been root here, and a cleaned system cannot be trusted. Save first: data, configuration to compare, the evidence.'
      : 'Rebuild the machine, or at least compare every program with the package sums from a trusted system: an account of it was in foreign hands.',
    `Change the secrets that were within reach: ${accounts.length > 0 ? `the passwords of ${listed(accounts)}, everywhere the same one is used, and ` : ''}SSH keys and tokens in the homes of these accounts${root ? ', the host keys, database and application passwords in /etc, and every password that was typed here since' : ''}.`,
    accounts.length > 0
      ? `Look for ${listed(accounts)} and for the addresses of this case on your other hosts: known_hosts and shell histories say where one can go from here.`
      : 'Look for the addresses and program sums of this case on your other hosts.',
    hit ? 'Tell your provider, and the owners of the addresses that were attacked (abuse contacts by whois), before they tell you.' : '',
    'Tell the person who is responsible for data protection: whether personal data was within reach decides who must be told, often within 72 hours.',
  ].filter(Boolean);
}

/** Made in this break-in: whoever made it was root. */
function isSecondRoot({ culprit, explained }: Case['findings'][number]): boolean {
  return !explained && culprit.some((entity) => entity.is === 'account' && entity.uid === 0 && entity.name !== 'root');
}

/** Each door by its own name: nothing about sshd is of use to a mail server. */
function afterAttack(story: Case, given: Given): string[] {
  const kinds = kindsGuessed(story.findings.filter((finding) => !finding.explained));
  const others = kinds.filter((kind) => kind !== 'ssh');
  return [
    ...(kinds.includes('ssh') ? [aboutSsh(story, given)] : []),
    ...(others.length > 0
      ? [
          `Let ${serversOf(others)} shut out addresses that are refused often, as fail2ban does, and let only those accounts log in there that need it; see that the names that were tried have strong passwords where they exist.`,
        ]
      : []),
    ...queryAdvice(story.findings),
  ];
}

function aboutSsh(story: Case, given: Given): string {
  const tried = new Set(story.findings.flatMap((finding) => accountsAmong(finding.victim)));
  const accounts = [...tried].filter((name) => exists(name, given));
  return `Allow log-ins by key only, or limit from where sshd can be reached${accounts.length > 0 ? `; check that ${listed(accounts, 4)} ${accounts.length === 1 ? 'has a strong password' : 'have strong passwords'} or none` : ''}.`;
}

/** By this machine's own accounts, or, where only logs are known, by what they say. */
function exists(name: string, { eyes, history }: Given): boolean {
  const accounts = eyes.accounts();
  if (accounts.length > 0) return accounts.some((account) => account.name === name && account.canLogIn);
  return history.guesses({ account: name }).some((run) => run.known);
}
