/** Scanners by the names that they give themselves, and paths that nobody visits but who looks for a hole that he has read of. */

import type { Shape } from './web-shapes.ts';

/** Tools whose only use is to look for holes. Research scanners that say who they are (Censys, Shodan) are among the last. */
const TOOLS =
  '(?:absinthe|acunetix(?:[- ]\\w{1,20})?|arachni|appscan|bsqlbf|brutus/aet|cgichk|commix|core-project/1\\.0|crimscanner|crowbar|datacha0s|dirb|dirbuster|dirsearch|domino hunter|dotdotpwn|droopescan|dalfox|email extractor|feroxbuster|fhscan core|ffuf|fuzz faster u fool|fimap|floodgate|f-secure radar|get-minimal|gobuster|gootkit auto-rooter|grabber|grendel-scan|havij|hakrawler|hydra|inspath|internet ninja|intruder\\.io|jaascois|jaeles|jbrofuzz|joomscan|jorgee|katana|l9explore|l9tcpid|leakix|libwhisker|masscan|massdns|metasploit|metis|mfadmscanner|morfeus|mysqloit|n-stealth|nessus|netsparker|invicti|nikto|nmap(?: scripting engine| nse)?|nsauditor|nuclei|nosqlmap|openvas|greenbone|owasp zap|zaproxy|pangolin|paros|pmafind|psyberspider|qualys\\w{0,10}|rustbuster|s\\.t\\.a\\.l\\.k\\.e\\.r|sf/|shellshock-scan|sitecheck|skipfish|springenwerk|sqlmap|sqlninja|sqlsus|struts-pwn|sysscan|subfinder|tbi-webscanner|teh forest lobster|this is an exploit|toata dragostea|tplmap|uil2pn|vega|voideye|vulners|w3af|wapiti|webbandit|webinspect|webshag|webtrends security analyzer|webvulnscan|websploit|wfuzz|whatweb|whcc|wordpress hash grabber|wpscan|xmlrpc exploit|xsser|xsstrike|xspider|zgrab|zmap|zmeu|libredtail-http|custom-asynchttpclient|hello,? ?world|httpx - open-source project|odin\\b|internet-measurement|expanse[, ]|cortex xpanse|censysinspect|netsystemsresearch|project25499|project-resonance|rapid7|shodan|stretchoid|nimbostratus|researchscan|gdnplus|mozi|hajime|botnet|r00ts3c|lmao|cyberdog|pdrlabs|\\.nasl|burp(?:suite| collaborator)|interactsh|secureworks|detectify|probely|tenable|beyondsecurity|ssllabs|testssl)';

export const SCANNER: readonly Shape[] = [
  { name: 'scanner-agent', simple: true, at: new RegExp(`(?:^|[\\s(;+\\[,])${TOOLS}(?![a-z])`), where: ['agent'] },
  {
    name: 'scanner-mark',
    simple: true,
    at: /acunetix[-_]wvs|\bnessus\d|\/appscan_fingerprint|\/nmaplowercheck|\/nice%20ports|\/nice ports,|\/trinity\.txt|w00tw00t|\/hnap1|muieblackcat|\/nikto|\.nasl\b|by_wvs|\bsqlmap\b|\/netsparker|\bmfadmscanner|\/antidisestablishmentarianism|openvas\w{0,10}|burpcollaborator\.net|\.oast(?:ify)?\.(?:com|pro|live|site|online|fun|me)|interact\.sh\b|bxss\.me|\bdnslog\.cn|\.ceye\.io/,
  },
];

/** Pictures, styles and the like are nobody's hole. */
const NO_PICTURE = '^(?!.*\\.(?:png|jpe?g|gif|svg|ico|webp|css|js|map|woff2?|ttf|eot|pdf|mp[34]|webm|txt|html)$)';

/** Holes that were in the news, and the backdoors of others: nobody has a reason to ask for them. */
const HOLES =
  'vendor/htmlawed/|service/extension/backup/mboximport|ui/vropspluginui|analytics/telemetry/ph|phpunit/(?:src|phpunit|util|\\w{1,12}/)|eval-stdin\\.php|_ignition/execute|telescope/requests|_profiler/(?:phpinfo|open|empty)|actuator/(?:env|heapdump|gateway|trace|jolokia|shutdown|threaddump|logfile|configprops|refresh)|jolokia/|invoker/(?:jmx|ejb|readonly)|wls-wsat/|_async/asyncresponseservice|bea_wls|uddiexplorer|console/(?:css|images)/(?:%|\\.\\.)|boaform/|gponform/|goform/|hnap1|setup\\.cgi|cgi-bin/(?:luci/;|test-cgi|status$|bash|sh$|viewcontent|nph-|supervisor|hotspotlogin|kerbynet|mainfunction|popen|printenv|webproc|\\.|cstecgi|export_settings|jarrewrite|nas_sharing|rdfs|system_mgr|php\\d?(?:-cgi|\\.cgi)?$)|currentsetting\\.htm|portal/redlion|tmui/login\\.jsp|mgmt/(?:tm|shared)/|dana-(?:na|ws)/|remote/(?:fgt_lang|hostcheck)|\\+cscoe?t?\\+|\\+cscoe\\+|vpns?/(?:\\.\\.|cfg/)|autodiscover/autodiscover\\.json\\W.{0,60}@|api/jsonws/invoke|evox/about|sdk$|heapdump|wp-content/plugins/(?:wp-file-manager/lib|revslider/temp|hellopress|core-plugin|wpcargo/includes|apikey|db-backup/download)|wp-admin/css/colors/|wp-conflg|wp-l0gin|sites/all/libraries/mailchimp|user/register\\?element_parents|kcfinder/upload|elfinder/php|connector\\.minimal\\.php|magmi/web|device\\.rsp|system\\.ini\\?loginuse|streaming/channels/\\d|v1\\.\\d{1,2}/containers|containers/json|public/plugins/\\w{1,20}/\\.\\.|guestaccess\\.aspx|human2?\\.aspx|pages/(?:doenterpagevariables|createpage-entervariables)|s/[\\w.]{1,40}/_/;|secure/(?:contactadministrators|querycomponent)|rest/tinymce/1/macro|alfa(?:cgiapi|_data)|\\.?c99(?:shell)?\\.php|\\.?r57(?:shell)?\\.php|wso\\d{0,4}\\.php|b374k|web-?shell\\d{0,2}\\.|shell\\d{0,2}\\.(?:php\\d?|aspx?|jspx?)|cmd\\.(?:php\\d?|aspx?|jspx?)|(?:gel4y|marijuana|indoxploit|alfa|xleet|adminfuns|lufix|bypass|ws\\d{2}|antichat|egy_spider|sshell)\\.php|ioxi-\\w{1,3}\\.php|defau1t|about\\.php7|phpmoadmin|shell\\?cd|login_sid\\.lua|nmaplowercheck|nice ports|get_targets|_next/\\.\\.|wp-config\\W';

/** Programs that many sites have, and more do not: asking for one that is not there is looking for it. */
const APPLICATIONS =
  'sap/bc/|nwa$|webdynpro/|irj/|phpmyadmin\\d{0,2}(?:[-_.][\\w.-]{1,30})?(?:/|$)|pma\\d{0,4}(?:/|$)|myadmin/|mysqladmin/|dbadmin/|adminer(?:-[\\w.-]{1,16})?\\.php|(?:php)?_?info\\d?\\.php|test\\d?\\.php$|_profiler|actuator|jmx-console|web-console/|jenkins/|manager/(?:html|text|status)|host-manager/|solr/(?:admin|select)|console/|druid/|nifi-api|kibana/|_cat/|_search\\b|_cluster/|hudson|cgi-bin/|global-protect/|remote/log|oauth/idp|owa/auth|ecp/|autodiscover/|ews/|powershell/?\\?|mapi/nspi|webui/?$|login\\.action$|index\\.action|server-(?:status|info)$|nginx_status|elmah\\.axd|trace\\.axd|hystrix|env$|wp-(?:login|signup|admin|includes|content|config|json|cron|trackback|load|settings)|xmlrpc\\.php|wlwmanifest\\.xml|administrator/|filemanager/|fckeditor/|ckfinder/|kcfinder/|elfinder/|ueditor/|upload(?:er|ify|_file)?\\.php$|magmi/|downloader/|sqlite/main\\.php|horde/|roundcube/|zabbix/|nagios/|cacti/|glpi/|vtigercrm|a2billing|recordings/|freepbx|admin/(?:config\\.php|login|index\\.php)|admin(?:istrator)?\\.php|onvif/|isapi/|axis2|pools/default|v2/_catalog|geoserver/|apisix/|minio/|consul/|v1/agent/self|debug/(?:pprof|default/view)|metrics/?$|swagger|api-docs|graphql|v[12]/api-docs|confluence/|plugins/servlet|crowd/|setup(?:/(?:setup|index)|\\.php)|install(?:er)?\\.php|install/(?:index\\.php)?$|shell$|struts2?[-/]|index\\.jsp|login\\.(?:jsp|cgi|asp|aspx)|user/login|(?:up|mini|simple|leaf|radio|fm|0x|xx?|wp|fw|ok|lv|xl|bak|old|new)\\.php$|bitrix/|drupal/|joomla/|magento/|typo3/|sitecore/|umbraco/|ghost/|rails/info|telerik|backup/?$|wordpress/?$|old/?$';

export const PROBE: readonly Shape[] = [
  { name: 'known-hole', simple: true, at: new RegExp(`${NO_PICTURE}/{1,3}(?:[\\w.-]{1,30}/){0,4}(?:${HOLES})`), where: ['path'] },
  {
    name: 'application-search',
    simple: true,
    refused: true,
    at: new RegExp(`${NO_PICTURE}/{1,3}(?:[\\w-]{1,20}/){0,2}(?:${APPLICATIONS})`),
    where: ['path'],
  },
  {
    name: 'user-search',
    simple: true,
    refused: true,
    at: /\/wp-json\/(?:wp\/v2\/users|oembed\/1\.0\/embed)|rest_route=\/wp\/v2\/users|\/\?author=\d{1,4}$/,
    where: ['path', 'pair'],
  },
  { name: 'tunnel', simple: true, at: /^(?:[a-z0-9.-]{1,255}|\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/, where: ['path'], weak: true },
];

/** Backdoors that were left in a site, by how they are used. */
export const BACKDOOR: readonly Shape[] = [
  {
    name: 'webshell-commands',
    simple: true,
    at: /^(?:cmd|exec|command|execute|shell|shellcmd|passthru|system|c0mmand|komut|cmdr?|x?cmd|runcmd|execmd|rce)=;? ?(?:id|ls|dir|pwd|whoami|uname|ifconfig|ipconfig|net|cat|ps|w|who|env|set|ver|hostname|netstat|echo|type|wget|curl|nc|bash|sh|cmd|powershell|python[\d.]{0,5}|perl|php|ruby|node|regedit|rm|cd|mkdir|chmod|phpinfo|print|die|eval|system|assert|@eval|@ini_set)\b/,
    where: ['pair'],
  },
];

/** Directories for pictures and what visitors upload: a script in them was most likely put there by a stranger. */
export const SCRIPT_AMONG_DATA: Shape = {
  name: 'script-among-uploads',
  simple: true,
  at: /\/(?:uploads?|images?|imgs?|pictures?|pics?|photos?|userfiles|attachments?|avatars?|thumbs?|thumbnails?|fonts?|icons?|banners?|tmp|temp)\/(?:[\w.%+@-]{1,80}\/){0,6}[\w.%+@-]{1,80}\.(?:php\d?|phtml|phar|pht|asp|aspx|ashx|jsp|jspx|cgi|pl)(?:[./;]|$)/,
  where: ['path'],
  weak: true,
};
