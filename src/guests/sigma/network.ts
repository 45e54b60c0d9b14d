/** Is an address of the event inside a network of the rule? Sigma calls it `cidr`; IPv4 and IPv6. */

import { addressBits } from '../../core/address-bits.ts';
import type { Test } from './rule.ts';
import { Unusable } from './rule.ts';

export function networkTest(text: string, line: number): Test {
  const [address = '', length] = text.trim().split('/');
  const bits = addressBits(address);
  const wanted = length === undefined ? bits?.length : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (bits === null || wanted === undefined || !(wanted <= bits.length)) throw new Unusable(`“${text.slice(0, 60)}” is no network`, line);
  const start = bits.slice(0, wanted);
  return {
    by: 'network',
    holds: (value) => {
      // The longest form of an address, with brackets and a zone, is far shorter.
      if (value.length > 100) return false;
      const seen = addressBits(
        value
          .trim()
          .replace(/^\[|\]$/g, '')
          .replace(/%.*$/, ''),
      );
      return seen !== null && seen.length === bits.length && seen.startsWith(start);
    },
  };
}
