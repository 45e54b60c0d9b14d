/** The one table of logs: which of our events a Sigma log source means, and what its fields are called there (Elastic Common Schema). */

/** What an event says when it is of a log; what it does not say is not held against it. Everything in lower case. */
export interface Signs {
  /** `event.category` */
  readonly categories?: readonly string[];
  /** Starts of `event.dataset` or of `event.module`. */
  readonly datasets?: readonly string[];
  /** `process.name` of the one who logged. */
  readonly programs?: readonly string[];
}

export interface LogKind {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
  readonly signs: Signs;
  /** Field → names, best first. A `+` in front: all of them together are the field. */
  readonly fields: Readonly<Record<string, string>>;
  /** Every field of the log is found under these, by its own name. */
  readonly under?: readonly string[];
}

const PEOPLE = { User: 'user.name', user: 'user.name', username: 'user.name', UserName: 'user.name', LogonId: 'user.id' };
const HOST = { Computer: 'host.name host.hostname', hostname: 'host.name host.hostname', ComputerName: 'host.name host.hostname', host: 'host.name' };
const MESSAGE = { message: 'message event.original', Message: 'message event.original', msg: 'message event.original' };
const PROGRAM = {
  Image: 'process.executable',
  CommandLine: 'process.command_line process.title process.args',
  CurrentDirectory: 'process.working_directory',
  ProcessId: 'process.pid',
  ProcessName: 'process.name',
  ParentImage: 'process.parent.executable',
  ParentCommandLine: 'process.parent.command_line process.parent.args',
  ParentProcessId: 'process.parent.pid',
  ParentUser: 'process.parent.user.name',
  Hashes: '+process.hash.md5 process.hash.sha1 process.hash.sha256',
  md5: 'process.hash.md5 file.hash.md5',
  sha1: 'process.hash.sha1 file.hash.sha1',
  sha256: 'process.hash.sha256 file.hash.sha256',
};
const NETWORK = {
  SourceIp: 'source.ip source.address',
  SourcePort: 'source.port',
  SourceHostname: 'source.domain',
  DestinationIp: 'destination.ip destination.address',
  DestinationPort: 'destination.port',
  DestinationHostname: 'destination.domain',
  src_ip: 'source.ip source.address',
  src_port: 'source.port',
  dst_ip: 'destination.ip destination.address',
  dst_port: 'destination.port',
  Protocol: 'network.transport',
  protocol: 'network.transport',
  Initiated: 'network.initiated',
  action: 'event.action',
  outcome: 'event.outcome',
  blocked: 'event.blocked',
};
const WEB = {
  'c-ip': 'source.ip client.ip source.address',
  'src-ip': 'source.ip client.ip',
  src_ip: 'source.ip client.ip',
  'c-uri': 'url.original url.full url.path',
  'cs-uri': 'url.original url.full url.path',
  uri: 'url.original url.full url.path',
  url: 'url.original url.full url.path',
  // Rules look for paths in it as well: Apache and nginx log path and query as one.
  'cs-uri-query': '+url.query url.original',
  'c-uri-query': '+url.query url.original',
  'cs-uri-stem': 'url.path url.original',
  'c-uri-stem': 'url.path url.original',
  'c-uri-extension': 'url.extension',
  'cs-method': 'http.request.method',
  method: 'http.request.method',
  'cs-host': 'url.domain http.request.host destination.domain',
  'r-dns': 'url.domain destination.domain',
  'cs-user-agent': 'user_agent.original',
  'c-useragent': 'user_agent.original',
  'cs-user-Agent': 'user_agent.original',
  user_agent: 'user_agent.original',
  'cs-referer': 'http.request.referrer',
  'cs-referrer': 'http.request.referrer',
  referer: 'http.request.referrer',
  'cs-cookie': 'http.request.cookie http.request.headers.cookie',
  'cs-username': 'user.name',
  'cs-version': 'http.version',
  'cs-bytes': 'http.request.bytes http.request.body.bytes',
  'sc-bytes': 'http.response.bytes http.response.body.bytes',
  'sc-status': 'http.response.status_code',
  status: 'http.response.status_code',
  'cs-content-type': 'http.request.mime_type',
  's-port': 'destination.port server.port',
  's-ip': 'destination.ip server.ip',
  'dst-ip': 'destination.ip server.ip',
  'time-taken': 'event.duration',
};
const DNS = {
  query: 'dns.question.name',
  QueryName: 'dns.question.name',
  record_type: 'dns.question.type',
  QueryType: 'dns.question.type',
  answer: 'dns.answers.data dns.resolved_ip',
  answers: 'dns.answers.data dns.resolved_ip',
  QueryResults: 'dns.answers.data dns.resolved_ip',
  QueryStatus: 'dns.response_code',
  rcode: 'dns.response_code',
  parent_domain: 'dns.question.registered_domain',
  'c-ip': 'source.ip client.ip',
  src_ip: 'source.ip client.ip',
};
const FILE = {
  TargetFilename: 'file.path',
  FileName: 'file.path',
  OldFilename: 'file.target_path',
  ...PROGRAM,
};
const SERVER = { ...PEOPLE, ...HOST, ...MESSAGE, ...NETWORK, program: 'process.name', process: 'process.name', pid: 'process.pid' };
const AUTH: Signs = { categories: ['authentication', 'session', 'iam'], datasets: ['system.auth', 'auth', 'tocsin', 'journald'] };
/** sudo and su begin programs as well. */
const ORDERS: Signs = { ...AUTH, categories: [...(AUTH.categories ?? []), 'process', 'configuration'] };
const WEB_SIGNS: Signs = {
  categories: ['web'],
  datasets: ['apache', 'nginx', 'iis', 'httpd', 'web', 'tocsin', 'haproxy', 'caddy', 'traefik', 'tomcat', 'lighttpd'],
};

/** As sudo itself names them in its log line. */
const SUDO = {
  USER: 'user.effective.name user.target.name process.user.name',
  COMMAND: 'process.command_line',
  PWD: 'process.working_directory',
  TTY: 'process.tty.name process.tty',
};

function service(name: string, programs: readonly string[], signs: Signs = {}, fields: Readonly<Record<string, string>> = {}): LogKind {
  return { product: 'linux', service: name, signs: { ...signs, programs }, fields: { ...SERVER, ...fields } };
}

/** What we have. A rule's log source is the most exact row of which it says everything. */
export const LOGS: readonly LogKind[] = [
  { product: 'linux', signs: {}, fields: { ...SERVER, ...PROGRAM, ...FILE } },
  { category: 'process_creation', product: 'linux', signs: { categories: ['process'] }, fields: { ...PEOPLE, ...HOST, ...PROGRAM } },
  { category: 'process_creation', signs: { categories: ['process'] }, fields: { ...PEOPLE, ...HOST, ...PROGRAM } },
  { category: 'network_connection', product: 'linux', signs: { categories: ['network'] }, fields: { ...PEOPLE, ...HOST, ...PROGRAM, ...NETWORK } },
  { category: 'file_event', product: 'linux', signs: { categories: ['file'] }, fields: { ...PEOPLE, ...HOST, ...FILE } },
  { category: 'file_change', product: 'linux', signs: { categories: ['file'] }, fields: { ...PEOPLE, ...HOST, ...FILE } },
  { category: 'file_delete', product: 'linux', signs: { categories: ['file'] }, fields: { ...PEOPLE, ...HOST, ...FILE } },
  {
    product: 'linux',
    service: 'auditd',
    signs: { datasets: ['auditd', 'audit', 'tocsin'] },
    fields: {
      ...PEOPLE,
      type: 'auditd.log.record_type auditd.message_type event.action',
      exe: 'process.executable',
      comm: 'process.name',
      SYSCALL: 'auditd.log.syscall auditd.data.syscall auditd.data.SYSCALL',
      syscall: 'auditd.log.syscall auditd.data.syscall',
      name: 'auditd.log.name auditd.data.name file.path',
      cwd: 'auditd.log.cwd process.working_directory',
      pid: 'process.pid',
      ppid: 'process.parent.pid process.ppid',
      uid: 'auditd.log.uid user.id',
      auid: 'auditd.log.auid user.audit.id',
      euid: 'auditd.log.euid user.effective.id',
      key: 'auditd.log.key tags',
      proctitle: 'process.title auditd.log.proctitle',
      addr: 'source.ip source.address auditd.log.addr',
      res: 'auditd.log.res event.outcome',
    },
    under: ['auditd.log', 'auditd.data'],
  },
  service('sshd', ['sshd', 'sshd-session', 'sshd-auth'], AUTH),
  service('sudo', ['sudo'], ORDERS, SUDO),
  service('su', ['su'], ORDERS, SUDO),
  service('auth', [], ORDERS),
  service('syslog', [], { datasets: ['system', 'syslog', 'tocsin', 'journald', 'auth'] }),
  service('cron', ['cron', 'crond', 'crontab', 'anacron', 'fcron']),
  service('clamav', ['clamd', 'clamscan', 'freshclam', 'clamonacc', 'clamav']),
  service('vsftpd', ['vsftpd']),
  service('guacamole', ['guacd', 'guacamole', 'tomcat']),
  service('modsecurity', ['apache2', 'httpd', 'nginx', 'modsecurity']),
  { category: 'webserver', signs: WEB_SIGNS, fields: WEB },
  { category: 'webserver', product: 'linux', signs: WEB_SIGNS, fields: WEB },
  { category: 'webserver', product: 'apache', signs: { ...WEB_SIGNS, datasets: ['apache', 'httpd', 'web', 'tocsin'] }, fields: WEB },
  { category: 'webserver', product: 'nginx', signs: { ...WEB_SIGNS, datasets: ['nginx', 'web', 'tocsin'] }, fields: WEB },
  { service: 'apache', signs: { datasets: ['apache', 'httpd', 'tocsin'] }, fields: { ...WEB, ...MESSAGE } },
  { service: 'nginx', signs: { datasets: ['nginx', 'tocsin'] }, fields: { ...WEB, ...MESSAGE } },
  { product: 'apache', signs: { datasets: ['apache', 'httpd', 'tocsin'] }, fields: { ...WEB, ...MESSAGE } },
  { product: 'nginx', signs: { datasets: ['nginx', 'tocsin'] }, fields: { ...WEB, ...MESSAGE } },
  {
    category: 'proxy',
    signs: { categories: ['web', 'network'], datasets: ['squid', 'proxy', 'web', 'haproxy', 'tocsin'] },
    fields: { ...WEB, ...NETWORK },
  },
  { category: 'dns', signs: { categories: ['network'], datasets: ['dns', 'bind', 'named', 'unbound', 'dnsmasq', 'tocsin'] }, fields: DNS },
  { category: 'dns', product: 'linux', signs: { categories: ['network'], datasets: ['dns', 'bind', 'named', 'unbound', 'tocsin'] }, fields: DNS },
  { category: 'dns_query', product: 'linux', signs: { categories: ['network'] }, fields: { ...DNS, ...PROGRAM } },
  { category: 'firewall', signs: { categories: ['network'], datasets: ['iptables', 'nftables', 'firewall', 'ufw', 'tocsin'] }, fields: NETWORK },
];

/** Names of the schema itself, which a rule may use as they are. */
export const SCHEMA =
  /^(?:agent|auditd|client|destination|dns|event|file|group|host|http|labels|log|network|observer|process|related|rule|server|service|source|tls|url|user|user_agent)\./;
