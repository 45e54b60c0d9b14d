/** A directory that people live from is never closed; one that an intruder named to be overlooked beside it is. */

import { describe, expect, it } from 'vitest';
import { needed } from '../../src/core/needed.ts';

describe('needed', () => {
  it.each([
    '/',
    '/srv',
    '/data',
    '/home/kim',
    '/srv/shop',
    '/var/www/shop.example',
    '/var/www/html',
    '/tmp',
    '/tmp/.X11-unix',
    '/home/kim/.ssh',
    '/var/www/shop/.well-known',
  ])('%s is', (directory) => expect(needed(directory)).toBe(true));

  it.each([
    '/var/www/ .',
    '/var/www/.. ',
    '/var/www/...',
    '/var/www/.k',
    '/srv/ x',
    '/srv/.d',
    '/home/...',
    '/home/.x',
    '/ .',
    '/.k',
    '/tmp/.k',
    '/var/www/shop/.k',
  ])('%s is not', (directory) => expect(needed(directory)).toBe(false));
});
