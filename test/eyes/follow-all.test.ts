import { describe, expect, it } from 'vitest';
import { allState, FollowAll } from '../../src/eyes/follow-all.ts';
import type { Blind } from '../../src/eyes/follow-items.ts';

const blind = (path: string): Blind => ({ blind: { path, lines: 0, bytes: 0, why: 'x' } });

/** Gives what it is handed, one batch for each call, and counts what was taken. */
class Fake {
  taken = 0;
  asked = 0;
  #give: (items: Blind[]) => void = () => {};

  next(): Promise<Blind[]> {
    this.asked += 1;
    return new Promise((resolve) => {
      this.#give = resolve;
    });
  }

  give(path: string): void {
    this.#give([blind(path)]);
  }

  took(): void {
    this.taken += 1;
  }

  coverage = () => [];
  close = () => this.#give([]);
}

const files = () => Object.assign(new Fake(), { state: () => ({ at: 1, paths: {} }) });
const journal = () =>
  Object.assign(new Fake(), { state: () => ({ cursor: 'c' }), coverage: () => ({ source: 'journal', state: 'read', detail: '' }) as const });

describe('all that is followed', () => {
  it('hears whoever has something, and tells only him that it was judged', async () => {
    const [logs, systemd] = [files(), journal()];
    const all = new FollowAll(logs, systemd);
    const first = all.next();
    systemd.give('journal');
    expect(await first).toEqual([blind('journal')]);
    all.took();
    const second = all.next();
    logs.give('auth.log');
    expect(await second).toEqual([blind('auth.log')]);
    all.took();
    expect([logs.taken, systemd.taken]).toEqual([1, 1]);
    // The files were asked once, though they were waited for twice.
    expect([logs.asked, systemd.asked]).toEqual([1, 2]);
    expect(all.state()).toEqual({ files: { at: 1, paths: {} }, journal: { cursor: 'c' } });
  });

  it('understands what it wrote down, and nothing else', () => {
    const state = { files: { at: 1, paths: {} }, journal: { cursor: 'c' } };
    expect(allState(JSON.parse(JSON.stringify(state)))).toEqual(state);
    for (const junk of [null, 7, {}, { files: 3, journal: 'c' }, { files: { at: 'x' }, journal: { cursor: 7 } }])
      expect(allState(junk)).toEqual({ files: null, journal: null });
  });
});
