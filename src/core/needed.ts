/** Directories that a whole machine, a person or a site needs: closing one of them would be an outage, so only files in them are orders. */

import { nameOf } from './entity.ts';
import { oddName, sharedPlace } from './places.ts';

/** Of the system, of everybody, and the tops of homes and sites. */
const TOPS =
  /^\/(?:tmp|var|var\/tmp|usr\/tmp|var\/lock|var\/run|var\/www(?:\/[^/]+)?|dev|dev\/shm|dev\/mqueue|run|run\/lock|run\/shm|run\/user(?:\/\d+)?|home(?:\/[^/]+)?|root|srv(?:\/[^/]+)?|opt|etc|usr|boot|lib|bin|sbin|mnt|media)$/;
/** Sockets of X servers and font servers, and the private directories that systemd gives its services, each with a `tmp` inside. */
const OF_DAEMONS = /^\/(?:var\/)?tmp\/(?:\.(?:X11|ICE|XIM|font|Test)-unix|systemd-private-[^/]+(?:\/tmp)?|snap-private-tmp)$/;
/** What log-ins, keys and every desktop or shell session of a person go through. */
const OF_PEOPLE =
  /^(?:\/home\/[^/]+|\/root)\/\.(?:ssh|gnupg|config|cache|local(?:\/(?:share|bin|lib|state))?|kube|docker|aws|mozilla|config\/systemd(?:\/user)?)$/;
/** Certificates are renewed through it. */
const OF_SITES = /\/\.well-known(?:\/acme-challenge)?$/;

export function needed(directory: string): boolean {
  const name = nameOf(directory);
  const top = directory.split('/').length <= 2 || TOPS.test(directory);
  return (
    sharedPlace(directory) ||
    (top && !name.startsWith('.') && !oddName(name)) ||
    [OF_DAEMONS, OF_PEOPLE, OF_SITES].some((known) => known.test(directory))
  );
}
