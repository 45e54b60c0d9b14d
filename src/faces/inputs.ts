/** Checks the files and the directory that a person names, and says in a sentence what is wrong with them. */

import * as fs from 'node:fs';
import { UserError } from '../core/errors.ts';
import { mayBeSubject } from './subject.ts';

export function rootOf(root: string | undefined): string {
  if (root === undefined || root === '/') return '';
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`${root} is no directory`, 'Give the place where the other disk is mounted.');
  const real = fs.realpathSync(root);
  return real === '/' ? '' : real;
}

/** A file by its real path; a pipe by the name that it was given, because it has no other. */
export function logOf(file: string): string {
  if (file === '-') return file;
  const facts = factsOf(file);
  if (facts === null) {
    const hint = mayBeSubject(file) ? ` If it is what you ask about, put it first: tocsin investigate ${file} --log FILE` : '';
    throw new UserError(`${file} cannot be read: there is no such file`, `Check the name.${hint}`);
  }
  if (facts.isDirectory()) throw new UserError(`${file} is a directory`, `Name the files in it: ${file.replace(/\/+$/, '')}/auth.log*`);
  if (!facts.isFile() && !facts.isFIFO()) throw new UserError(`${file} is neither a file nor a pipe`, 'Name log files, or "-" for standard input.');
  try {
    fs.accessSync(file, fs.constants.R_OK);
  } catch {
    throw new UserError(`${file} cannot be read: permission denied`, 'Logs are often for root and group adm only: run as root.');
  }
  return facts.isFile() ? fs.realpathSync(file) : file;
}

function factsOf(file: string): fs.Stats | null {
  try {
    return fs.statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
