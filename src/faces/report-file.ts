/**
 * The file that a report is written to. It is made new; what lies there already is never destroyed unless it is an older report
 * of ours or a person insists, and never what is being judged: that is evidence.
 */

import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../core/errors.ts';

/** How a report of ours begins, so that the next one may take its place. The Markdown one holds no markup that could carry a mark. */
const PAGE = /^<!DOCTYPE html>[\s\S]{0,600}<meta name="generator" content="tocsin/;
const TICKET = /^# (?:COMPROMISED|ATTACKED|CLEAN|UNKNOWN): [\s\S]{0,900}Written by Tocsin /;
const MARK_WITHIN_BYTES = 2048;
/** What a look at the running machine reads: a report must not take the place of a file there. */
const READ_ON_A_MACHINE = ['/boot', '/dev', '/etc', '/proc', '/run', '/sys', '/usr', '/var/lib', '/var/log', '/var/spool'];

/** What is being looked at: the root of a mounted disk ('' = this machine), and log files that were named. */
export interface LookedAt {
  readonly root: string;
  readonly logs: readonly string[];
}

/** Refuses early what could not be written in the end. Throws UserError. */
export function checkTarget(file: string, looked: LookedAt, force: boolean): void {
  const facts = fs.lstatSync(file, { throwIfNoEntry: false });
  const real = realOf(file);
  if (looked.root !== '' && isIn(real, looked.root))
    throw new UserError(`${file} lies on the disk that is looked at`, 'Write the report to another disk: that one is evidence.');
  if (facts === undefined) checkDirectory(file);
  else checkThere(file, facts, real, looked, force);
}

function checkThere(file: string, facts: fs.Stats, real: string, looked: LookedAt, force: boolean): void {
  if (facts.isSymbolicLink()) throw new UserError(`${file} is a symbolic link, and links are not followed`, 'Name a new file.');
  if (!facts.isFile())
    throw new UserError(`${file} is there already and is no file`, 'Name a new file; without a name the report goes to standard output.');
  if (isInput(facts, real, looked))
    throw new UserError(
      `${file} is one of the files that are looked at, or lies among them`,
      'Name another file: nothing may be written over evidence.',
    );
  if (!force && facts.size > 0 && !isOurs(file))
    throw new UserError(`${file} is there already and is no report of tocsin`, 'Name a new file, or give --force to replace it.');
}

/** After `checkTarget`; what changed since then is not overwritten. */
export function writeReport(file: string, text: string, looked: LookedAt, force: boolean): void {
  checkTarget(file, looked, force);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC } = fs.constants;
  const there = fs.lstatSync(file, { throwIfNoEntry: false });
  try {
    const fd = fs.openSync(file, there ? O_WRONLY | O_NOFOLLOW | O_TRUNC : O_WRONLY | O_CREAT | O_EXCL, 0o600);
    try {
      fs.writeFileSync(fd, text);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw unwritable(file, error);
  }
}

function checkDirectory(file: string): void {
  try {
    fs.accessSync(path.dirname(file), fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): UserError {
  return new UserError(
    `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    'Name a file in a directory that is yours and has room.',
  );
}

/** Where it really lies: directories resolved, the last name as it is. */
function realOf(file: string): string {
  try {
    return path.join(fs.realpathSync(path.dirname(file)), path.basename(file));
  } catch {
    return path.resolve(file);
  }
}

function isIn(file: string, directory: string): boolean {
  return file.startsWith(`${directory}/`);
}

/** Also by another name: hard links have one inode. */
function isInput(facts: fs.Stats, real: string, looked: LookedAt): boolean {
  const same = looked.logs.some((log) => {
    const input = log === '-' ? fs.fstatSync(0) : fs.statSync(log, { throwIfNoEntry: false });
    return input !== undefined && input.dev === facts.dev && input.ino === facts.ino;
  });
  return same || (looked.logs.length === 0 && READ_ON_A_MACHINE.some((place) => isIn(real, place)));
}

function isOurs(file: string): boolean {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    const buffer = Buffer.alloc(MARK_WITHIN_BYTES);
    const head = buffer.toString('utf8', 0, fs.readSync(fd, buffer, 0, buffer.length, 0));
    return PAGE.test(head) || TICKET.test(head);
  } finally {
    fs.closeSync(fd);
  }
}
