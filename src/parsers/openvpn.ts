/** Reads what OpenVPN writes about clients that it did not let in. */

import type { Parser } from '../core/contracts.ts';
import { PAM_AUTH } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form } from '../core/refused.ts';

/** `192.0.2.9:34791 `, `[2001:db8::1]:34791 `, with a client's name before it once it has one. */
const CLIENT = '(?:[^\\s/]{1,100}/)?(?:(?:tcp|udp)[46]?(?:-server)?:)?(?<ip>\\[[\\da-f:.]{2,45}\\]|[\\d.]{7,15}|[\\da-f:]{2,45}):(?<port>\\d{1,5}) ';

export const patterns: readonly Pattern[] = [
  form(
    'password-refused',
    'openvpn',
    [''],
    `${CLIENT}(?:TLS Auth Error: (?:Auth Username/Password verification failed for peer|username attempted to change)|PLUGIN_CALL: .{0,200} failed)`,
  ),
  form(
    'handshake-failed',
    'openvpn',
    [''],
    `${CLIENT}(?:TLS Error: (?:TLS handshake failed|TLS object|incoming packet|cannot locate HMAC|reading acknowledgement)|TLS_ERROR: |VERIFY ERROR|VERIFY X509NAME ERROR|OpenSSL: error:|Bad encapsulated packet|Fatal TLS error|WARNING: Bad encapsulated)`,
    'bad-protocol',
  ),
  form('redirected', 'openvpn', [''], `${CLIENT}SIGTERM\\[soft,port-share-redirect\\]`, 'bad-protocol'),
  PAM_AUTH,
];

export const openvpn: Parser = {
  name: 'openvpn',
  about: "Reads OpenVPN's lines about clients with wrong passwords, wrong certificates or another protocol.",
  cannotSee: 'Which account was tried, which OpenVPN leaves to its plug-ins, and UDP packets that tls-crypt drops in silence.',
  programs: ['openvpn', 'ovpn-server', 'openvpn-server', 'ovpn'],
  needles: ['TLS', 'VERIFY ', 'OpenSSL: ', 'PLUGIN_CALL', 'encapsulated packet', 'port-share-redirect', 'authentication '],
  parse: firstOf(patterns),
};
