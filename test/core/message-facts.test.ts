import { describe, expect, it } from 'vitest';
import { saidFacts } from '../../src/core/message-facts.ts';

describe('what a line of an unknown program tells', () => {
  it.each([
    ['{TCP} 192.0.2.9:28487 -> 198.51.100.1:80', { 'source.ip': '192.0.2.9', 'destination.ip': '198.51.100.1', 'network.transport': 'tcp' }],
    ['shop.example 192.0.2.9 undefined GET /z22 404 ok 1', { 'source.ip': '192.0.2.9', 'url.original': '/z22', 'http.response.status_code': 404 }],
    ['[GIN] | 404 | 1.2ms | 192.0.2.9 | GET "/x"', { 'source.ip': '192.0.2.9', 'http.response.status_code': 404 }],
    ['Handling TCP connection from 192.0.2.9:35501 to 198.51.100.1:21', { 'source.ip': '192.0.2.9' }],
    ['Threat blocked|proto=TCP src=192.0.2.9 spt=1 dst=198.51.100.1 dpt=443', { 'source.ip': '192.0.2.9' }],
  ])('%s', (message, facts) => expect(saidFacts(message)).toMatchObject(facts));

  it.each(['Server listening on 0.0.0.0 port 22.', 'sync of 192.0.2.9 finished', 'Authentication to 192.0.2.9 failed', 'listening on [::]:80'])(
    'nobody came: %s',
    (message) => expect(saidFacts(message)).not.toHaveProperty(['source.ip']),
  );

  it('what a visitor asked for is not who he is', () => {
    expect(saidFacts('192.0.2.9 GET /?from=203.0.113.9 404')).toMatchObject({ 'source.ip': '192.0.2.9' });
    expect(saidFacts('GET /x 203.0.113.9 GET /y')).not.toHaveProperty(['source.ip']);
  });
});
