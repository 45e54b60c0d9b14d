/**
 * One program that goes to many addresses on one port, or to many ports of one address: what DNS1 and WORLD did to the net. Adds up
 * open sockets, connections that came and went while Tocsin watched (a scan answered by RST leaves no socket), and the
 * connection-tracking table.
 */

import type { Detector, Surroundings } from '../core/contracts.ts';
import { judge } from '../core/fan-judge.ts';
import { fanFinding, refusalFinding, sweepFinding, unownedFinding } from '../core/fan-words.ts';
import { type Fan, type Fans, fansOf } from '../core/fans.ts';
import { refusalsOf } from '../core/refusals.ts';
import { Running } from '../core/running.ts';
import type { FindingDraft, FlowsWatched, FlowTally, Millis, SocketSeen } from '../core/words.ts';

/** A browser, a mail queue or a monitor talks to twenty hosts on one port; a scanner to hundreds. */
const MANY_TARGETS = 20;
const SOCKETS_AT_MOST = 200_000;
const TALLIES_AT_MOST = 2_000;
const CHANGED_AT_MOST = 10_000;
/** Many name and time servers are asked from any machine, by a resolver in the kernel of things. */
const ASKED_BY_ALL: ReadonlySet<number> = new Set([53, 123]);

export const outboundScan: Detector = {
  name: 'outbound-scan',
  about: 'Finds programs that connect to many different addresses on one port, or to many ports of one address.',
  cannotSee: 'a scan slower than the look that leaves no socket and no tracked connection, and frames from packet sockets.',
  attack: ['T1046', 'T1595.001'],
  tells: 'compromise',
  role: 'effect',
  start(around) {
    const running = new Running();
    const sockets: SocketSeen[] = [];
    const tallies: FlowTally[] = [];
    const changed = new Set<string>();
    let watched: FlowsWatched | null = null;
    return {
      'process.seen': running.ear,
      'socket.seen': ({ fields }) => {
        if (sockets.length < SOCKETS_AT_MOST) sockets.push(fields);
        return null;
      },
      'flow.tally': ({ fields }) => {
        if (tallies.length < TALLIES_AT_MOST) tallies.push(fields);
        return null;
      },
      'package-file.seen': ({ fields }) => {
        if (fields.verdict === 'changed' && changed.size < CHANGED_AT_MOST) changed.add(fields.path);
        return null;
      },
      'flows.watched': ({ fields }) => {
        watched = fields;
        return null;
      },
      'sweep.done': ({ at }) =>
        new Telling({ running, tallies, changed, watched, at, around }, fansOf(running, sockets, watched, around.networks)).all(),
    };
  },
};

interface Heard {
  readonly running: Running;
  readonly tallies: readonly FlowTally[];
  readonly changed: ReadonlySet<string>;
  readonly watched: FlowsWatched | null;
  readonly at: Millis;
  readonly around: Surroundings;
}

class Telling {
  readonly #heard: Heard;
  readonly #fans: Fans;
  readonly #wide: readonly Fan[];

  constructor(heard: Heard, fans: Fans) {
    this.#heard = heard;
    this.#fans = fans;
    this.#wide = fans.owned.filter((fan) => fan.targets.size + fan.shared.size > MANY_TARGETS);
  }

  all(): FindingDraft[] {
    const found = [...this.#wide.map((fan) => this.#fan(fan)), ...this.#sweeps(), ...this.#unowned()];
    return found.length > 0 ? found : this.#refused();
  }

  #fan(fan: Fan): FindingDraft {
    const { running, changed, watched, at } = this.#heard;
    const judgement = judge(fan, running, changed);
    return fanFinding(fan, judgement, { table: this.#tracked(fan.port), whole: this.#alone(fan) }, watched, at);
  }

  /** The table remembers minutes and does not say whose it is: all of it goes only to a program out of place that nobody else shares the port with. */
  #alone(fan: Fan): boolean {
    const others = this.#fans.owned.filter((other) => other.port === fan.port && other !== fan);
    const odd = fan.kind.processes.some((process) => this.#heard.running.standing(process) === 'out-of-place');
    return others.length === 0 && fan.shared.size === 0 && odd;
  }

  /** The connection-tracking table remembers more than the sockets: SYNs for two minutes, whole connections for days. */
  #tracked(port: number): FlowTally | null {
    const { tallies, around } = this.#heard;
    const mine = tallies.filter((tally) => tally.port === port && around.networks.classOf(tally.from) === 'own');
    return mine.sort((a, b) => b.targets - a.targets)[0] ?? null;
  }

  #sweeps(): FindingDraft[] {
    const { running, changed, watched, at } = this.#heard;
    return this.#fans.sweeps.map((sweep) => {
      const ports = new Set(sweep.hosts.map((host) => host.ip));
      const fan = sweep.kind && { kind: sweep.kind, proto: 'tcp' as const, port: 0, targets: ports, answered: 0, sockets: 0, watched: 0 };
      const judgement = fan ? judge({ ...fan, perSecond: 0, sure: sweep.sure, shared: new Set(), lately: 0 }, running, changed) : null;
      return sweepFinding(sweep, judgement ?? { severity: 'medium' }, watched, at);
    });
  }

  /** Connections that nobody could be found for: the effect is told all the same, and the hole in the chain with it. */
  #unowned(): FindingDraft[] {
    const { tallies, around, at, watched } = this.#heard;
    const ours = tallies.filter((tally) => around.networks.classOf(tally.from) === 'own');
    const ports = new Set([...this.#fans.unowned.keys(), ...ours.map((tally) => tally.port)]);
    return [...ports].flatMap((port) => {
      if (this.#wide.some((fan) => fan.port === port) || ASKED_BY_ALL.has(port)) return [];
      const loose = this.#fans.unowned.get(port) ?? null;
      const tracked = this.#tracked(port);
      const unanswered = tracked && tracked.unanswered * 2 > tracked.entries ? tracked.targets : 0;
      const distinct = Math.max(loose?.targets.size ?? 0, unanswered);
      if (distinct <= MANY_TARGETS) return [];
      return [unownedFinding(port, distinct, loose ? [...loose.targets] : (tracked?.sample ?? []), loose ? watched : null, at)];
    });
  }

  #refused(): FindingDraft[] {
    const { watched, running, around, changed, at } = this.#heard;
    if (!watched) return [];
    return refusalsOf(watched, running, around.networks).map((refusal) => {
      const targets = new Set(refusal.targets.map((target) => target.ip));
      const fan = refusal.kind && { kind: refusal.kind, proto: 'tcp' as const, port: 0, targets, answered: 0, sockets: 0, watched: 0 };
      const judgement = fan ? judge({ ...fan, perSecond: 0, sure: false, shared: new Set(), lately: 0 }, running, changed) : null;
      return refusalFinding(refusal, judgement ?? { severity: 'medium' }, watched, at);
    });
  }
}
