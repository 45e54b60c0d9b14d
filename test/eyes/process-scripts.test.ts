import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scripts } from '../../src/eyes/process-scripts.ts';

describe('what the script of a process says', () => {
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-scripts-'));
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  it('is read from the file', () => {
    const file = path.join(folder, 'there.sh');
    fs.writeFileSync(file, '#!/bin/sh\nwhile :; do /opt/x/y; done\n');
    expect(new Scripts().says(process.pid, file, true, null)?.gone).toBe(false);
  });

  it('is gone where the whole path was given and nothing lies there', () => {
    expect(new Scripts().says(process.pid, path.join(folder, 'never'), true, null)?.gone).toBe(true);
  });

  it('is not known where the path was relative: the process may have changed its directory since', () => {
    expect(new Scripts().says(process.pid, path.join(folder, 'app.py'), false, null)).toBeNull();
  });
});
