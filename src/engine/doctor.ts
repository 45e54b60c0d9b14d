/** Judges how well Tocsin can see and act here: each line says what is, and where something is amiss, what to do next. Pure. */

import type { DoctorLine, Standing } from '../core/standing.ts';
import { counted, listed, named, shown } from '../core/text.ts';
import { conflicts, firewall, hand } from './doctor-acts.ts';
import { logLines } from './doctor-logs.ts';
import { grave, modeOf } from './doctor-mode.ts';

const LOW_DISK_BYTES = 64 << 20;

export function doctorLines(standing: Standing): DoctorLine[] {
  return [
    mode(standing),
    ...running(standing),
    powers(standing),
    ...logLines(standing),
    ...sshd(standing),
    ...firewall(standing),
    ...hand(standing),
    ...conflicts(standing),
    neverHarm(standing),
    spared(standing),
    room(standing),
  ];
}

function mode(standing: Standing): DoctorLine {
  const { setMode, brain } = standing;
  const topic = 'mode';
  if (setMode !== null && setMode !== 'observe' && setMode !== 'act')
    return {
      topic,
      state: 'fault',
      says: `/etc/default/tocsin sets MODE to ${named(setMode)}, which is no mode: the service cannot start`,
      next: 'Write MODE=observe or MODE=act there.',
    };
  const says = modeOf(standing) === 'act' ? 'act: attackers are banned' : 'observe: who would be banned is told, nothing is changed';
  const differs = brain.running > 0 && setMode !== null && (setMode === 'act') !== brain.acts;
  if (differs)
    return {
      topic,
      state: 'warning',
      says: `${says}; /etc/default/tocsin says ${setMode}`,
      next: 'The next start goes by the file: systemctl restart tocsin.',
    };
  return { topic, state: 'ok', says: `${says}${brain.running > 0 ? '' : ' (at the next start)'}` };
}

function running({ brain, units, systemd }: Standing): DoctorLine[] {
  const topic = 'watch';
  const { installed, switchedOn } = units.brain;
  const how = systemd ? 'Run `tocsin setup`, or start `tocsin watch` by your own means.' : 'Start `tocsin watch` as root by your service manager.';
  if (brain.running > 1)
    return [
      {
        topic,
        state: 'warning',
        says: `${brain.running} of them watch at once: each decides for itself`,
        next: 'End all but one; `ps aux` shows them.',
      },
    ];
  if (brain.running === 0)
    return [
      {
        topic,
        state: 'fault',
        says: 'nobody watches now',
        next: installed ? 'Start it by `systemctl start tocsin`; `journalctl -u tocsin` says why it ended.' : how,
      },
    ];
  if (systemd && !switchedOn)
    return [{ topic, state: 'warning', says: 'it watches, but nothing starts it at boot', next: installed ? 'Run `systemctl enable tocsin`.' : how }];
  return [{ topic, state: 'ok', says: switchedOn ? 'it watches, and is started at boot' : 'it watches' }];
}

function powers({ lostPowers, setpriv, account, container, units }: Standing): DoctorLine {
  const topic = 'rights';
  const inside = container === null ? '' : ` (this is a container: ${shown(container, 40)})`;
  if (lostPowers.length > 0)
    return {
      topic,
      state: 'fault',
      says: `nothing can be given ${listed(lostPowers)} here${inside}`,
      next: `Start the container with ${lostPowers.map((power) => `--cap-add ${power.replace('CAP_', '')}`).join(' ')}.`,
    };
  if (!units.brain.installed && !setpriv)
    return { topic, state: 'fault', says: 'setpriv is missing, so root cannot give up its rights', next: 'Install the package util-linux.' };
  if (!account)
    return {
      topic,
      state: 'warning',
      says: 'there is no account tocsin: the side that judges runs under a number without a name',
      next: 'Run `tocsin setup`, or make a system account of that name.',
    };
  return { topic, state: 'ok', says: 'the side that judges has an account of its own and only the right to read' };
}

function sshd({ sshd: seen }: Standing): DoctorLine[] {
  const topic = 'sshd';
  if (seen === null) return [];
  const level = seen.logLevel.toUpperCase();
  if (['QUIET', 'FATAL', 'ERROR'].includes(level))
    return [
      {
        topic,
        state: 'fault',
        says: `sshd's LogLevel is ${level}: it writes down no refused log-in`,
        next: 'Set LogLevel VERBOSE in sshd_config and reload sshd.',
      },
    ];
  if (level === 'INFO')
    return [
      {
        topic,
        state: 'ok',
        says: "sshd's LogLevel is INFO: refused passwords are seen, refused keys are not",
        next: 'LogLevel VERBOSE shows keys too, and which key let whom in.',
      },
    ];
  return [{ topic, state: 'ok', says: `sshd's LogLevel is ${shown(level, 20)}: passwords and keys are seen` }];
}

function neverHarm(standing: Standing): DoctorLine {
  const { there, fault, nets, odd } = standing.neverHarm;
  const topic = 'never-harm';
  if (fault !== null)
    return {
      topic,
      state: grave(standing),
      says: `/etc/tocsin/never-harm cannot be relied on (${shown(fault, 200)}): then nobody is banned`,
      next: 'Mend it, or take it away.',
    };
  if (odd.length > 0)
    return { topic, state: 'warning', says: `/etc/tocsin/never-harm spares nobody by ${listed(odd)}`, next: 'Write an address or a network a line.' };
  if (nets > 0) return { topic, state: 'ok', says: `/etc/tocsin/never-harm spares ${counted(nets, 'address or network', 'addresses and networks')}` };
  const next = 'Write there where you work from, one address or network a line.';
  return {
    topic,
    state: modeOf(standing) === 'act' ? 'warning' : 'ok',
    says: there ? '/etc/tocsin/never-harm spares nobody yet' : 'there is no /etc/tocsin/never-harm',
    next,
  };
}

function spared({ spared: { own, gateways, resolvers, sessions, here } }: Standing): DoctorLine {
  const topic = 'locked out';
  const whom = `own addresses (${listed(own)}), gateways (${listed(gateways) || 'none'}), resolvers (${listed(resolvers) || 'none'}), log-ins from ${listed(sessions) || 'nowhere'}`;
  if (here !== null && !sessions.includes(here))
    return {
      topic,
      state: 'warning',
      says: `you come from ${shown(here, 64)}, which is not seen as a log-in; spared now: ${whom}`,
      next: 'Put it into /etc/tocsin/never-harm.',
    };
  return { topic, state: 'ok', says: `you cannot lock yourself out: spared now are ${whom}` };
}

function room({ state: { path, freeBytes, readOnly } }: Standing): DoctorLine {
  const topic = 'disk';
  if (readOnly)
    return {
      topic,
      state: 'fault',
      says: `${named(path)} is on a disk that cannot be written: no ban is carried out that cannot be written down`,
      next: 'Mend the disk, or give another place by --state.',
    };
  if (freeBytes === null)
    return { topic, state: 'warning', says: `how much room there is for ${named(path)} could not be seen`, next: `Look: df ${named(path)}` };
  if (freeBytes < LOW_DISK_BYTES)
    return {
      topic,
      state: 'fault',
      says: `the disk below ${named(path)} has ${Math.floor(freeBytes / 2 ** 20)} MB left`,
      next: 'Make room: what cannot be written down is not done.',
    };
  return { topic, state: 'ok', says: `room for what is written down below ${named(path)}` };
}
