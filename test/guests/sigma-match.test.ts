/** Many Sigma rules at once: needles never cost a match, and an event is held against the rules of its own log. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigmaEvent } from '../../src/guests/sigma/event.ts';
import { holds } from '../../src/guests/sigma/holds.ts';
import { loadSigma } from '../../src/guests/sigma/load.ts';
import { SigmaMatcher } from '../../src/guests/sigma/match.ts';

function rule(id: string, source: string, detection: string): { path: string; text: string } {
  return { path: `${id}.yml`, text: `title: ${id}\nid: ${id}\nlogsource: {${source}}\ndetection:\n  sel: ${detection}\n  condition: sel\n` };
}

function found(files: readonly { path: string; text: string }[], event: unknown): string[] {
  const set = loadSigma(files);
  expect(set.refused).toEqual([]);
  return new SigmaMatcher(set.rules).match(new SigmaEvent(event)).map(({ id }) => id);
}

describe('needles', () => {
  const word = fc.stringMatching(/^[abΣσς]{1,6}$/);
  const value = fc.tuple(fc.constantFrom('', '*', '?', 'ab*'), word, fc.constantFrom('', '*', '*b')).map((parts) => parts.join(''));
  const line = fc.tuple(
    fc.constantFrom('x', 'x|contains', 'x|endswith', 'y|startswith|cased', "'|all'", 'x|contains|all'),
    fc.array(value, { minLength: 1, maxLength: 3 }),
  );
  const text = fc.stringMatching(/^[abABΣσς]{0,14}$/);

  it('every rule that an event passes is found, and no other', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), text, text, (lines, x, y) => {
        const files = lines.map(([key, values], n) => rule(`r${n}`, 'product: linux', `{${key}: ${JSON.stringify(values)}}`));
        const set = loadSigma(files);
        const event = new SigmaEvent({ x, y });
        expect(new SigmaMatcher(set.rules).match(event).map(({ id }) => id)).toEqual(
          set.rules.filter(({ check }) => holds(check, event)).map(({ id }) => id),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('only rules without a text of four characters are held against every event', () => {
    const files = [
      rule('long', 'product: linux', '{a|contains: curl}'),
      rule('short', 'product: linux', '{a|contains: nc}'),
      rule('number', 'product: linux', '{a: 4688}'),
      rule('both', 'product: linux', '{a: 1, b|endswith: /bash}'),
    ];
    expect(new SigmaMatcher(loadSigma(files).rules).slow).toBe(2);
  });
});

describe('logs', () => {
  const files = [
    rule('any', 'product: linux', '[word]'),
    rule('exec', 'product: linux, category: process_creation', '{CommandLine|contains: word}'),
    rule('web', 'category: webserver', '{cs-uri-query|contains: word}'),
    rule('dns', 'category: dns', '{query|contains: word}'),
    rule('sshd', 'product: linux, service: sshd', '[word]'),
    rule('audit', 'product: linux, service: auditd', '{type: EXECVE, a1: word}'),
    rule('windows', 'product: windows, category: process_creation', '{CommandLine|contains: word}'),
  ];

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a process', { 'event.category': 'process', 'process.command_line': 'x word' }, ['any', 'exec']],
    ['a process by name of the rule', { CommandLine: 'word' }, ['any', 'exec', 'sshd', 'windows']],
    ['a request, nested', { event: { category: ['web'], dataset: 'nginx.access' }, url: { original: '/word?x' } }, ['any', 'web']],
    ['a question', { 'event.dataset': 'network_traffic.dns', 'dns.question.name': 'word.example' }, ['any', 'dns']],
    ['sshd', { 'event.category': ['authentication'], 'process.name': 'sshd', message: 'word' }, ['any', 'sshd']],
    ['sudo', { 'event.category': ['authentication'], 'process.name': 'sudo', message: 'word' }, ['any']],
    ['audit', { 'event.dataset': 'auditd.log', 'auditd.log.record_type': 'EXECVE', 'auditd.log.a1': 'word' }, ['any', 'audit']],
    [
      'Windows',
      { Event: { System: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 }, EventData: { CommandLine: 'word' } } },
      ['windows'],
    ],
    [
      'Windows, another number',
      { Event: { System: { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 3 }, EventData: { CommandLine: 'word' } } },
      [],
    ],
    ['what the event says itself', { logsource: { product: 'windows', category: 'process_creation' }, CommandLine: 'word' }, ['windows']],
  ])('%s', (_name, event, ids) => expect(found(files, event)).toEqual(ids));

  it('what is not so is no match for an event that knows nothing of it, where the log is none of ours', () => {
    const text = 'title: z\nid: z\nlogsource: {product: zeek, service: rdp}\ndetection:\n  sel: {id.orig_h|cidr: 10.0.0.0/8}\n  condition: not sel\n';
    const ask = (event: unknown) => found([{ path: 'z.yml', text }], event);
    expect([ask({ message: 'x' }), ask({ 'id.orig_h': '10.1.1.1' }), ask({ 'id.orig_h': '192.0.2.1' })]).toEqual([[], [], ['z']]);
  });

  it('any JSON is an event', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (record) => {
        expect(Array.isArray(found(files, record))).toBe(true);
      }),
    );
  });
});
