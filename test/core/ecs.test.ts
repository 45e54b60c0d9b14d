import { describe, expect, it } from 'vitest';
import { ecsOf } from '../../src/core/ecs.ts';
import type { Event, EventDraft } from '../../src/core/words.ts';

function eventOf(draft: EventDraft): Event {
  return { ...draft, at: 0, source: 'test' } as Event; // kind and fields of a draft belong together
}

describe('events in ECS names', () => {
  it('a refused password has who, from where, and that it failed', () => {
    const fields = { account: 'root', ip: '192.0.2.9', port: 4711, method: 'password', service: 'sshd', known: true, times: 1, pid: 811 } as const;
    expect(ecsOf(eventOf({ kind: 'login.failed', fields }))).toMatchObject({
      'event.action': 'ssh_login',
      'event.category': ['authentication'],
      'event.outcome': 'failure',
      'source.ip': '192.0.2.9',
      'source.port': 4711,
      'user.name': 'root',
      'process.pid': 811,
    });
  });

  it('what is not known is absent', () => {
    const fields = { account: 'alice', ip: null, port: null, method: 'password', service: 'login', fingerprint: null, pid: null } as const;
    const ecs = ecsOf(eventOf({ kind: 'login.accepted', fields }));
    expect(Object.keys(ecs).filter((name) => /^(?:source|process)\./.test(name))).toEqual([]);
    expect(ecs['event.outcome']).toBe('success');
  });

  it('a host name is no address', () => {
    const fields = { ip: 'x.example.com', account: null, how: 'pam-told', service: 'sshd', times: 1, pid: 1 };
    const ecs = ecsOf(eventOf({ kind: 'login.probed', fields }));
    expect(ecs['source.ip']).toBeUndefined();
    expect(ecs['source.address']).toBe('x.example.com');
  });

  it('a visit that was not refused has no outcome', () => {
    const fields = { ip: '192.0.2.9', account: null, how: 'no-identification', service: 'sshd', times: 1, pid: 1 };
    expect(ecsOf(eventOf({ kind: 'login.probed', fields }))['event.outcome']).toBeUndefined();
  });

  it('sudo tells who acted as whom', () => {
    const fields = { account: 'alice', target: 'root', command: '/bin/ls', cwd: '/home/alice', tty: 'pts/0', service: 'sudo' };
    expect(ecsOf(eventOf({ kind: 'privilege.used', fields }))).toMatchObject({
      'user.name': 'alice',
      'user.effective.name': 'root',
      'process.command_line': '/bin/ls',
    });
  });

  it('a new group is a group and no user', () => {
    const fields = { change: 'group-created', account: '', group: 'web', uid: null, by: null, detail: 'GID=48' } as const;
    const ecs = ecsOf(eventOf({ kind: 'account.changed', fields }));
    expect(ecs).toMatchObject({ 'group.name': 'web', 'group.id': '48' });
    expect(ecs['user.name']).toBeUndefined();
  });

  it('a request is taken apart, that of a proxy too', () => {
    const base = { ip: '192.0.2.9', user: null, method: 'GET', version: '1.1', status: 404, bytes: 7, referrer: null, agent: 'x', site: null };
    expect(ecsOf(eventOf({ kind: 'web.request', fields: { ...base, target: '/a/b?c=d&e' } }))).toMatchObject({
      'url.path': '/a/b',
      'url.query': 'c=d&e',
      'url.original': '/a/b?c=d&e',
      'event.outcome': 'failure',
      'http.response.body.bytes': 7,
    });
    expect(ecsOf(eventOf({ kind: 'web.request', fields: { ...base, target: 'http://u@example.org:8080/x?y' } }))).toMatchObject({
      'url.domain': 'example.org',
      'url.port': 8080,
      'url.scheme': 'http',
      'url.path': '/x',
      'url.query': 'y',
    });
  });

  it('what was seen on the machine has no such names', () => {
    expect(ecsOf({ kind: 'tocsin.blind', at: 0, source: 'test', fields: { source: 'x', reason: 'y' } })).toEqual({});
  });
});
