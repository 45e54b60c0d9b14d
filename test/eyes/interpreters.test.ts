import { describe, expect, it } from 'vitest';
import { scriptOf } from '../../src/eyes/interpreters.ts';

describe('scriptOf', () => {
  it.each([
    ['/bin/dash', ['sh', './go'], '/tmp/.x', '/tmp/.x/go'],
    ['/usr/bin/bash', ['bash', '-x', '/a/b.sh', 'arg'], '/', '/a/b.sh'],
    ['/usr/bin/python3.11', ['python3', '-u', '-W', 'ignore', 'run.py'], '/srv', '/srv/run.py'],
    ['/usr/bin/perl', ['perl', '-w', 'scan.pl'], '/', '/scan.pl'],
    ['/usr/bin/php8.2', ['php', '-d', 'a=b', '-f', '/w/x.php'], '/', '/w/x.php'],
    ['/usr/bin/node', ['node', '--require', 'x', 'app.js'], '/srv', '/srv/app.js'],
    ['/usr/bin/node', ['node', '--conditions', 'node', '-r', 'dotenv/config', '--title', 'w', '/srv/app.js'], '/tmp', '/srv/app.js'],
    ['/usr/bin/node', ['node', '--title=w', '--enable-source-maps', 'app.js'], '/srv', '/srv/app.js'],
    ['/usr/bin/ruby3.1', ['ruby', '-r', 'json', 'run.rb'], '/srv', '/srv/run.rb'],
    ['/bin/busybox', ['busybox', 'sh', 'go'], '/t', '/t/go'],
  ])('%s %j', (exe, argv, cwd, script) => expect(scriptOf(exe, argv, cwd)).toBe(script));

  it.each([
    ['/bin/dash', ['sh', '-c', 'while :; do ./x; done']],
    ['/usr/bin/perl', ['perl', '-e', 'print']],
    ['/usr/bin/python3.11', ['python3', '-m', 'http.server']],
    ['/usr/bin/bash', ['-bash']],
    ['/usr/bin/bash', ['bash', '-lc', 'x']],
    ['/usr/sbin/nginx', ['nginx', '/etc/x']],
    ['/usr/sbin/php-fpm8.2', ['php-fpm: pool www']],
  ])('%s %j runs no script file', (exe, argv) => expect(scriptOf(exe, argv, '/')).toBeNull());
});
