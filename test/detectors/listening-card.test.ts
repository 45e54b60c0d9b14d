/** Cards in promiscuous mode: those of the machine are told, those of containers are not. */

import { expect, it } from 'vitest';
import { listeningCard } from '../../src/detectors/listening-card.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const card = (device: string, on: boolean, at = 1_000) => event('kernel.promiscuous', { device, on }, at);

it('tells of a card of the machine, low, and accuses nobody', () => {
  const [finding] = hear(listeningCard, [card('eth0', true), card('eth0', false, 2_000), card('eth0', true, 3_000)]);
  expect(finding).toMatchObject({ severity: 'low', culprit: [], seen: 2, figures: { device: 'eth0', on: 'yes' } });
  expect(hear(listeningCard, [card('enp3s0', true), card('enp3s0', false, 2_000)])[0]?.figures?.['on']).toBe('no');
});

it('leaves the cards of containers and machines inside alone', () => {
  expect(hear(listeningCard, [card('veth12ab', true), card('docker0', true), card('vnet3', true), card('eth0', false)])).toEqual([]);
});
