/** Injection into other languages and services: Java (log4j, OGNL, Spring), Node.js, templates, Perl, Ruby, LDAP, XML, and requests that the server shall make for the attacker (SSRF). */

import { IN_TARGET, IN_VALUES, type Shape } from './web-shapes.ts';

export const JAVA: readonly Shape[] = [
  {
    name: 'jndi',
    at: /\$\{{1,2}[^}]{0,20}j[^}]{0,20}n[^}]{0,20}d[^}]{0,20}i[^}]{0,10}:|\$\{{1,2} ?(?:jndi|env|sys|lower|upper|::-|java|main|date|ctx|k8s|docker|bundle|web|log4j|script|dns|url|base64decoder|const) ?:|\$\{::?-[a-z]\}/,
  },
  {
    name: 'java-class',
    simple: true,
    at: /\bjava\.lang\.(?:runtime|processbuilder|system|class|thread|string)|\bjava\.(?:io|net|util|beans)\.[a-z]{3,30}|\bjavax\.(?:script|naming|el)|\bgetruntime ?\(|\bprocessbuilder\b ?[(.]|\bgetclass ?\(\)|\bforname ?\(|@java\.|org\.apache\.(?:struts2|commons|xalan|catalina)|com\.opensymphony\.xwork2|com\.sun\.(?:rowset|jndi)|freemarker\.template\.utility|scriptenginemanager|defineclass|bcel|classloader\b ?[.([]/,
  },
  {
    name: 'ognl',
    at: /#_?memberaccess|#context\b|#(?:cmd|req|res|iswin|rt|dm|ognl|parameters|attr|application|session|wwwresp)\b ?[=.[]|@ognl\.|%\{ ?[#(]|\$\{ ?[#(@]|\(#[a-z_]{1,20} ?=|xwork\.methodaccessor|\bredirect(?:action)?:[$%]\{/,
  },
  {
    name: 'spring',
    simple: true,
    at: /class\.module\.classloader|\bt\( ?java|spring\.cloud\.function|\*\{t\(|__\$\{|\$\{t\(|classloader\.resources/,
  },
  { name: 'java-serialised', simple: true, at: /(?:^|[=%])(?:ro0ab[xsqtv]|h4siaaaaaaa|kztaabx|cmo[bo]ab|aced0005|rooab)|\xac\xed\x00\x05/ },
];

export const NODE: readonly Shape[] = [
  {
    name: 'node-code',
    simple: true,
    at: /\brequire ?(?:\.main\b|\( ?['"`]?[a-z_:@/.]{2,30}['"`]? ?\)|;[a-z]=)|\bchild_process\b|\bprocess\.(?:env|binding|mainmodule|exit|kill|argv|stdout|cwd|dlopen)|\bglobal(?:this)?\.process|\bthis\.constructor|\bconstructor ?[.[] ?['"]?(?:constructor|prototype|_load)|\b_load ?\(|\bmodule\.(?:exports|constructor)|_\$\$nd_func\$\$_|\b(?:exec|spawn|fork)(?:file)?(?:sync)? ?\( ?['"`]|function ?\( ?\) ?\{[^}]{0,200}(?:require|process|return)|\bvm\.run|string\.fromcharcode ?\(|\bimport ?\( ?['"]|\bnew function ?\(|\bbun\.spawn|\bdeno\.run/,
  },
  {
    name: 'prototype-pollution',
    simple: true,
    at: /__proto__|constructor(?:\.|\[['"]?|%5b)prototype|\bobject\.(?:assign|defineproperty|prototype)\b|\b__define[gs]etter__/,
    where: ['name', 'value', 'pair', 'path', 'agent', 'referrer'],
  },
  {
    name: 'endless-loop',
    at: /\b(?:while|for) ?\( ?(?:true|!*[-+]?(?:0|false|null|undefined|nan|1|infinity|""|''|``|\[\]|\{\}|"|'|`)|\(+true|new |this\b|string\b|;;|[-+]?\d|[-+]?infinity)[^)]{0,20}\)/,
    where: IN_VALUES,
  },
  {
    name: 'template',
    simple: true,
    at: /\{\{[^{}]{0,100}(?:\d ?[*+-] ?['"]?\d|\.__|config|self|request|constructor|_self|\[\]|''|""|cycler|lipsum|joiner|namespace|get_flashed|url_for|range|system|\|(?:filter|map|attr|join|sort)|\$on|\$eval|php|app\.)|\{%[ -]{0,3}(?:if|for|set|import|include|debug|extends|block|raw|macro|from|php)|\$\{ ?\d{1,6} ?[*+-] ?\d{1,6} ?\}|#\{ ?[^}]{1,200}\}|<%[=@#-]? ?[^%]{1,100}%>|@\( ?\d+ ?[*+] ?\d|\{php\}|\{(?:system|if|literal)[ (]|\[\[\$?\{|\*\{ ?\d|#set ?\( ?\$|\{\{ ?\d|\b(?:__class__|__mro__|__subclasses__|__globals__|__builtins__|__import__|__init__)\b/,
  },
  {
    name: 'perl-code',
    at: /@\{ ?\[? ?(?:system|exec|`|print|open|eval|qx|[a-z]{2,12} ?['"(]|\\)[^}]{0,100}|\b(?:qx|qw)[ /({|]['"\w]{2,20}[/)}|]|\bopen ?\( ?[a-z$]{1,12}, ?['"<>|]/,
  },
  {
    name: 'ruby-code',
    simple: true,
    at: /\b(?:process|kernel|io|open3|pty|file|dir|erb|marshal)(?:\.|::)(?:spawn|exec|popen\w{0,3}|capture\w{0,3}|read|open|binread|readlines|system|fork|load|new|entries|glob)\b ?[(.'" ]|%x[({[|!]|\binstance_eval\b|\bdefine_method\b/,
  },
  {
    name: 'python-code',
    simple: true,
    at: /\b(?:os|subprocess|pty|commands|importlib|builtins)\.(?:system|popen|exec\w{1,3}|check_output|call|run|spawn|getoutput|import_module|listdir|environ)\b|__import__ ?\(|\beval ?\( ?(?:compile|base64|input)|\bexec ?\( ?(?:compile|base64)|\bimport (?:os|subprocess|socket|pty)\b ?[;,\n]/,
  },
  { name: 'xml-entity', at: /<!(?:doctype|entity)\b[^>]{0,200}(?:system|public|\[)|<!entity|<!doctype (?!html)|<\?xml[ -]|<xsl:|<xi:include/ },
  { name: 'ldap', at: /^[^:()]{0,60}\)?\( ?[&|!] ?\(|\*\)\([a-z|&!]|\)\( ?\w{1,30}=\*?\)|\*\(\|\(|\)\(\|\(|\(objectclass=/, where: IN_VALUES },
  {
    name: 'data-scheme',
    at: /^data:(?:text\/(?:html|javascript|xml)|application\/(?:xhtml|x-|javascript|json)|image\/svg)|(?:^|[=(,])data:[^,]{0,60};base64,|^data: ?,|\bdata:(?:[a-z*]{1,20}\/[a-z*+.-]{1,40})?(?:;[\w=-]{1,40}){0,4},/,
    where: IN_VALUES,
  },
  { name: 'server-side-include', at: /<!--#? ?(?:#|exec|include|echo|config|printenv|fsize|flastmod)|<esi:/ },
  {
    name: 'header-injection',
    at: /[\n](?:\s?(?:set-cookie|location|content-(?:type|length|disposition)|refresh|status|x-[a-z-]{2,20}|access-control-[a-z-]{3,20}|transfer-encoding|host|cookie|referer|user-agent) ?:|\s{0,2}http\/[\d.]{1,3} \d|\s{0,2}<|(?:get|post|head|options|connect|put|delete|trace|track|patch|propfind|move|copy|link|debug)\s+(?:\/|\w)[^\s]{0,200}(?:\s+http\/\d|[\s]))/,
    where: IN_TARGET,
  },
];

/** Names and addresses of the machine itself and of the services that clouds keep for it. */
const INSIDE =
  '(?:localhost\\d?(?:\\.localdomain\\d?)?|ip6-(?:localhost|loopback)|ipv6-(?:localhost|loopback)|(?:host|gateway|kubernetes)\\.docker\\.internal|host\\.containers\\.internal|kubernetes\\.default(?:\\.svc(?:\\.cluster\\.local)?)?|localtest\\.me|(?:\\w{1,30}\\.)?lvh\\.me|(?:[\\d.-]{7,15}|[\\w-]{1,20})\\.(?:nip|xip|sslip)\\.io|spoofed\\.burpcollaborator\\.net|metadata(?:\\.google\\.internal|\\.oraclecloud\\.com|\\.tencentyun\\.com|\\.packet\\.net|\\.platformequinix\\.com|\\.internal)?|instance-data(?:\\.\\w{2,12}\\.internal)?|rancher-metadata)';

export const SSRF: readonly Shape[] = [
  {
    name: 'cloud-metadata',
    simple: true,
    at: /169\.254\.169\.254|169\.254\.170\.2|100\.100\.100\.200|192\.0\.0\.192|metadata\.(?:google\.internal|tencentyun|oraclecloud|packet\.net|platformequinix)|\[(?:::ffff:)?(?:a9fe:a9fe|169\.254\.169\.254|fd00:ec2::254)\]|fd00:ec2::254|\/latest\/(?:meta-data|user-data|dynamic)|\/computemetadata\/v1|\/metadata\/(?:instance|v1)\b|\/opc\/v[12]\/instance|2852039166|0xa9fea9fe|0251\.0376\.0251\.0376/,
  },
  {
    name: 'inside-address',
    simple: true,
    at: new RegExp(`^(?:(?:[a-z][a-z0-9+.-]{1,15}:)?//(?:[^@/]{0,60}@)?${INSIDE}(?::\\d{1,5})?(?:[/?#]|$)|${INSIDE}(?::\\d{1,5})?/)`),
    where: ['value'],
  },
  {
    name: 'odd-address',
    at: /^[a-z][a-z0-9+.-]{1,15}:\/\/(?:[^@/]{0,60}@)?(?:0x[0-9a-f]{2,8}|0[0-7]{8,12}|\d{8,10}|(?:0x[0-9a-f]{1,2}\.|0[0-7]{1,3}\.){1,3}[0-9a-fx]{1,8}|127\.\d{1,3}(?:\.\d{1,3}){0,2}|0(?:\.0){0,3}|10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}|\[[0-9a-f:.]{2,45}\]|[\u2460-\u24ff.]{3,20})(?::\d{1,5})?(?:[/?#]|$)/,
    where: ['value'],
  },
  {
    name: 'odd-scheme',
    at: /^(?:gopher|dict|ldaps?|ldapi|tftp|sftp|jar|netdoc|file|smb|imaps?|pop3s?|smtps?|rtsp|telnet|view-source|nntp|rsync|ssh|svn|svn\+ssh|git\+ssh|redis|mongodb|mysql|postgres(?:ql)?|amqp|mqtt|coap|s3|gs|ms-\w{2,14}|afp|nfs|cvs|dns|finger|h323|ipp|snmp|wais):(?:\/\/|[\\/]{1,3})[\w[@./]/,
    where: ['value'],
  },
];
