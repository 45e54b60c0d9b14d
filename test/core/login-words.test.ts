import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loginSaid, outcomeSaid } from '../../src/core/login-words.ts';

describe('what a sentence says of a log-in', () => {
  it.each([
    ['Login failed for user `anna` from IP `198.51.100.7`.', '198.51.100.7', 'anna', 'failure'],
    ['Failed login attempt for username "anna" from ip 198.51.100.7 (User not found)', '198.51.100.7', 'anna', 'failure'],
    ['type="LOGIN_ERROR", userId="null", ipAddress="198.51.100.7", error="user_not_found", username="anna"', '198.51.100.7', 'anna', 'failure'],
    ['auth: failed to login user "anna" from ip 2001:db8::7: invalid username or password', '2001:db8::7', 'anna', 'failure'],
    ['Login failed for db:shop login:anna from 198.51.100.7', '198.51.100.7', 'anna', 'failure'],
    ['Rejected password for user root from 198.51.100.7', '198.51.100.7', 'root', 'failure'],
    ['imap-login: Login: user=<anna>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.1, TLS', '198.51.100.7', 'anna', 'success'],
    ['[anna] OK LOGIN: Client "198.51.100.7"', '198.51.100.7', null, 'success'],
    ['Login attempt or request with invalid authentication from host.example.com (198.51.100.7)', '198.51.100.7', null, 'failure'],
    ['User "anna" logged in with "password" from ip "198.51.100.7"', '198.51.100.7', 'anna', 'success'],
    ['PLAIN login refused: user anna (198.51.100.7:4711 -> 192.0.2.1:5672)', '198.51.100.7', 'anna', 'failure'],
  ])('%s', (message, ip, account, outcome) => {
    expect(loginSaid(message)).toEqual({ ip, account, outcome });
  });

  it.each([
    ['0 failed logins since yesterday'],
    ['no failed login attempts'],
    ['GET /login/failed took 8ms'],
    ['Server listening on 0.0.0.0 port 22.'],
    ['backup of 198.51.100.7 done'],
  ])('nothing of a log-in: %s', (message) => {
    expect(outcomeSaid(message)).toBeNull();
  });

  it('blames nobody whose address a visitor may have written', () => {
    expect(loginSaid('Login failed for user anna from 203.0.113.9 from 198.51.100.7').ip).toBeNull();
    expect(loginSaid('Login failed for user=203.0.113.9').ip).toBeNull();
    expect(loginSaid('Login failed, agent "x from 203.0.113.9"').ip).toBeNull();
    expect(loginSaid('Login failed, agent "x from 203.0.113.9", from 198.51.100.7').ip).toBe('198.51.100.7');
    expect(loginSaid('Authentication to 198.51.100.7 failed').ip).toBeNull();
    expect(loginSaid('Login failed, referrer http://203.0.113.9/ ').ip).toBeNull();
  });

  it('believes no word behind a request or an open quotation mark', () => {
    expect(loginSaid('GET /?x=1: Login failed for root from 203.0.113.9')).toEqual({ ip: null, account: null, outcome: null });
    expect(loginSaid('got "x: Login failed for root from 203.0.113.9')).toEqual({ ip: null, account: null, outcome: null });
  });

  it('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(() => loginSaid(text)).not.toThrow();
      }),
    );
  });
});
