/** Whom a sentence of an unknown program names as the account, by the words and keys that programs write before it. */

import { addressOf } from './peer.ts';

const NAME_CHARACTERS = 256;
const KEY =
  '(?:user(?:[ _]?name|[ _]?id)?|account(?:[ _]?(?:name|id))?|acct|acc|login(?:[ _]?name)?|uname|e-?mail|principal(?:[ _]?name)?|identity|subject|clientaccount|name)';
const NAME = `[^\\s"'\`,;:()\\[\\]<>{}|=]{1,${NAME_CHARACTERS}}`;
const FOLLOWS =
  '(?=\\s(?:from|failed|with|on|at|has|not|is|was|denied|rejected|does|via|using|client|ip|IP|host|against|in|[(\\[])|\\s?[(,;]|[.:]?\\s*$)';
/** From the most to the least certain: a key, a name in quotation marks or brackets, a name between fixed words; of equals the first in the sentence. */
const ACCOUNTS: readonly (readonly RegExp[])[] = [
  // `KEY=NAME`, `KEY: "NAME"`, `KEY=<NAME>`; `error:` and the like are no keys of names.
  [new RegExp(`(?<![\\w])(?!name)${KEY}["']?(?: ?=|:) ?["'\`<]?(${NAME}(?::(?=\\w)${NAME})?)`, 'dgi')],
  [new RegExp(`(?<![\\w-])name=["'\`<]?(${NAME})`, 'dgi')],
  [
    new RegExp(
      `\\b(?:user(?:name)?|account|login|e-?mail|admin|for|by|as|of|using)\\s{1,2}(?:user(?:name)? |account |input |name )?["'\`\\[<]([^"'\`\\]><\\s]{1,${NAME_CHARACTERS}})["'\`\\]>]`,
      'dgi',
    ),
  ],
  [
    new RegExp(`\\b(?:user(?:name)?|account)\\s{1,2}(${NAME}?)[.:]?(?:${FOLLOWS}|(?=\\s(?:auth|log|sign|tried|could|cannot|entered)))`, 'dgi'),
    new RegExp(`\\b(?:for|as|by)\\s{1,2}(?:(?:the|an?|invalid|unknown|illegal|user(?:name)?|account)\\s){0,3}(${NAME}?)[.:]?${FOLLOWS}`, 'dg'),
  ],
  [
    new RegExp(
      `\\b(?:[Ll]og-?[io]n|[Aa]uthentication|[Ss]ign-?in) (?:failed|failure|denied|refused|rejected|error)[.:]? (${NAME})(?= \\(|,|$)`,
      'dg',
    ),
  ],
];
/** Words of the sentence that stand where a name would. */
const NO_NAME =
  /^(?:from|the|an?|with|failed|failure|ip|client|not|is|was|name|password|passwd|attempts?|and|or|user|username|account|login|invalid|unknown|null|none|nil|undefined|anonymous|n\/a|-+|\?+|reason|error|requests?|host|remote|all|this|login_error|credentials|authentication|security|success|successful|true|false|on|at|in|to|by|address|root cause|publickey|keyboard-interactive|\d{1,2})$/i;
const MATCHES_AT_MOST = 8;

export interface Named {
  /** Null = the name looks like an address: the visitor's word. */
  readonly account: string | null;
  readonly start: number;
  readonly end: number;
}

export function accountIn(text: string): Named | null {
  for (const forms of ACCOUNTS) {
    const [first] = forms.flatMap((form) => firstName(text, form) ?? []).sort((a, b) => a.start - b.start);
    if (first) return first;
  }
  return null;
}

function firstName(text: string, form: RegExp): Named | null {
  let tried = 0;
  for (const found of text.matchAll(form)) {
    tried += 1;
    if (tried > MATCHES_AT_MOST) return null;
    const [start = 0, end = 0] = found.indices?.[1] ?? [];
    const name = (found[1] ?? '').replace(/[.:]$/, '');
    if (name !== '' && !NO_NAME.test(name)) return { account: addressOf(name) === null ? name : null, start, end };
  }
  return null;
}
