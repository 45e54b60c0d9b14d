/** What sshd allows one account from one address: the Match blocks of sshd_config(5) that fit, the first one that sets a keyword first. */

import { addressBits, fitsPattern } from './address-bits.ts';
import type { SshdMatch, SshdSeen } from './words.ts';

export interface Visitor {
  readonly user: string;
  readonly groups: readonly string[];
  /** Null where it is not known: then a block that asks for it is not decided. */
  readonly ip: string | null;
}

/** `maybe` = the block asks for what is not known here. */
export type Fits = 'yes' | 'no' | 'maybe';

export interface Allowed {
  readonly passwordAuthentication: boolean;
  readonly keyboardInteractive: boolean;
  readonly permitRootLogin: string;
  /** The Match line that opened or shut it for passwords; null where none did. */
  readonly by: string | null;
  /** Match lines that set it and could not be decided. */
  readonly undecided: readonly string[];
}

const PASSWORDS = ['passwordauthentication', 'kbdinteractiveauthentication'] as const;

export function allowedBy(sshd: SshdSeen, visitor: Visitor): Allowed {
  const blocks = sshd.matchBlocks ?? [];
  const fitting = blocks.filter((block) => fits(block, visitor) === 'yes');
  const first = (word: string) => fitting.find((block) => Object.hasOwn(block.settings, word));
  const value = (word: string) => first(word)?.settings[word]?.toLowerCase() ?? null;
  const password = value('passwordauthentication');
  const keyboard = value('kbdinteractiveauthentication');
  const by = first('passwordauthentication') ?? first('kbdinteractiveauthentication');
  const undecided = blocks.filter((block) => PASSWORDS.some((word) => Object.hasOwn(block.settings, word)) && fits(block, visitor) === 'maybe');
  return {
    passwordAuthentication: password === null ? sshd.passwordAuthentication : password === 'yes',
    keyboardInteractive: keyboard === null ? sshd.keyboardInteractive : keyboard === 'yes',
    permitRootLogin: value('permitrootlogin') ?? sshd.permitRootLogin,
    by: by ? `Match ${by.criteria}` : null,
    undecided: undecided.map((block) => `Match ${block.criteria}`),
  };
}

/** Match lines that let passwords in, for whomever. */
export function openedForPasswords(sshd: SshdSeen): string[] {
  const opens = ({ settings }: SshdMatch) =>
    settings['passwordauthentication']?.toLowerCase() === 'yes' || (sshd.usePam && settings['kbdinteractiveauthentication']?.toLowerCase() === 'yes');
  return (sshd.matchBlocks ?? []).filter(opens).map((block) => `Match ${block.criteria}`);
}

/** All criteria of a line must fit. */
export function fits({ criteria }: SshdMatch, visitor: Visitor): Fits {
  const words = criteria.split(/[\s=]+/).filter(Boolean);
  let result: Fits = 'yes';
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    if (word === 'all') continue;
    at += 1;
    const one = criterion(word, words[at] ?? '', visitor);
    if (one === 'no') return 'no';
    if (one === 'maybe') result = 'maybe';
  }
  return words.length === 0 ? 'no' : result;
}

function criterion(word: string, patterns: string, { user, groups, ip }: Visitor): Fits {
  const list = patterns.split(',').slice(0, PATTERNS_AT_MOST);
  if (word === 'user') return answered(fitsList(list, (pattern) => fitsPattern(user, pattern)));
  if (word === 'group') return answered(groups.some((group) => fitsList(list, (pattern) => fitsPattern(group, pattern))));
  if (word === 'address') return ip === null ? 'maybe' : answered(fitsList(list, (pattern) => fitsAddress(ip, pattern)));
  // Host, LocalAddress, LocalPort, RDomain and what later versions bring: the connection would have to be asked.
  return word === 'canonical' || word === 'final' ? 'no' : 'maybe';
}

/** sshd_config(5) sets no bound; a line that an editor can show has fewer. */
const PATTERNS_AT_MOST = 1_000;

function answered(yes: boolean): Fits {
  return yes ? 'yes' : 'no';
}

/** ssh_config(5), PATTERNS: one that is negated and fits makes the whole list not fit; negated ones alone fit nothing. */
function fitsList(patterns: readonly string[], one: (pattern: string) => boolean): boolean {
  if (patterns.some((pattern) => pattern.startsWith('!') && one(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && one(pattern));
}

/** ADDRESS/BITS, or a pattern with * and ?. */
function fitsAddress(ip: string, pattern: string): boolean {
  const cut = pattern.indexOf('/');
  if (cut < 0) return fitsPattern(ip, pattern.toLowerCase());
  const wanted = addressBits(pattern.slice(0, cut));
  const own = addressBits(ip);
  const bits = Number(pattern.slice(cut + 1));
  return wanted !== null && own !== null && wanted.length === own.length && bits >= 0 && bits <= own.length && own.startsWith(wanted.slice(0, bits));
}
