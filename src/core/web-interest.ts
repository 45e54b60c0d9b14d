/**
 * The cheap question that is asked of every line of an access log before anything is made of it: can any detector want this one?
 * A refusal, a log-in, a character or word that attacks are made of. The rest, nearly all, is only counted (decisions/0011).
 */

/** Characters and words of which an attack's target has at least one, as sent: escapes are not undone here. */
const TARGET = new RegExp(
  [
    // What ordinary links escape is let pass (blank, / , : = & @ + - _ ~ and letters beyond ASCII); every other escape is looked at.
    '[\'"<>()\\[\\]{}|;$`\\\\!*^\\x00-\\x20\\x7f]|%(?!20|2f|2c|3a|3d|26|40|2b|2d|5f|7e|[ef][0-9a-f]|c[2-9a-f]|d[0-9a-f]|[89ab][0-9a-f])|\\.\\.|(?:/|%2f)(?:\\.|%2e)(?!well-known)',
    '=(?:https?|ftp|file|php|data|/|%2f|localhost|-\\d)|\\w{1,12}:(?:/|%2f){2}|[+=/&?](?:%20)?(?:or|and|having|like|xor|not|union|select|rlike)(?:\\+|%20|/)|\\d=\\d|overlong|0x[0-9a-f]{4}',
    // Commands and their arguments.
    '(?:\\+|%20)(?:-|/|%2f|&|https?)|wget|curl|whoami|ifconfig|ipconfig|passwd|/bin/|shell|cmd|exec|command|powershell|certutil|chmod|uname|ping|python|perl|time(?:\\+|%20)|if(?:\\+|%20)',
    // Files, holes and their tools; the tables of shapes know more exactly.
    'etc/|proc/|sys/|/var/|/tmp/|windows(?:/|%|\\\\)|win\\.ini|boot\\.ini|web-inf|meta-inf|\\.(?:sql|bak|old|orig|save|swp|conf|cfg|ini|log|env|ya?ml|htaccess|db|asax|lock|tar|zip|gz|tgz|rar|7z|properties)\\b|~$|id_rsa|authorized_keys|wp-config|config\\.|credentials|docker|jenkinsfile|composer|package-lock|secrets|@fs|__|@id',
    'phpunit|eval-stdin|_ignition|telescope|_profiler|actuator|jolokia|invoker|wls-wsat|_async|bea_wls|uddi|boaform|gponform|goform|hnap1|setup\\.cgi|cgi-bin|currentsetting|redlion|tmui|mgmt/|dana-|remote/|cscoe|autodiscover|jsonws|evox|/sdk$|heapdump|wp-file-manager|revslider|hellopress|core-plugin|wpcargo|apikey|db-backup|colors/|wp-conflg|wp-l0gin|libraries/mailchimp|kcfinder|elfinder|connector\\.minimal|magmi|device\\.rsp|loginuse|containers|guestaccess|human2?\\.aspx|createpage|contactadmin|querycomponent|tinymce|alfa|c99|r57|wso|b374k|gel4y|marijuana|indoxploit|xleet|adminfuns|lufix|bypass|ws\\d\\d\\.php|antichat|egy_spider|ioxi|defau1t|php7|phpmoadmin|login_sid|get_targets|nmap|nikto|acunetix|nessus|appscan|openvas|sqlmap|netsparker|w00tw00t|muieblackcat|trinity|fingerprint|interact|oast|bxss|dnslog|ceye|burpcollab',
    '=[^&]{0,60}bin/|(?:%20|\\+){2}|on[a-z]{3,50}(?:=|%3d)|%3d%3d|loopback|\\.svc|lvh|localtest|::|current_user|case(?:%20|\\+)|metadata|meta-data|169\\.254|localhost|internal|base64|globals|information_schema|child_process|constructor|classloader|runtime|rO0AB|class(?:\\.|%2e)|instance|java\\.',
    // A script where only pictures and uploads belong.
    '/(?:uploads?|images?|img|media|files|tmp|cache|css|js|fonts?|thumbs?|avatars?|gallery|attachments?)/[^?]{0,200}\\.(?:php|phtml|phar|pht|asp|jsp|cgi|pl)',
    // Base64 of some length: what is behind it is seen when it is judged.
    '=[a-z0-9+/]{15,}(?:=|%3d|&|$)',
  ].join('|'),
  'i',
);

/** Where people and programs log in, or change what a site is made of. */
const DOORS =
  /login|logon|signin|sign-in|sign_in|auth|session|account|user|admin|xmlrpc|passw|token|register|upload|connect|\.php|\.jsp|\.asp|\.cgi|\.pl\b|cgi-bin|wp-|api\/v\d\/log|rest\/|soap|graphql|install|setup|edit|save|file/i;

/** Of a request by its method, target and status; `target` as the log has it. */
export function requestMatters(method: string, target: string, status: number): boolean {
  if (status >= 400 && status < 500) return true;
  if (method === 'GET' || method === 'HEAD') return TARGET.test(target);
  return method !== 'POST' || DOORS.test(target) || TARGET.test(target);
}
