#!/bin/bash
# The first program of a lab host: lays an overlay over this machine's disk, gives the host its own /proc, /dev, /tmp, /run and
# empty logs, and becomes its init. Runs in fresh pid, mount, uts, ipc and network namespaces; arguments: NAME CHECKOUT.
set -e
name=$1 checkout=$2
# The old /proc still knows this process by the number that the outside sees.
cd -P /proc/self
outside=${PWD#/proc/}
mount --make-rprivate /
mount -t tmpfs -o mode=755,size=3g lab /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
cd /mnt/root
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o nosuid,nodev,noexec,ro sysfs sys
mount -t tmpfs -o mode=755,nosuid udev dev
for node in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
  IFS=: read -r file major minor <<<"$node"
  mknod -m 666 "dev/$file" c "$major" "$minor"
done
mkdir dev/pts dev/shm
ln -s /proc/self/fd dev/fd
ln -s pts/ptmx dev/ptmx
mount -t devpts -o newinstance,mode=620,ptmxmode=666,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mkdir -p run/lock opt/tocsin
chmod 1777 run/lock
mount --bind "$checkout" opt/tocsin
mount -o remount,ro,bind opt/tocsin
find var/log var/tmp var/spool/cron/crontabs -mindepth 1 -delete
# bash reads ~/.bashrc also where its standard input is a socket: root's is that of a fresh Debian, whatever this machine's says.
rm -f root/.bash_profile root/.bash_login
cp etc/skel/.bashrc etc/skel/.profile root/
echo "$name" >etc/hostname
printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$name" >etc/hosts
: >etc/resolv.conf
hostname "$name"
ln -sf /usr/share/zoneinfo/Etc/UTC etc/localtime
echo Etc/UTC >etc/timezone
install -m 664 -g utmp /dev/null var/log/wtmp
install -m 664 -g utmp /dev/null var/log/lastlog
install -m 660 -g utmp /dev/null var/log/btmp
cat >sbin/lab-init <<'INIT'
#!/usr/bin/perl
# Reaps what is orphaned, and ends with the test: when its standard input closes, the kernel ends everything in the host.
$SIG{CHLD} = 'IGNORE'; $SIG{HUP} = 'IGNORE'; $SIG{INT} = 'IGNORE';
1 while sysread STDIN, my $ignored, 4096;
INIT
chmod 755 sbin/lab-init
pivot_root . mnt
cd /
umount -l /mnt
echo "ready $outside"
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 setsid /sbin/lab-init >/dev/null 2>&1
