/** Values that the log shows encoded: Base64 of UTF-8 or UTF-16, with the dashes of `windash` written out where need be. */

import { asCharacters, base64, base64AtOffsets, bytesOf, type Encoding } from './encode.ts';
import { Unusable } from './rule.ts';
import { DASHES, plainText, type Token } from './wildcard.ts';

/** A value on its way through the modifiers. */
export interface Chars {
  readonly tokens: readonly Token[];
  readonly encoding: Encoding;
}

/** Three dashes in five shapes each. */
const DASH_FORMS_AT_MOST = 125;

export function base64Forms(form: Chars, modifier: 'base64' | 'base64offset', line: number): Chars[] {
  return writtenOut(form.tokens, line).flatMap((tokens) => {
    const text = plainText(tokens);
    if (text === null) throw new Unusable(`“${modifier}” cannot encode a value with wildcards`, line);
    if (text === '') throw new Unusable(`“${modifier}” has an empty value`, line);
    const bytes = bytesOf(text, form.encoding);
    const encoded = modifier === 'base64' ? [base64(bytes)] : base64AtOffsets(bytes);
    return encoded.map((one): Chars => ({ tokens: [one], encoding: 'utf8' }));
  });
}

function writtenOut(tokens: readonly Token[], line: number): Token[][] {
  let forms: Token[][] = [[]];
  for (const token of tokens) {
    const dash = typeof token === 'object' && token.mark === 'dash';
    const choices: readonly Token[] = dash ? Array.from(DASHES) : [token];
    forms = forms.flatMap((form) => choices.map((choice) => [...form, choice]));
    if (forms.length > DASH_FORMS_AT_MOST) throw new Unusable('more than three dashes of “windash” to be encoded', line);
  }
  return forms;
}

/** UTF-16 that is not encoded further is looked for byte by byte. */
export function encodedText({ tokens, encoding }: Chars): readonly Token[] {
  if (encoding === 'utf8') return tokens;
  const mark = encoding === 'utf16' ? [asCharacters([0xff, 0xfe])] : [];
  const wide = encoding === 'utf16' ? 'utf16le' : encoding;
  const ready = tokens.map((token): Token => (typeof token === 'string' ? asCharacters(bytesOf(token, wide)) : token));
  const first = ready.findIndex((token) => typeof token === 'string');
  return first === -1 ? ready : [...ready.slice(0, first), ...mark, ...ready.slice(first)];
}
