# A harmless stand-in for a back door that calls itself something else: listens on one port, takes nothing, ends by itself.
# Arguments: PORT SECONDS [NAME]; with NAME it writes that over its own command line, as daemons do.
use strict;
use Socket;
my ($port, $seconds, $name) = @ARGV;
$0 = $name if defined $name;
socket(my $door, PF_INET, SOCK_STREAM, 0) or die;
bind($door, sockaddr_in($port, INADDR_ANY)) or die;
listen($door, 5);
alarm $seconds;
sleep 3600 while 1;
