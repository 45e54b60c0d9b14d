#!/usr/bin/env bash
# Brings the Debian packages that the tests in throw-away hosts need: the real daemons and a few small tools. Says and does
# nothing when they are there; starts no daemon on this machine.
set -euo pipefail

packages=(
  openssh-server openssh-client sshpass # the way in, and the stock client that guesses
  rsyslog logrotate cron                # the logs and the clock of a plain server
  iproute2 nftables conntrack procps    # namespaces, connection tracking
  nginx-light dnsmasq-base rsync        # innocents: many workers, a resolver, a backup
  fail2ban sshguard                     # whose filters and samples are read where they lie, and peers to measure against
  ripgrep bzip2 xz-utils zstd           # a peer to measure against, and compressed logs
)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
  [ "${state:0:2}" = ii ] || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "missing Debian packages, and only root can install them: ${missing[*]}" >&2
  exit 1
fi

# invoke-rc.d asks this file whether a daemon may be started; 101 means no (Debian policy, policy-rc.d).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
install=(apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 "${missing[@]}")
log=$(mktemp)
if ! "${install[@]}" >"$log" 2>&1; then
  # The lists may be absent or too old for the mirror.
  if ! { apt-get update -q && "${install[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    exit 1
  fi
fi
rm -f "$log"
