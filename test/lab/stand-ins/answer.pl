# The far side of a lab scan: takes connections on one port of every address of its host, holds them, and never says a word.
use strict;
use Socket;
my ($port) = @ARGV;
socket(my $door, PF_INET, SOCK_STREAM, 0) or die;
setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);
bind($door, sockaddr_in($port, INADDR_ANY)) or die "port $port is taken";
listen($door, 1024);
my @held;
while (accept(my $one, $door)) {
  push @held, $one;
  close(shift @held) if @held > 3000;
}
