/** Reads what an opening parenthesis starts: groups, looks around, conditions, flags, comments. */

import { EMPTY, type Node, widthOf } from './ast.ts';
import { accept, type Flags, fail, IDENTIFIER, next, peek, type Reader, readUntil, readWhile } from './cursor.ts';
import { backTo } from './escapes.ts';

export type ReadBody = (reader: Reader, flags: Flags) => Node;

/** What a parenthesis gave: a part, or flags that hold from here on. */
export type Opened = { readonly node: Node } | { readonly flags: Flags };

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = { i: 'ignoreCase', m: 'multiline', s: 'dotAll', x: 'verbose', a: 'ascii' };

export function readGroup(reader: Reader, flags: Flags, readBody: ReadBody): Opened {
  const opened = reader.at - 1;
  if (!accept(reader, '?')) return { node: capture(reader, flags, readBody, undefined, opened) };
  const token = next(reader);
  switch (token) {
    case '':
      return fail('unexpected end of pattern', reader.at);
    case 'P':
      return { node: pythonExtension(reader, flags, readBody, opened) };
    case ':':
      return { node: plain(closed(reader, flags, readBody, opened)) };
    case '#':
      return comment(reader, opened);
    case '=':
    case '!':
      return { node: look(reader, flags, readBody, opened, true, token === '!') };
    case '<':
      return { node: angle(reader, flags, readBody, opened) };
    case '(':
      return { node: condition(reader, flags, readBody, opened) };
    case '>':
      return { node: { kind: 'atomic', body: closed(reader, flags, readBody, opened) } };
    default:
      return otherExtension(reader, flags, readBody, opened, token);
  }
}

function otherExtension(reader: Reader, flags: Flags, readBody: ReadBody, opened: number, token: string): Opened {
  if (reader.pcre && token === "'") return { node: named(reader, flags, readBody, opened, "'") };
  if (token === '-' || 'aiLmsux'.includes(token)) return flagGroup(reader, flags, readBody, opened, token);
  return fail(`unknown extension ?${token}`, opened + 1);
}

function closed(reader: Reader, flags: Flags, readBody: ReadBody, opened: number): Node {
  const body = readBody(reader, flags);
  if (!accept(reader, ')')) fail('missing ), unterminated subpattern', opened);
  return body;
}

/** A group that does not capture hides what is bare inside: `(?:a*)*` may be repeated, `a**` may not. */
function plain(body: Node): Node {
  return body.kind === 'repeat' || body.kind === 'at' ? { kind: 'cat', items: [body] } : body;
}

function capture(reader: Reader, flags: Flags, readBody: ReadBody, name: string | undefined, opened: number): Node {
  const index = reader.names.length;
  reader.names.push(name);
  reader.open.add(index);
  const body = closed(reader, flags, readBody, opened);
  reader.open.delete(index);
  return { kind: 'group', index, body };
}

function named(reader: Reader, flags: Flags, readBody: ReadBody, opened: number, closing: string): Node {
  const from = reader.at;
  const name = readUntil(reader, closing, 'group name');
  if (!IDENTIFIER.test(name)) fail(`bad character in group name '${name}'`, from);
  const known = reader.names.indexOf(name);
  if (known > 0) fail(`redefinition of group name '${name}' as group ${reader.names.length}; was group ${known}`, from);
  return capture(reader, flags, readBody, name, opened);
}

function pythonExtension(reader: Reader, flags: Flags, readBody: ReadBody, opened: number): Node {
  if (accept(reader, '<')) return named(reader, flags, readBody, opened, '>');
  if (!accept(reader, '='))
    return peek(reader) === '' ? fail('unexpected end of pattern', reader.at) : fail(`unknown extension ?P${peek(reader)}`, opened + 1);
  const from = reader.at;
  const name = readUntil(reader, ')', 'group name');
  if (!IDENTIFIER.test(name)) fail(`bad character in group name '${name}'`, from);
  const group = reader.names.indexOf(name);
  if (group < 1) fail(`unknown group name '${name}'`, from);
  return backTo(reader, group, from, flags);
}

function comment(reader: Reader, opened: number): Opened {
  for (;;) {
    const token = next(reader);
    if (token === '') return fail('missing ), unterminated comment', opened);
    if (token === ')') return { node: EMPTY };
  }
}

function angle(reader: Reader, flags: Flags, readBody: ReadBody, opened: number): Node {
  const token = peek(reader);
  if (token === '') return fail('unexpected end of pattern', reader.at);
  if (token === '=' || token === '!') {
    next(reader);
    return look(reader, flags, readBody, opened, false, token === '!');
  }
  return reader.pcre ? named(reader, flags, readBody, opened, '>') : fail(`unknown extension ?<${token}`, opened + 1);
}

function look(reader: Reader, flags: Flags, readBody: ReadBody, opened: number, ahead: boolean, negative: boolean): Node {
  const body = closed(reader, flags, readBody, opened);
  if (ahead) return { kind: 'look', ahead, negative, width: 0, body };
  if (reader.pcre && body.kind === 'alt') {
    const each: Node[] = body.branches.map((branch) => behind(branch, negative, opened));
    return negative ? { kind: 'cat', items: each } : { kind: 'alt', branches: each };
  }
  return behind(body, negative, opened);
}

function behind(body: Node, negative: boolean, opened: number): Node {
  const [low, high] = widthOf(body);
  if (low !== high) fail('look-behind requires fixed-width pattern', opened);
  return { kind: 'look', ahead: false, negative, width: low, body };
}

function condition(reader: Reader, flags: Flags, readBody: ReadBody, opened: number): Node {
  const from = reader.at;
  const raw = readUntil(reader, ')', 'group name');
  const name = reader.pcre ? raw.replace(/^(?:<(.*)>|'(.*)')$/, '$1$2') : raw;
  const group = conditionGroup(reader, name, from);
  const body = closed(reader, flags, readBody, opened);
  if (body.kind !== 'alt') return { kind: 'cond', group, yes: body, no: EMPTY };
  const [yes = EMPTY, no = EMPTY] = body.branches;
  if (body.branches.length > 2) fail('conditional backref with more than two branches', reader.at - 1);
  return { kind: 'cond', group, yes, no };
}

function conditionGroup(reader: Reader, name: string, from: number): number {
  if (IDENTIFIER.test(name)) {
    const group = reader.names.indexOf(name);
    return group < 1 ? fail(`unknown group name '${name}'`, from) : group;
  }
  if (!/^[0-9]+$/.test(name)) return fail(`bad character in group name '${name}'`, from);
  const group = Number(name);
  if (group === 0) return fail('bad group number', from);
  reader.forward.push({ group, at: from });
  return group;
}

/** `(?i)`, `(?i:…)`, `(?-i:…)`. */
function flagGroup(reader: Reader, flags: Flags, readBody: ReadBody, opened: number, first: string): Opened {
  const on = first === '-' ? '' : first + readWhile(reader, /^[aiLmsux]$/);
  const minus = first === '-' || (peek(reader) === '-' && next(reader) === '-');
  const off = minus ? readWhile(reader, /^[aiLmsux]$/) : '';
  if (on.includes('L')) fail("bad inline flags: cannot use 'L' flag with a str pattern", reader.at);
  if (minus && off === '') fail(peek(reader) === '' ? 'missing flag' : /^[a-zA-Z]$/.test(peek(reader)) ? 'unknown flag' : 'missing flag', reader.at);
  if (/[aLu]/.test(off)) fail("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", reader.at);
  const changed: Record<keyof Flags, boolean> = { ...flags };
  for (const letter of on) if (FLAG_NAMES[letter] !== undefined) changed[FLAG_NAMES[letter]] = true;
  if (on.includes('u')) changed.ascii = false;
  for (const letter of off) {
    if (on.includes(letter)) fail('bad inline flags: flag turned on and off', reader.at);
    if (FLAG_NAMES[letter] !== undefined) changed[FLAG_NAMES[letter]] = false;
  }
  const token = next(reader);
  if (token === ':') return { node: plain(closed(reader, changed, readBody, opened)) };
  if (token === ')' && (!minus || reader.pcre)) return { flags: changed };
  if (token === '') return fail(minus ? 'missing :' : 'missing -, : or )', reader.at);
  return fail(/^[a-zA-Z]$/.test(token) ? 'unknown flag' : minus ? 'missing :' : 'missing -, : or )', reader.at - token.length);
}
