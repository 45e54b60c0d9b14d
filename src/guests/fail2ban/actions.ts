/** What a jail's actions become here: a ban of our own, a letter of our own, or nothing, and then why. */

import { named } from '../../core/text.ts';
import { type Call, callOf, callsIn } from './calls.ts';
import type { JailAction } from './definition.ts';

/** Actions that keep an address out with what this machine has: fail2ban's file names up to the first further word. */
const BANS =
  /^(?:iptables|nftables|ufw|firewallcmd|ipset|route|shorewall|pf|npf|apf|ipfw|ipfilter|bsd-ipfw|osx-ipfw|osx-afctl|hostsdeny|symbiosis-blacklist)(?:$|[-_.])/;
const LETTERS = /^(?:sendmail|mail|smtp)(?:$|[-_.])/;

interface Kind {
  readonly names: RegExp;
  readonly says: string;
}

const OTHERS: readonly Kind[] = [
  { names: /^(?:cloudflare|netscaler|nsupdate)/, says: 'blocks the address at another machine or provider, which is not taken over' },
  {
    names: /^(?:abuseipdb|blocklist_de|badips|dshield|ipthreat|mynetwatchman|complain|xarf)/,
    says: 'tells others about the address, which is not taken over: nothing is sent anywhere',
  },
  { names: /^apprise/, says: 'tells people by a messenger, which is not taken over' },
  { names: /^nginx-block-map/, says: 'writes into the configuration of nginx, which is not taken over' },
  { names: /^dummy/, says: 'is for trying fail2ban out and does nothing here' },
];

/** A ban that lets in instead: jails such as pass2allow open a port to whoever knocks. */
const OPENS = /^(?:accept|allow|return|pass)\b/i;

export interface ActionsRead {
  readonly actions: readonly JailAction[];
  /** Words that are no action, each with why. */
  readonly unread: readonly string[];
  /** True when an action opens where the others close: such a jail must not ban. */
  readonly opens: boolean;
}

export function actionsOf(text: string): ActionsRead {
  const actions: JailAction[] = [];
  const unread: string[] = [];
  let opens = false;
  for (const words of callsIn(text)) {
    const call = callOf(words);
    if ('says' in call) unread.push(`${named(words.slice(0, 60))}: ${call.says}`);
    else {
      actions.push(actionOf(call));
      opens ||= lets(call);
    }
  }
  return { actions, unread, opens };
}

function lets(call: Call): boolean {
  return BANS.test(call.name) && OPENS.test(call.options['blocktype'] ?? '');
}

function actionOf(call: Call): JailAction {
  const { name, options } = call;
  if (lets(call)) return { name, options, becomes: 'none', says: 'lets the address in instead of keeping it out, which is not taken over' };
  if (BANS.test(name)) return { name, options, becomes: 'ban', says: 'our own ban takes its place' };
  if (LETTERS.test(name)) return { name, options, becomes: 'mail', says: 'our own letters take its place' };
  const says = OTHERS.find((kind) => kind.names.test(name))?.says ?? 'is not known here and is not run';
  return { name, options, becomes: 'none', says };
}

/** What the bans of a jail close, several as fail2ban writes lists: with commas. */
export function closedBy(actions: readonly JailAction[], option: 'port' | 'protocol', otherwise: string): string {
  const bans = actions.filter((action) => action.becomes === 'ban');
  const said = bans.map((action) => (option === 'port' && action.name.includes('allports') ? '0:65535' : (action.options[option] ?? otherwise)));
  const parts = new Set(said.flatMap((list) => list.split(/[\s,]+/)).filter((part) => part !== ''));
  return parts.size === 0 ? otherwise : [...parts].join(',');
}
