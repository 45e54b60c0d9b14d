/** What a script's text tells: whether it goes round, and which odd places it names. */

import { describe, expect, it } from 'vitest';
import { inlineText, loops, scriptSays } from '../../src/core/script-text.ts';

describe('a loop', () => {
  it.each([
    'while true; do ./x; done',
    '#!/bin/bash\nwhile sleep 2; do pgrep x || ./x; done\n',
    'cd /a && until ./x; do :; done',
    'for i in $(cat l); do ssh $i & done',
    'if a; then while :; do b; done; fi',
    '(while :; do x; done) &',
    'while (1) { system("./x") }',
    'for(;;){ fork or exec "x" }',
    'sleep 1000 while 1;',
    'import time\nwhile True:\n  run()\n',
    'loop do\n  run\nend\n',
  ])('%j goes round', (text) => expect(loops(text)).toBe(true));

  it.each([
    '/usr/bin/python3 /tmp/m.py && sleep 0',
    './conftest -e "sleep 100"\ntrue\n',
    '# while true; do x; done\n./x\n',
    'echo waiting for the database',
    'apt-get install -y for-while',
    'wait_until ready',
  ])('%j does not', (text) => expect(loops(text)).toBe(false));
});

describe('the places a script names', () => {
  it('are the odd ones, without those that everybody shares', () => {
    const text = 'cd /var/tmp/.f; /usr/bin/true; ls /tmp; "/dev/shm/k" # /tmp/x\n# /tmp/.no\n';
    expect(scriptSays(text, false)).toEqual({ loops: false, names: ['/var/tmp/.f', '/dev/shm/k', '/tmp/x'], gone: false });
  });
  it('are at most twenty', () => {
    const text = Array.from({ length: 50 }, (_, at) => `/tmp/${at}`).join(' ');
    expect(scriptSays(text, true).names).toHaveLength(20);
  });
});

describe('text on a command line', () => {
  it('is what follows -c or -e, when there is no script', () => {
    expect(inlineText({ argv: ['sh', '-c', 'x; y'], script: null })).toBe('x; y');
    expect(inlineText({ argv: ['perl', '-we', '1'], script: null })).toBe('1');
    expect(inlineText({ argv: ['sh', 'a.sh', '-c', 'x'], script: '/a.sh' })).toBeNull();
    expect(inlineText({ argv: ['-bash'], script: null })).toBeNull();
  });
});
