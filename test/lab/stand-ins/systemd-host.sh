#!/bin/bash
# Within fresh namespaces (mount, pid, network, name, ipc, cgroup): an overlay of / with systemd as its init and Tocsin at /usr/lib/tocsin.
# $1 = the checkout, $2 = an empty directory. Nothing of the machine is written: what systemd would set in the kernel is read-only or masked.
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$2/upper,workdir=$2/work" "$2/root"
root=$2/root
mkdir -p "$root/usr/lib/tocsin"
cp -r --no-preserve=ownership "$1/bin" "$1/dist" "$1/systemd" "$1/package.json" "$1/node_modules" "$root/usr/lib/tocsin/"
chmod -R go-w "$root/usr/lib/tocsin"
ln -sf ../lib/tocsin/bin/tocsin "$root/usr/bin/tocsin"
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,ro,bind "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts" "$root/dev/mqueue" "$root/dev/hugepages"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 666 "$root/dev/${node%:*}" c 1 "${node#*:}"; done
mknod -m 666 "$root/dev/tty" c 5 0
mknod -m 600 "$root/dev/console" c 1 3
units=$root/etc/systemd/system
rm -rf "$units"
mkdir -p "$units/basic.target.wants"
for unit in systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-sysctl.service \
  systemd-modules-load.service systemd-binfmt.service systemd-random-seed.service systemd-timesyncd.service systemd-remount-fs.service \
  systemd-logind.service networking.service dbus.service dbus.socket getty.target dev-hugepages.mount dev-mqueue.mount; do ln -s /dev/null "$units/$unit"; done
rm -rf "$root/etc/tocsin" "$root/var/lib/tocsin" "$root/etc/default/tocsin" "$root/var/log/auth.log" "$root/var/log/journal"
: >"$root/etc/fstab"
ip link set lo up
cd "$root"
mkdir -p .before
pivot_root . .before
exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . setpriv --bounding-set=-sys_module,-sys_time,-sys_boot,-sys_rawio,-syslog \
  /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal --show-status=no
