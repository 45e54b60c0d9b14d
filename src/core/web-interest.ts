/**
 * The cheap question that is asked of every line of an access log before anything is made of it: can any detector want this one?
 * A refusal, a log-in, a character or word that attacks are made of. The rest, nearly all, is only counted (decisions/0010).
 */

import { isDigit } from './text.ts';

/** Characters and words of which an attack's target has at least one, as sent: escapes are not undone here. */
const TARGET = new RegExp(
  [
    // What ordinary links escape is let pass (blank, / , : = & @ + - _ ~ and letters beyond ASCII); every other escape is looked at.
    '[\'"<>()\\[\\]{}|;$`\\\\!*^\\x00-\\x20\\x7f]|%(?!20|2f|2c|3a|3d|26|40|2b|2d|5f|7e|[ef][0-9a-f]|c[2-9a-f]|d[0-9a-f]|[89ab][0-9a-f])|\\.\\.|(?:/|%2f)(?:\\.|%2e)(?!well-known)',
    '=(?:https?|ftp|file|php|data|/|%2f|localhost|-\\d)|\\w{1,12}:(?:/|%2f){2}|[+=/&?](?:%20)?(?:or|and|having|like|xor|not|union|select|rlike)(?:\\+|%20)|\\d=\\d|overlong|0x[0-9a-f]{4}',
    // Commands and their arguments.
    '(?:\\+|%20)(?:-|/|%2f|&|https?)|wget|curl|whoami|ifconfig|ipconfig|passwd|/bin/|shell|cmd|exec|command|powershell|certutil|chmod|uname|ping|python|perl|time(?:\\+|%20)|if(?:\\+|%20)',
    // Files, holes and their tools; the tables of shapes know more exactly.
    'etc/|proc/|sys/|/var/|/tmp/|windows(?:/|%|\\\\)|win\\.ini|boot\\.ini|web-inf|meta-inf|\\.(?:sql|bak|old|orig|save|swp|conf|cfg|ini|log|env|ya?ml|htaccess|db|asax|lock|tar|zip|gz|tgz|rar|7z|properties)\\b|~$|id_rsa|authorized_keys|wp-config|config\\.|credentials|docker|jenkinsfile|composer|package-lock|secrets|@fs|__|@id',
    'htmlawed|mboximport|vropsplugin|telemetry|phpunit|eval-stdin|_ignition|telescope|_profiler|actuator|jolokia|invoker|wls-wsat|_async|bea_wls|uddi|boaform|gponform|goform|hnap1|setup\\.cgi|cgi-bin|currentsetting|redlion|tmui|mgmt/|dana-|remote/|cscoe|autodiscover|jsonws|evox|/sdk$|heapdump|wp-file-manager|revslider|hellopress|core-plugin|wpcargo|apikey|db-backup|colors/|wp-conflg|wp-l0gin|libraries/mailchimp|kcfinder|elfinder|connector\\.minimal|magmi|device\\.rsp|loginuse|containers|guestaccess|human2?\\.aspx|createpage|contactadmin|querycomponent|tinymce|alfa|c99|r57|wso|b374k|gel4y|marijuana|indoxploit|xleet|adminfuns|lufix|bypass|ws\\d\\d\\.php|antichat|egy_spider|ioxi|defau1t|php7|phpmoadmin|login_sid|get_targets|nmap|nikto|acunetix|nessus|appscan|openvas|sqlmap|netsparker|w00tw00t|muieblackcat|trinity|fingerprint|interact|oast|bxss|dnslog|ceye|burpcollab',
    '=[^&]{0,60}bin/|(?:system|passthru|komut|rce)=|(?:%20|\\+){2}|on[a-z]{3,50}(?:=|%3d)|%3d%3d|loopback|\\.svc|lvh|localtest|::|current_user|case(?:%20|\\+)|metadata|meta-data|169\\.254|localhost|internal|base64|globals|information_schema|child_process|constructor|classloader|runtime|rO0AB|class(?:\\.|%2e)|instance|java\\.',
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

/** What people post to: in each of `DOORS` one of these stands. Three of them are shorter than there, which lets more through. */
export const DOOR_WORDS: readonly string[] =
  'login logon signin sign-in sign_in auth session account user admin xmlrpc passw token register upload connect .php .jsp .asp .cgi .pl cgi-bin wp- api/v rest/ soap graphql install setup edit save file'.split(
    ' ',
  );

/**
 * Four letters of each word above, the rarest of it: a target of plain characters that has none of them has none of the words. A target
 * is gone through once, whatever the number of words.
 */
export const PLAIN_WORDS: readonly string[] =
  '=bin/ =file =ftp =http passth system= komut= rce= wget curl whoa ifcon ipconf passw /bin shell cmd. exec comman powersh certu chmod uname ping perl pytho etc/ proc/ sys/ /var/ /tmp/ window win. boot. web-inf meta-inf .sql .bak .old .orig .save .swp .conf .cfg .ini .log .env .yml .yaml .htac .db .asax .lock .tar .zip .tgz .rar .prop id_rsa authoriz wp-conf config. creden docke jenki compos package-l secret @fs/ @id/ htmlaw mbox vrops teleme phpu eval-s _igni _profi actua jolok invok wls- _asyn bea_ uddi boafo gponf gofo hnap1 setup.c cgi- curren redli tmui mgmt dana- remote/ cscoe autodis jsonw evox /sdk heapd -file-man revsl hellop core-pl wpcar apike db-ba olors/ wp-conf l0gin mailch kcfi elfi connector. magmi device. loginu contain guestac human createp contacta queryc tinym alfa /c99 /r57 /wso b374k gel4y mariju indox xleet adminf lufix bypass antich egy_s ioxi defau1 php7 phpmo sid.l get_ta nmap nikto acunet nessus appsc openv sqlma netsp w00t muiebl trini fingerp interac oast. bxss dnslo ceye burpc meta 169. localh intern base6 global _schema child_ constru classl runtim ro0ab class. instan java. loopb .svc lvh. localt current_ cmd= 0x .php .phtm .phar .pht .asp .jsp .cgi .pl'
    .split(' ')
    .filter((word) => word.length >= 4);
const FREQUENT = 'etaoinsrhldcumfpgwybvkxjqz';
const FOURS = new Uint8Array(1 << 20);
const WORDS = new Map<number, string[]>();
for (const needle of PLAIN_WORDS) {
  const hash = rarest(needle);
  FOURS[hash] = 1;
  WORDS.set(hash, [...(WORDS.get(hash) ?? []), needle]);
}

/** Many words share four letters: which one is it? */
function hasWord(target: string, hash: number): boolean {
  const lower = target.toLowerCase();
  return WORDS.get(hash)?.some((word) => lower.includes(word)) ?? false;
}

function rarest(word: string): number {
  const fours = Array.from({ length: word.length - 3 }, (_, at) => word.slice(at, at + 4));
  const rarity = (four: string) => [...four].reduce((sum, letter) => sum + (FREQUENT.indexOf(letter) < 0 ? 12 : FREQUENT.indexOf(letter)), 0);
  const best = fours.reduce((a, b) => (rarity(b) > rarity(a) ? b : a));
  return [...best].reduce((hash, letter) => ((hash << 5) ^ (letter.charCodeAt(0) & 31)) & 0xf_ffff, 0);
}

/** Characters of plain targets: 1; those of which the neighbours count: 2; all others 0. Up to 127. */
export const PLAIN: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w/?&-]/.test(String.fromCharCode(code)) ? 1 : /[.=]/.test(String.fromCharCode(code)) ? 2 : 0,
);
/** A value that may be Base64 of something. */
const VALUE_AT_MOST = 14;

/** Nothing in it that the pattern above could fit: most targets, at the price of one look at each character. */
function isPlain(target: string): boolean {
  let hash = 0;
  let before = 0;
  let value = -1;
  for (let at = 0; at < target.length; at += 1) {
    const code = target.charCodeAt(at);
    const kind = code < 128 ? PLAIN[code] : 0;
    if (kind === 0) return false;
    hash = ((hash << 5) ^ (code & 31)) & 0xf_ffff;
    if (FOURS[hash] === 1 && hasWord(target, hash)) return false;
    if (kind === 2 && code === 46 && (before === 46 || before === 47)) return false;
    if (before === 61 && (code === 47 || code === 45)) return false;
    if (before === 95 && code === 95) return false;
    if (code === 61) value = at;
    else if (code === 38 || code === 46 || code === 95) value = -1;
    else if (value >= 0 && at - value > VALUE_AT_MOST) return false;
    // `1=1`
    if (before === 61 && at > 1 && isDigit(code) && isDigit(target.charCodeAt(at - 2))) return false;
    before = code;
  }
  return true;
}

function targetMatters(target: string): boolean {
  return !isPlain(target) && TARGET.test(target);
}

/** Of a request by its method, target and status; `target` as the log has it. */
export function requestMatters(method: string, target: string, status: number): boolean {
  if (status >= 400 && status < 500) return true;
  if (method === 'GET' || method === 'HEAD') return targetMatters(target);
  return method !== 'POST' || DOORS.test(target) || targetMatters(target);
}
