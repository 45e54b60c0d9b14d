import { describe, expect, it } from 'vitest';
import { passwordRefused } from '../../src/core/web-login-answer.ts';

const asked = (method: string, target: string, status: number, user: string | null = null) => passwordRefused({ method, target, status, user });

describe('was a password refused by this answer alone?', () => {
  it.each([
    ['POST', '/wp-login.php', 200],
    ['POST', '/blog/wp-login.php?redirect_to=%2F', 200],
    ['POST', '/typo3/?loginProvider=1433416747', 200],
    ['POST', '/?_task=login', 401],
    ['POST', '/api/v1/login', 401],
    ['POST', '/api/user/token-auth/', 401],
  ])('%s %s %i: yes', (method, target, status) => expect(asked(method, target, status)).toBe(true));

  it.each([
    ['POST', '/wp-login.php', 302],
    ['GET', '/wp-login.php', 200],
    ['POST', '/wp-login.php?action=lostpassword', 200],
    ['POST', '/wp-login.phpx', 200],
    ['POST', '/api/items', 401],
    ['GET', '/', 401],
    ['POST', '/login', 200],
  ])('%s %s %i: no', (method, target, status) => expect(asked(method, target, status)).toBe(false));

  it('a name that is refused by HTTP itself is one, whatever the page', () => {
    expect(asked('GET', '/private', 401, 'alice')).toBe(true);
  });
});
