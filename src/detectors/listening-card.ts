/** A network card that was told to take in what is meant for others (promiscuous mode): sniffers do that, and bridges and capture tools too. */

import type { Detector } from '../core/contracts.ts';
import { evidenceOfLine } from '../core/quotes.ts';
import { counted, named } from '../core/text.ts';
import { Bounded } from '../core/window.ts';
import type { EventOf, FindingDraft } from '../core/words.ts';

const DEVICES_AT_MOST = 500;
/** Bridges of containers and virtual machines set their members to it, all day long. */
const VIRTUAL = /^(?:veth|vnet|tap|tun|br|docker|virbr|lxc|lxd|vmbr|fwpr|fwln|cali|cni|cilium|flannel|bond|team|ovs|macvtap|dummy|lo)/;

interface Device {
  readonly first: EventOf<'kernel.promiscuous'>;
  times: number;
  on: boolean;
}

export const listeningCard: Detector = {
  name: 'listening-card',
  about: 'Tells of network cards that were set to take in the traffic of others.',
  cannotSee: 'which program did it, and sniffers that do with the traffic of this host alone.',
  attack: ['T1040'],
  tells: 'oddity',
  role: 'effect',
  start() {
    const devices = new Bounded<Device>(DEVICES_AT_MOST, (device) => device.times);
    return {
      'kernel.promiscuous': (event) => {
        const { device, on } = event.fields;
        if (VIRTUAL.test(device)) return null;
        const seen = on ? devices.open(device, () => ({ first: event, times: 0, on })) : devices.get(device);
        if (!seen) return null;
        seen.on = on;
        if (on) seen.times += 1;
        return null;
      },
      'sweep.done': () => devices.entries().map(([device, seen]) => told(device, seen)),
    };
  },
};

function told(device: string, { first, times, on }: Device): FindingDraft {
  return {
    key: device,
    at: first.at,
    severity: 'low',
    confidence: 'weak',
    says: `network card ${named(device)} was set to take in what is meant for others, ${counted(times, 'time')}${on ? ', and the logs do not say that it ended' : '; it ended again'}`,
    // No process is logged with it: it belongs to a case only by one that holds such a socket now.
    culprit: [],
    victim: [],
    evidence: [evidenceOfLine(first)],
    seen: times,
    figures: { device, on: on ? 'yes' : 'no' },
  };
}
