# Can an address be reached? Sends one packet from an address of this host and waits for anything that comes back: an echo, a reset,
# an "unreachable". Prints "answered" or "silent". Arguments: icmp|tcp|udp FROM TO PORT WAIT_MS
use strict;
use Socket qw(:DEFAULT inet_pton AF_INET6 pack_sockaddr_in6);
use Errno;
my ($kind, $from, $to, $port, $wait) = @ARGV;
my $six = $to =~ /:/;
my $place = sub { my ($ip, $at) = @_; $six ? pack_sockaddr_in6($at, inet_pton(AF_INET6, $ip)) : sockaddr_in($at, inet_aton($ip)) };
my %type = (icmp => SOCK_RAW, tcp => SOCK_STREAM, udp => SOCK_DGRAM);
socket(my $socket, $six ? AF_INET6 : AF_INET, $type{$kind}, $kind eq 'icmp' ? ($six ? 58 : 1) : 0) or die "socket: $!";
bind($socket, $place->($from, 0)) or die "bind $from: $!";
$socket->blocking(0);
my $made = connect($socket, $place->($to, $kind eq 'icmp' ? 0 : $port));
if ($kind eq 'tcp') {
  done(1) if $made || $!{ECONNREFUSED};
} elsif ($kind eq 'icmp') {
  # Echo request, identifier and number 1; RFC 792's sum over type, identifier and number. The kernel sums ICMPv6 itself.
  send($socket, $six ? pack('CCnnn', 128, 0, 0, 1, 1) : pack('CCnnn', 8, 0, 0xf7fd, 1, 1), 0);
} else {
  send($socket, 'x', 0);
}
my $end = time + 1 + $wait / 1000;
my ($read, $write) = ('', '');
vec($read, fileno($socket), 1) = 1;
vec($write, fileno($socket), 1) = 1 if $kind eq 'tcp';
my $ready = select($read, $write, undef, $wait / 1000);
done($ready > 0);
sub done { print $_[0] ? "answered\n" : "silent\n"; exit 0 }
