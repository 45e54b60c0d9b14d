/** Command execution: what a shell of Unix would take for a command, by its grammar (separators, substitutions) and by the commands themselves. */

import { IN_HEADERS, IN_VALUES, type Shape } from './web-shapes.ts';

/** Commands whose names are no words of a language: one of them behind a separator is enough. */
const COMMANDS = [
  'wget|curl|uname|whoami|ifconfig|netstat|nslookup|traceroute|chmod|chown|chattr|chgrp|crontab|mkfifo|mknod|lwp-(?:download|request|dump|mirror)|aria2c|tftp',
  'bash|zsh|ksh\\d{0,2}|csh|tcsh|rbash|sh|pwsh|busybox|toybox|nc|ncat|netcat|nc\\.(?:openbsd|traditional)|socat|telnet|rlogin|rsh|ssh|scp|sftp|rsync',
  'python[\\d.]{0,5}|perl[\\d.]{0,5}|ruby[\\d.]{0,5}|php[\\d.]{0,5}(?:-cgi|-fpm)?|lua[\\d.]{0,5}|nodejs|tclsh[\\d.]{0,5}|gcc|g\\+\\+|gdb|awk|gawk|mawk|nawk|sed|xxd|hexdump',
  'base(?:16|32|64)|openssl|gpg|md5sum|sha\\d{1,3}sum|cksum|ls|pwd|ps|cat|tac|zcat|xzcat|bzcat|zstdcat|zless|zmore|egrep|fgrep|grep|zgrep|xargs|tee|printf|echo|eval|exec',
  'rm|rmdir|mv|cp|dd|mkdir|nano|vi|vim|tar|bsdtar|unzip|gzip|gunzip|bzip2|cpio|7z[ar]?|unrar|useradd|usermod|userdel|adduser|passwd|visudo|sudo|doas|su',
  'killall|pkill|pgrep|nohup|setsid|disown|strace|ltrace|ptrace|lsof|lspci|lsusb|lsmod|insmod|modprobe|umount|df|du|printenv|hostname|hostid|dmesg|uptime|vmstat|iostat',
  'ip6?tables|nft|tcpdump|tshark|nmap|masscan|ping6?|dig|mysql|mysqldump|psql|sqlite3|mongo|redis-cli|apt(?:-get|-cache|itude)?|dpkg|yum|dnf|rpm|pip[23]?|npm|gem|cpan|kubectl|svn',
  'systemctl|journalctl|tmux|sleep|usleep|id|who|whereis|w|lastlog|env|cd|wc',
  'ansible(?:-[a-z]{2,12})?|chef(?:-[a-z]{2,12})?|cscli|terraform|gcloud|crictl|sendmail|mail(?:x|q)?|mutt|at[dq]|ionice|nsenter|unshare|chroot|flock|stdbuf',
].join('|');

/** Commands that are words of English too: only with an argument that no sentence has, or with nothing more. */
const WORDS =
  'at|batch|time|last|set|users|groups|history|source|service|script|screen|sort|cut|watch|nice|fish|export|mail|touch|head|tail|kill|alias|expect|strings|rev|tr|which|git|docker|dir|ed|dash|ash|mount|uniq|ln|puppet|chef|lynx|axel|rar|nl|ss|od|cc|arp|ctr|timeout|install|find|more|less|type|date';

/** Commands that are no word which anybody would search for: they need no separator, only an argument. */
const PLAIN =
  'wget|curl|uname|whoami|ifconfig|nslookup|chmod|chown|chattr|crontab|lwp-(?:download|request)|(?:ba|z|k|c|tc|da)?sh|busybox|nc|ncat|netcat|socat|telnet|ssh|scp|rsync|tftp|python[\\d.]{0,5}|perl|ruby|php|gcc|base64|xxd|ls|cat|tac|[bxz]+(?:std)?cat|grep|egrep|rm|mv|cp|echo|printf|sed|awk|find|tar|unzip|kill|pkill|sudo|ping|dig|env|perf|strace|nohup|id|cd|ps|sleep|head|tail|tee|touch|mkdir|docker|kubectl|systemctl|dpkg|apt-get|yum';

/** What may stand before a command without changing it: a path, assignments, and commands that run others. */
const BEFORE =
  '(?:[a-z_]{1,20}=[^ ;&|]{0,40} )?(?:(?:sudo|time|nohup|strace|ltrace|env|exec|command|nice|eval|busybox|xargs|watch|setsid|stdbuf) (?:-\\w{1,10} ){0,3}){0,2}(?:[./~][\\w./?*-]{0,60}/)?';
const SEPARATOR = '(?:[;|`\\n]|&&?|\\$\\(|\\$\\{|[<>]\\(|\\|\\|)[ ({!]{0,4}';
/** Where a command's name ends. */
const ENDS = '(?=[ ;|&<>`$)\\n}/(]|$)';
const ARGUMENT =
  '(?:-{1,2}[a-z0-9]|\\+[rwxst]{1,4} |/|~/|\\$|https?:|ftp:|[\\w.-]{1,60}\\.(?:sh|php|pl|py|txt|exe|conf|log|com|net|org)\\b|\\d{1,3}(?:\\.\\d{1,3}){3}|[<>|;&`])';

/** Names that do nothing but tell who or where one is: what a first try asks for. */
const ASKED_FIRST =
  'whoami|ifconfig|ipconfig|uname|visudo|printenv|lsb_release|hostnamectl|nslookup|netstat|chef-(?:shell|run|client)|ansible-[a-z]{3,12}|cscli|systeminfo';

export const SHELL: readonly Shape[] = [
  {
    name: 'command-behind-separator',
    at: new RegExp(`${SEPARATOR}${BEFORE}(?:${COMMANDS})${ENDS}`),
    form: 'shell',
    where: ['value', 'name', 'path'],
  },
  {
    name: 'word-behind-separator',
    at: new RegExp(`${SEPARATOR}${BEFORE}(?:${WORDS})(?: {1,3}${ARGUMENT}|[;|&\`)])|(?:[;|\`]|\\$\\() ?(?:${WORDS})$`),
    form: 'shell',
    where: ['value', 'name', 'path'],
  },
  {
    name: 'command-in-header',
    at: new RegExp(
      `^[ '"]{0,2}${SEPARATOR}${BEFORE}(?:${COMMANDS})${ENDS}|(?:[;|\`\\n]|&&|\\$\\()[ ({!]{0,4}${BEFORE}(?:${COMMANDS}|${WORDS}) {1,3}(?:-{1,2}[a-z]|\\+[rwx]|/|~/|\\$|https?:|\\w{1,20}/)`,
    ),
    form: 'shell',
    where: IN_HEADERS,
    simple: true,
  },
  {
    name: 'command-first',
    at: new RegExp(`^[ '"(@{]{0,4}${BEFORE}(?:${PLAIN}) {1,3}${ARGUMENT}`),
    form: 'shell',
    where: ['value', 'name', 'agent', 'referrer'],
  },
  {
    name: 'command-runs-command',
    at: new RegExp(`(?:^|[;|&\`(=] ?)(?:time|nohup|strace|env|sudo|exec|xargs|setsid|nice) (?:${PLAIN}|who|w|ip|ifconfig|vi|bsdtar)(?: |$)`),
    form: 'shell',
    where: ['value', 'agent', 'referrer'],
  },
  {
    name: 'command-alone',
    at: new RegExp(`^[ '"=]{0,3}(?:[a-z]{1,10}=)?(?:${ASKED_FIRST})(?:$|[ ;'"&|])`),
    form: 'shell',
    where: ['value', 'agent', 'referrer'],
    simple: true,
  },
  { name: 'command-as-header', simple: true, at: /^(?:id|ls|w|who|ps|pwd|env|set|uptime|last)$/, where: IN_HEADERS },
  {
    name: 'program-path',
    simple: true,
    at: /(?:^|[ =;|&`'"(!:])(?:\/(?:usr\/(?:local\/)?)?s?bin|(?:\.\.\/){0,8}(?:usr\/)?s?bin)\/(?:[a-z][\w.-]{1,20}|[a-z?*[\]]{2,20}\b)/,
    form: 'shell',
  },
  { name: 'network-device', simple: true, at: /\/dev\/(?:tcp|udp)\/|=\/dev *(?:&&|;)|(?:^|[ ;|&`(])(?:ba)?sh(?: -i)? ?\d?[<>]&?/, form: 'shell' },
  {
    name: 'hidden-command',
    at: /(?:[;|&`=\n+ ]|^)\/?(?:[a-z]{1,8}(?:\$[@*?!$_-]|\\(?=[a-z])|[?*]|''|"")[a-z]{0,8}){1,6}[ +]{1,3}\S{0,40}\/[a-z*?]{2,}/,
    where: ['value', 'referrer', 'agent', 'path'],
  },
  {
    name: 'wildcard-path',
    at: /\/(?:[a-z]{0,8}[?*]{1,4}[a-z]{0,8}){1,4}\/[a-z]{0,8}(?:[?*]{1,4}|[a-z]{3,})/,
    where: ['value', 'name', 'agent', 'referrer'],
    form: 'shell',
  },
  {
    name: 'brace-expansion',
    at: /\{,\$?["']?[a-z/#?$][^{}:=]{0,60}\}|\{[a-z]{1,12},\}|\{[a-z]{1,12},-[a-z]{1,10}\}|\b[a-z]{1,8}\{[a-z]{1,8},[a-z]{1,8}\}[a-z]{0,8}/,
    where: ['value', 'name'],
  },
  {
    name: 'substitution',
    at: /\$\((?!document|this|window|function|['"#.\s])[^)]{1,200}\)|\$\(\( ?[a-z\d]|[<>]\((?:[a-z]{2,10} )/,
    where: ['path', 'value', 'name', 'agent', 'referrer'],
  },
  { name: 'backticks', at: new RegExp(`\`[ ]{0,2}${BEFORE}(?:${COMMANDS})(?:[ <>;|&][^\`]{0,200})?\``), form: 'shell' },
  { name: 'here-string', at: /<<<|<<-? ?['"]?[a-z]{2,10}\b/, where: ['value', 'agent', 'referrer'] },
  {
    name: 'shell-variable',
    at: /\$\{?(?:ifs|shell|bash|path:|home|random|oldpwd|pwd:)\b|\$\{[a-z_]{1,20}(?::\d{1,3}:\d{1,3}|%%?|##?|\/\/?[^}]{0,20})\}|;[a-z]{1,8}\$[a-z]{1,4}[ +/]/,
    where: ['path', 'value', 'name', 'agent', 'referrer'],
  },
  {
    name: 'assignment-run',
    at: /(?:^|[ ;&|])([a-z_]{1,12})=[^ ;&|]{1,40}(?:&&|;) ?(?:\S{0,60} )?\$\1\b|\bd=\/dev&&|(?:&&|;|\|)\(?sh\)? ?0?[<>]/,
    where: ['value', 'agent', 'referrer'],
  },
  { name: 'shellshock', at: /(?:^|[=;\s'"])\(\) ?\{/, where: ['name', 'value', 'agent', 'referrer', 'path'] },
  { name: 'history-run', at: /^!-\d|![-\d]\d?![-\d]|(?:^|[;|&]) ?!(?:!|[a-z]{2,8}$)/, where: IN_VALUES },
  {
    name: 'download-and-run',
    at: /\b(?:wget|curl|fetch|tftp|lwp-download) [^|;&]{0,300}[|;&]{1,2} ?(?:sudo )?(?:ba|z|da|k)?(?:sh|chmod|perl|python|php)\b|\bchmod (?:\+|[0-7]{3})/,
    form: 'shell',
  },
  {
    name: 'shell-with-script',
    at: /\b(?:ba|z|k|c|da)?sh(?:\$[a-z]{1,4})? -c[ '"]|\b(?:python[\d.]{0,5}|perl|ruby|php[\d.]{0,5}|node|lua) -(?:c|e|r)[ '"]/,
    form: 'shell',
  },
  {
    name: 'mail-command',
    at: /\n ?(?:(?:quit|rset|noop|data|stat|capa|starttls|last|stls)[ \n]{0,3}(?:$|\n)|(?:he|eh)lo [\w[]|mail from:|rcpt to:|(?:vrfy|expn) \S|auth (?:plain|login|cram)|(?:user|pass) \S{1,60}(?:$|\n)|(?:retr|dele|top|uidl|list) \d)/,
    where: ['value', 'name'],
  },
  {
    name: 'imap-command',
    at: /\n ?[a-z]{0,4}\d{1,6} (?:login|select|examine|create|delete|rename|subscribe|list|lsub|status|append|fetch|store|copy|uid|capability|logout|noop|search|expunge|check|close|authenticate|starttls)\b/,
    where: ['value', 'name'],
  },
];
