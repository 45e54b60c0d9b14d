/** A botnet's noise beside an owner who has two places, and beside somebody who guessed right. */

import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/words.ts';
import { entryAfterGuessing } from '../../src/detectors/entry-after-guessing.ts';
import { accepted, failed, HOUR, hear, MINUTE, START } from './hearing.ts';

let pid = 0;
/** One try each of so many addresses of different networks. */
function noise(count: number, at: number): Event[] {
  return Array.from({ length: count }, (_, index) => {
    pid += 1;
    return failed({ at: at + index * MINUTE, ip: `203.${pid % 200}.${index}.9`, account: 'root', pid });
  });
}
const office = '192.0.2.4';
const home = '198.51.100.9';
const rounds = (places: readonly string[]) =>
  places.flatMap((ip, index) => [...noise(15, START + index * HOUR), accepted({ at: START + index * HOUR + 20 * MINUTE, ip })]);
const blamed = (events: readonly Event[]) => hear(entryAfterGuessing, events).filter((finding) => !finding.explained);

describe('logins under the noise of a botnet', () => {
  it('do not accuse an owner who comes in from two places in turn', () => {
    expect(blamed(rounds([office, home, office, home, office, home]))).toEqual([]);
  });

  it('accuse whoever came once, or whose network was refused too', () => {
    expect(blamed(rounds([office, office, home]))).toMatchObject([{ key: `root ${home}` }]);
    const tried = failed({ at: START, ip: home, account: 'root', pid: 9_999 });
    const [finding] = blamed([tried, ...rounds([office, home, office, home, office, home])]);
    expect(finding?.key).toBe(`root ${home}`);
  });

  it('never speak of a network with no refused try', () => {
    const says = hear(entryAfterGuessing, rounds([office, home, home])).map((finding) => finding.says);
    expect(says.join()).not.toContain('after 0 refused tries');
  });

  it('count only other addresses as others', () => {
    const own = failed({ at: START, ip: home, account: 'root', pid: 9_998 });
    const [finding] = blamed([own, ...noise(19, START), accepted({ at: START + HOUR, ip: home })]);
    expect(finding?.figures).toMatchObject({ failuresBefore: 19, fromElsewhere: 19 });
  });
});
