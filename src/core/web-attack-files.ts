/** Reading files that are not meant to be read: the way up out of a directory, files of the system, and files that lie about in sites. Also addresses where a file name belongs. */

import { IN_TARGET, type Shape } from './web-shapes.ts';

/** Files and directories of a Unix that a web site has no business in. */
const ETC =
  'passwd|shadow|group|gshadow|hosts(?:\\.(?:allow|deny))?|sub[ug]id-?|issue|motd|fstab|mtab|crontab|cron\\.\\w{1,10}|sudoers|resolv\\.conf|hostname|environment|profile|bash\\.?rc|ssh|ssl|nginx|apache2?|httpd|mysql|my\\.cnf|php\\d?|redis|samba|vsftpd|proftpd|pam\\.|security|network|sysconfig|(?:os|redhat|debian|lsb|centos)[-_](?:release|version)|exports|inetd\\.conf|init\\.d|ld\\.so|login\\.defs|master\\.passwd|aliases|postfix|dovecot|kubernetes|docker|systemd|rc\\.|shells|services|networks|protocols|timezone|updatedb\\.conf|logrotate|rsyslog|snmp|squid|lighttpd|psa';
const PRIVATE =
  '\\.ssh(?:/|$)|\\.aws/|\\.gnupg|\\.kube/|\\.docker(?:/|cfg|env|ignore|$)|\\.git(?:/|config|-credentials|$)|\\.svn/|\\.hg/|\\.(?:ba|z|k|c|tc)?sh(?:_?(?:history|rc|_profile|_logout|_aliases|env)|rc)|\\.(?:mysql|psql|python|lesshst|rediscli|node_repl|irb)_?history|\\.history|\\.profile|\\.netrc|\\.my\\.cnf|\\.pgpass|\\.ht(?:access|passwd|digest|group)|\\.npmrc|\\.pypirc|\\.env(?:$|[./_-]|\\b(?!ironment))|\\.boto|\\.s3cfg|\\.viminfo|\\.wget-hsts|\\.dockercfg|\\.terraform|\\.vault-token|\\.rhosts|\\.forward|\\.esmtprc|\\.muttrc|\\.bzr|\\.cvs';

export const TRAVERSAL: readonly Shape[] = [
  { simple: true, name: 'way-up-twice', at: /(?:^|[\\/=;:,&"'( ])\.{2,4};?[\\/]{1,4}(?:[^\\/&?]{0,20}[\\/]{1,3}){0,2}\.{2,4};?(?:[\\/]|$)/ },
  {
    simple: true,
    name: 'way-up-hidden',
    at: /(?:^|[\\/=])(?:\.{3,4}|\.\.;|\.\.0x2f|0x2e\.?0x2e|0x2e\.?0x2f|\.%(?:00|01|e0)|\.\.%(?:5c|2f|c0|c1|e0|25)|\.\.\x01)[\\/%.]|0x2e\.?(?:%00)?0x2f|\.\.\\[\\\w.]|[\\/]\.\.(?:\\|\/\/\/)|\\\.\.\\/,
  },
  { simple: true, name: 'way-up', at: /(?:^|[\\/=])\.\.(?:[\\/]|$)/, where: ['path', 'value', 'name'], weak: true },
  { simple: true, name: 'etc-file', at: new RegExp(`(?:^|[^a-z0-9.-])/?etc/{1,3}(?:\\./)?(?:${ETC})|/etc/?$`), form: 'shell' },
  {
    simple: true,
    name: 'proc-file',
    at: /(?:^|[^a-z0-9])\/{0,3}proc\/{1,3}(?:self|\d{1,7}|version|cpuinfo|meminfo|net|mounts|cmdline|environ|interrupts|modules|devices|filesystems|partitions|stat|sys|key-users|kallsyms|keys|kcore|kmsg|loadavg|swaps|uptime|sched_debug|iomem|ioports|misc|slabinfo|vmstat|zoneinfo|sysvipc|fs|irq|bus|driver|tty|scsi|acpi|config\.gz|consoles|crypto|diskstats|dma|execdomains|fb|locks|mdstat|pagetypeinfo|timer_list|version_signature|vmallocinfo|softirqs|buddyinfo|cgroups)\b/,
  },
  {
    simple: true,
    name: 'sys-file',
    at: /(?:^|[=/ ;])\/?sys\/(?:class|kernel|devices|module|firmware|hypervisor|fs|bus|block|power|dev)(?:[/\s]|$)|(?:^|[= ;>])\/(?:var\/(?:log|www|lib|mail|spool|run|tmp|backups?|adm)|root|boot|dev\/(?:shm|mem|kmem|sd[a-z]|null|fd)|usr\/(?:local\/)?(?:etc|share|lib|apache\d?)|opt\/(?:lampp|bitnami|tomcat)|run\/secrets|private\/etc|tmp\/[\w.-]{2,})(?:[/\s\0]|$|[\w.-])/,
    where: ['path', 'value', 'name', 'agent'],
  },
  { simple: true, name: 'private-file', at: new RegExp(`(?:^|[\\\\/=: ~])(?:${PRIVATE})`), where: IN_TARGET },
  {
    simple: true,
    name: 'key-file',
    at: /(?:^|[\\/=])(?:id_(?:rsa|dsa|ecdsa|ed25519)|authorized_keys\d?|known_hosts|privatekey\.key|server\.key|htpasswd|shadow\.bak)(?:\.\w{1,5})?(?:$|[\s\0&?/])/,
    where: IN_TARGET,
  },
  {
    simple: true,
    name: 'windows-file',
    at: /(?:^|[\\/=:])(?:(?:winnt|windows)[\\/](?:system32|win\.ini|system\.ini|repair|php\.ini|my\.ini|panther|debug|system)|win\.ini|boot\.ini|autoexec\.bat|config\.sys|sam\._|inetpub[\\/]|xampp[\\/]|documents and settings[\\/])|(?:^|[=/])[a-z]:[\\/]{1,2}(?:windows|winnt|boot\.ini|inetpub|users|program files|xampp|wamp|apache)/,
  },
  { simple: true, name: 'java-file', at: /(?:^|[\\/=;])(?:web-inf|meta-inf)[\\/.]/, where: IN_TARGET },
  {
    simple: true,
    name: 'hidden-path',
    at: /\/\.(?!well-known(?:\/|$)|\/|\.|nuxt\/|vite\/|netlify\/|auth\/|resources\/|static\/|storybook\/|next\/|vuepress\/|cdn|proxy\/|store\/|pnpm\/|cache\/|assets\/)[a-z0-9_][\w-]{1,40}(?:[./?;]|$)/,
    where: ['path'],
  },
  { simple: true, name: 'dev-server-file', at: /^\/(?:@fs|@id|__vite|__x00__)\/|\/@fs\/|__x00__/, where: ['path'] },
  {
    simple: true,
    name: 'backup-file',
    at: /(?:^|[/=])[\w.-]{0,40}(?:backup|dump|database|db|site|www|sql|wwwroot|public_html|html|web|old|bak)[\w-]{0,20}\.(?:sql|zip|tar|tgz|rar|7z|bak|gz|bz2|db|sqlite3?|mdb)(?:\.(?:gz|zip|bz2|xz|7z|rar|tar|old|bak))?$|[\w-]\.(?:php\d?|asp|aspx|jsp|inc|conf|config|cfg|ini|yml|yaml|env|json|xml|sql)(?:\.|~|_|-)?(?:bak|old|orig|save|swp|swo|tmp|backup|copy|dist|\d|~)$|\.php~$/,
    where: ['path', 'value'],
  },
  {
    simple: true,
    name: 'site-settings',
    at: /(?:^|[/=\\])(?:wp-config(?:\.\w{1,10}){0,2}|configuration\.php|config\.inc\.php|localconfig\.php|local\.xml|settings\.(?:inc\.php|local\.\w{2,4})|parameters\.ya?ml|database\.ya?ml|secrets?\.(?:ya?ml|json|env)|credentials(?:\.\w{2,4})?|composer\.(?:json|lock)|package-lock\.json|yarn\.lock|gemfile(?:\.lock)?|dockerfile|docker-compose\.ya?ml|jenkinsfile|gruntfile\.js|gulpfile\.js|web\.config|app\.config|global\.asax|appsettings(?:\.\w{1,20})?\.json|php\.ini|my\.cnf|httpd\.conf|nginx\.conf|sftp-config\.json|ws_ftp\.(?:ini|log)|filezilla\.xml|sitemanager\.xml|application\.(?:properties|ya?ml)|web\.xml|local_settings\.py|artisan|phpunit\.xml(?:\.dist)?|ftpsync\.settings|npm-debug\.log|(?:debug|errors?|access|laravel|php_errors?|error_log|production|development)\.log|error_log|yarn-error\.log|thumbs\.db|desktop\.ini)(?:$|[?~.\s\0])/,
    where: ['path', 'value'],
  },
];

export const REMOTE: readonly Shape[] = [
  {
    name: 'remote-file-by-address',
    at: /^(?:url=)?(?:https?|ftps?|file|gopher|sftp|smb):[\\/]{2,3}(?:[^@/]{1,60}@)?(?:\d{1,3}\.){3}\d{1,3}/,
    where: ['value'],
  },
  { name: 'remote-file-cut', at: /^(?:https?|ftps?|file)(?::\/\/[^?]{1,500})?\?{1,8}$/, where: ['value'] },
  {
    name: 'remote-include',
    at: /^(?:!?\w{0,30}(?:\binc(?:lude)?|dir|path|root|_file|basepath|abspath|template|conf(?:ig)?|lang_?path|pathtoroot|phpbb_root|mosconfig|_conf\[)[\w[\].]{0,30}|page|file|inc|include|conf|document|skin|theme|module|mod|layout|lang|language|content|cat|pg|dir)=(?:https?|ftps?|file|php|data):[\\/]{2}[\w.-]{1,100}/,
    where: ['pair'],
  },
  {
    name: 'remote-script',
    at: /^(?:https?|ftps?):\/\/[^?\s]{1,300}\.(?:txt|gif|jpg|dat|inc|php\d?|phtml|pl|cgi|asp|jsp|sh|png|log|bak)\?{0,3}(?:cmd=|\x00|%00|\?$)|^(?:https?|ftp):\/\/[^?\s]{1,300}\.(?:txt|inc|dat|sh|log)\?{0,4}$/,
    where: ['value'],
  },
];
