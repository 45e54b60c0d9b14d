/** Injection of PHP: its opening marks, streams, superglobals, functions, calls by name, and serialised objects. */

import { IN_VALUES, type Shape } from './web-shapes.ts';

/** Functions that are no English words and that nobody writes with a bracket by chance. */
const FUNCTIONS =
  'base64_(?:de|en)code|bz(?:de)?compress|call_user_func(?:_array)?|call_user_method|chr|chop|create_function|curl_(?:exec|init|setopt|multi_exec)|file_?(?:get|put)_contents|fsockopen|pfsockopen|fopen|fwrite|fputs|fputcsv|fread|fgets|fpassthru|passthru|gz(?:de|un)?compress|gz(?:in|de)flate|gz(?:de|en)code|gzopen|gzread|gzfile|gzwrite|gzpassthru|readgzfile|readfile|show_source|highlight_(?:file|string)|php_strip_whitespace|parse_ini_(?:file|string)|phpinfo|phpversion|php_uname|php_sapi_name|phpcredits|zend_version|get_cfg_var|getenv|putenv|ini_(?:get|set|alter|restore)(?:_all)?|set_include_path|set_time_limit|ignore_user_abort|move_uploaded_file|proc_(?:open|close|nice|terminate|get_status)|popen|pcntl_(?:exec|fork|signal)|shell_exec|escapeshell(?:arg|cmd)|posix_\\w{3,20}|str_rot13|strrev|hex2bin|bin2hex|urldecode|rawurldecode|convert_uu(?:de|en)code|unserialize|var_dump|var_export|print_r|debug_backtrace|get_defined_(?:vars|constants|functions)|func_get_args?|function_exists|method_exists|is_callable|is_(?:array|int|integer|string|object|numeric|bool|null|float|file|dir|readable|writable|writeable|executable|link|scalar|resource|a|subclass_of)|array_(?:map|filter|walk|walk_recursive|reduce|diff_u\\w{2,6}|udiff|uintersect|merge|keys|values|pop|push|shift|flip|diff)|u[ak]?sort|preg_(?:replace|match|grep|split|quote)(?:_callback|_all)?|mb_ereg_replace|ereg(?:i)?_replace|register_(?:shutdown|tick)_function|spl_autoload_register|ob_(?:start|get_contents|get_clean|end_flush)|assert_options|extract|parse_str|dl|scandir|opendir|readdir|glob|chdir|chroot|symlink|readlink|tempnam|tmpfile|fileowner|fileperms|file_exists|touch|unlink|rmdir|mkdir|mysqli?_(?:query|connect|real_connect|fetch_\\w{2,10}|pconnect)|pg_(?:query|connect|execute)|sqlite_\\w{3,20}|odbc_\\w{3,20}|imap_(?:open|mail)|imagecreatefrom\\w{2,10}|iptcembed|simplexml_load_(?:file|string)|xmlrpc_decode|libxml_\\w{3,30}|stream_(?:context_create|socket_\\w{3,10}|get_contents)|socket_(?:create|connect|bind|listen)|error_log|syslog|openlog|header_register_callback|gethostby(?:name|addr)|dns_get_record|getmy(?:uid|pid|inode)|get_current_user|getlastmod|sys_get(?:temp_dir|loadavg)|sys_get_temp_dir|str_repeat|substr_replace|implode|explode|ucwords|addcslashes|stripslashes|strtr|vsprintf|vprintf|date_(?:add|create|sub|default_timezone_\\w{3})|json_(?:de|en)code|random_(?:bytes|int)|sodium_crypto_\\w{3,60}|openssl_\\w{5,40}|tidy_\\w{3,40}|session_(?:start|id|decode|destroy|\\w{3,20})|settype|gettype|get_object_vars|get_class(?:_methods|_vars)?|reflection(?:class|function|method)|splfileobject|directoryiterator|finfo_\\w{3,12}|hash_(?:file|hmac|update_file|algos)|md5_file|sha1_file|crypt|mcrypt_\\w{3,30}|zip_(?:open|read|entry_\\w{3,10})|ftp_(?:connect|get|put|login|nb_\\w{3,6})|ssh2_\\w{3,20}|ldap_\\w{3,20}|snmp\\w{3,14}|exif_(?:imagetype|read_data)|getimagesize|apache_(?:child_terminate|get_\\w{3,12}|setenv|note|request_headers)|virtual|wincache_\\w{3,20}|apcu?_\\w{3,14}|shm(?:op)?_\\w{3,14}|filter_(?:var|input)(?:_array)?|iterator_apply|forward_static_call(?:_array)?|stream_\\w{3,30}|ctype_\\w{3,8}|gmp_\\w{3,14}|iconv_\\w{3,20}|mb_\\w{3,30}|image\\w{4,24}|xml_parse\\w{0,20}|utf8_(?:de|en)code|gc_(?:enable|collect_cycles)|cal_(?:info|days_in_month)|bc(?:add|sub|mul|div|mod|pow|sqrt|comp|scale)|com_\\w{3,20}|opcache_\\w{3,20}|headers?_(?:sent|list|remove)|http_build_query|html_?(?:entity_decode|specialchars(?:_decode)?)|is_uploaded_file|money_format|nl_langinfo|number_format|str_(?:pad|split|word_count|ireplace|replace|getcsv|contains|starts_with)|substr_(?:count|compare)|similar_text|soundex|metaphone|levenshtein|lcg_value|mt_(?:rand|srand)|gettimeofday|microtime|strftime|gmstrftime|mktime|checkdate';
/** English words too: only with what PHP writes inside the brackets. */
const WORDS =
  'system|exec|eval|assert|include|require|include_once|require_once|print|printf|sprintf|mail|file|copy|rename|header|define|constant|fetch|each|end|reset|die|exit|sort|trim|link|log';

export const PHP: readonly Shape[] = [
  {
    name: 'php-mark',
    at: /<\?(?:php\b|=|\s|$|[^x\w])|<%(?:=|\s)?\s?(?:eval|execute|response|request)|\[\/?php\]|<script[^>]{0,40}language ?= ?['"]?php/,
  },
  {
    name: 'php-stream',
    at: /(?:^|[=/"'(,|])(?:php:\/\/(?:std(?:in|out|err)|in(?:put)?|out(?:put)?|fd|memory|temp|filter)|(?:phar|expect|zip|glob|ogg|rar|zlib|ssh2(?:\.(?:shell|exec|tunnel|sftp|scp))?|compress\.(?:zlib|bzip2)|data):\/\/)/,
    where: ['value', 'path', 'name'],
  },
  { name: 'php-function', at: new RegExp(`(?:^|[^a-z0-9.$#-]|foo)@?(?:${FUNCTIONS}) ?[\\n ]{0,3}\\(`), form: 'bare' },
  {
    name: 'php-call',
    at: new RegExp(
      `(?:^|[;=@&|{(!,.\\n] ?|<\\?php )(?:${WORDS})[ \\n]{0,3}\\([ \\n]{0,3}(?:['"$@\\[{\`]|base64|chr|str|hex|gz|ls|id|uname|phpinfo|whoami|cat|\\w{1,20}\\()`,
    ),
    form: 'bare',
  },
  {
    name: 'php-variable',
    simple: true,
    at: /\$(?:_(?:get|post|request|cookie|server|files|session|env)|globals|http_(?:raw_post_data|\w{3,6}_vars)|argv|argc|php_self|php_errormsg)\b|\b_(?:server|request|session|files|env)\[|^globals\[/,
  },
  {
    name: 'php-variable-call',
    at: /(?:^|[^\w\\$#])@?\$(?:[a-z_]\w{0,40}|\$[$\w]{1,20}|\{[^{}]{1,60}\})(?:\[[^\]]{1,40}\]|\{[^}]{1,20}\}|->\w{1,20}|::\$?\w{1,20}){0,4}[ \n]{0,4}\(/,
    form: 'bare',
  },
  { name: 'php-static-call', at: /\b[a-z_]\w{0,30}(?:::|->)\$[a-z_]\w{0,30}[ \n]{0,3}\(|^\$[a-z_]\w{0,20} ?\/\/[^\n]{0,40}\n ?\(/ },
  { name: 'php-variable-made', at: /\$ {0,20}\{ {0,20}[^\s{}][^{}]{0,100}\}/, where: IN_VALUES },
  {
    name: 'php-callable-text',
    at: /(?:\)|\]|\}|["'])[ \n]{0,3}\((?:[ \n]{0,2}["'@$][^()]{0,80}["'\w]|[ \n]{0,2}[a-z_-]{2,12}[ \n]{0,2})\)[ \n]{0,3}(?:;|$)/,
    form: 'bare',
    where: IN_VALUES,
  },
  { name: 'php-serialised', at: /(?:^|[;{=:"'|\s])[oc]:\+?\d{1,6}:"[^"]{1,120}":\d{1,6}:\{|^a:\d{1,6}:\{[isbdoa]:/ },
  {
    name: 'php-setting',
    at: /\b(?:allow_url_(?:fopen|include)|auto_(?:ap|pre)pend_file|disable_(?:functions|classes)|safe_mode(?:_\w{2,16})?|open_basedir|suhosin\.\w{3,30}|magic_quotes\w{0,12}|register_globals|cgi\.force_redirect|cgi\.fix_pathinfo|display_errors|user_ini\.\w{3,12}|include_path|extension_dir|phar\.readonly|session\.\w{4,30}|zend_extension|enable_dl|upload_tmp_dir|unserialize_callback_func|docref_root|error_(?:log|append_string|prepend_string)|html_errors|log_errors|mail\.(?:log|add_x_header)|output_handler|sendmail_path|short_open_tag) ?=/,
    where: ['pair', 'value', 'agent', 'referrer'],
  },
  { name: 'php-argument', simple: true, at: /^[- ]{1,2}d[+ ]{0,3}(?:allow_url|auto_prepend|safe_mode|cgi\.)|^-[sbn]$/, where: ['name'] },
  {
    name: 'php-upload-name',
    simple: true,
    at: /^[^?]{0,200}\.(?:php\d{0,2}|phtml|pht|phar)(?:\.[a-z]{2,5}|;\.|\x00|%00|::\$data)/,
    where: ['value'],
  },
];
