import { describe, expect, it } from 'vitest';
import type { ProcessSeen } from '../../src/core/words.ts';
import { rawSocket } from '../../src/detectors/raw-socket.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const judge = (process: Partial<ProcessSeen>, proto: 'raw' | 'packet' | 'tcp' = 'packet') =>
  hear(rawSocket, [
    event('process.seen', processSeen({ pid: 9, startTicks: 3, ...process })),
    event('socket.seen', {
      proto,
      local: '',
      localPort: 0,
      remote: '',
      remotePort: 0,
      state: 'UNKNOWN',
      uid: 0,
      inode: 5,
      pid: 9,
      startTicks: 3,
      netns: null,
    }),
  ]);

describe('raw-socket', () => {
  it('accuses a sniffer out of place', () => expect(judge({ exe: '/var/tmp/.l/sn' })[0]).toMatchObject({ severity: 'high' }));
  it('explains a DHCP client, and an installed stranger less surely', () => {
    expect(judge({ exe: '/usr/sbin/dhclient' })[0]).toMatchObject({ severity: 'info', explained: expect.any(String) });
    expect(judge({ exe: '/usr/bin/odd' }, 'raw')[0]).toMatchObject({ severity: 'low' });
  });
  it('does not take the name of a sniffer in a hidden place for an installed one', () =>
    expect(judge({ exe: '/tmp/.d/dhclient' })[0]).toMatchObject({ severity: 'high' }));
  it('does not mind TCP', () => expect(judge({ exe: '/var/tmp/.l/sn' }, 'tcp')).toEqual([]));
});
