import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { html } from '../../src/faces/html.ts';
import { markdown } from '../../src/faces/markdown.ts';
import { checkTarget, writeReport } from '../../src/faces/report-file.ts';
import { aReport, HOSTILE } from './a-report.ts';

let folder: string;
let log: string;

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-report-')));
  log = put('auth.log', 'evidence\n');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function put(name: string, content: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

const at = (name: string) => path.join(folder, name);
const write = (file: string, force = false) => writeReport(file, 'report', { root: '', logs: [log] }, force);

describe('a report file', () => {
  it('is made new, readable for its owner alone', () => {
    write(at('new.html'));
    expect(fs.readFileSync(at('new.html'), 'utf8')).toBe('report');
    expect(fs.statSync(at('new.html')).mode & 0o077).toBe(0);
  });

  it.each([false, true])('never takes the place of a log that is judged, by its own or another name (force %s)', (force) => {
    fs.linkSync(log, at('other-name.html'));
    fs.symlinkSync(log, at('link.html'));
    for (const file of [log, at('other-name.html'), at('link.html'), `${folder}/../${path.basename(folder)}/auth.log`])
      expect(() => write(file, force)).toThrow(UserError);
    expect(fs.readFileSync(log, 'utf8')).toBe('evidence\n');
  });

  it('follows no link, not even one that leads nowhere', () => {
    fs.symlinkSync(at('nowhere'), at('link.html'));
    expect(() => write(at('link.html'), true)).toThrow('symbolic link');
    expect(fs.existsSync(at('nowhere'))).toBe(false);
  });

  it('replaces what is there only when it is told to', () => {
    const file = put('notes.html', '<!DOCTYPE html><p>mine</p>');
    expect(() => write(file)).toThrow('is no report of tocsin');
    expect(fs.readFileSync(file, 'utf8')).toContain('mine');
    write(file, true);
    expect(fs.readFileSync(file, 'utf8')).toBe('report');
  });

  it.each(['compromised', 'attacked', 'clean', 'unknown'] as const)('replaces an older report that said %s, and an empty file', (verdict) => {
    for (const text of [html(aReport({ verdict })), markdown(aReport({ verdict })), markdown(aReport({ host: HOSTILE[5] ?? '', verdict })), '']) {
      const file = put('old', text);
      write(file);
      expect(fs.readFileSync(file, 'utf8')).toBe('report');
    }
  });

  it('is refused where it could not be written, before anything is looked at', () => {
    const looked = { root: '', logs: [] };
    expect(() => checkTarget(at('no/such/place.html'), looked, false)).toThrow('cannot be written');
    expect(() => checkTarget(folder, looked, true)).toThrow('is no file');
    expect(() => checkTarget('/etc/passwd', looked, true)).toThrow('looked at');
    checkTarget(at('new.html'), looked, false);
    expect(fs.existsSync(at('new.html'))).toBe(false);
  });

  it('is not written onto the disk that is looked at', () => {
    expect(() => checkTarget(at('new.html'), { root: folder, logs: [] }, true)).toThrow('lies on the disk');
  });
});
