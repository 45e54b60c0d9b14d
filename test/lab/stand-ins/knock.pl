# A harmless stand-in for a scanner: opens TCP connections to its share of a list of lab addresses, says nothing to them, lets go.
# Bounded in time, in connections and in open sockets. Arguments: LIST RESULTS PORT SHARE SHARES SECONDS [PAUSE_MS]
use strict;
use Socket;
use Fcntl;
my ($list, $results, $port, $share, $shares, $seconds, $pause) = @ARGV;
$pause ||= 300;
open(my $targets, '<', $list) or die "no list";
open(my $found, '>>', $results) or die "no results";
my @mine = grep { /^[0-9.]+$/ } map { chomp; s/\s.*//; $_ } <$targets>;
@mine = map { $mine[$_] } grep { $_ % $shares == $share } 0 .. $#mine;
my $end = time + $seconds;
my @open;
my $made = 0;
while (time < $end && $made < 5000) {
  my $target = @mine ? $mine[$made % @mine] : last;
  socket(my $socket, PF_INET, SOCK_STREAM, 0) or last;
  fcntl($socket, F_SETFL, O_NONBLOCK);
  connect($socket, sockaddr_in($port, inet_aton($target)));
  $made++;
  push @open, $socket;
  # At most eight at a time, so that a crowd of scanners stays small.
  close(shift @open) if @open > 8;
  select(undef, undef, undef, $pause / 1000);
}
