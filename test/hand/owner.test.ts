/** Who besides root may give orders: a number or the name of an account, and nothing else. */

import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../src/hand/owner.ts';

const passwd = () =>
  'root:x:0:0::/root:/bin/sh\ntocsin-old:x:7:7::/:/x\ntocsin:!:998:997::/:/usr/sbin/nologin\nodd:x:-1:0::/:/x\nhuge:x:4294967295:0::/:/x\n';

describe('the owner of the socket', () => {
  it('is root where none is named, a number, or the account of that very name', () => {
    expect(ownerOf(undefined, passwd)).toBe(0);
    expect(ownerOf('1000', passwd)).toBe(1000);
    expect(ownerOf('tocsin', passwd)).toBe(998);
  });

  it('is nobody whom /etc/passwd does not know, or knows by a number that is none', () => {
    for (const word of ['nobody', 'odd', 'huge', '4294967295', '', '-1', 'a:b', 'toc.in', '../x'])
      expect(() => ownerOf(word, passwd)).toThrow('--owner');
  });
});
