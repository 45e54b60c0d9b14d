/** Injection into databases, by the grammar of SQL: clauses in their order, conditions that are always true, functions that wait or tell, statements behind a semicolon. */

import type { Shape } from './web-shapes.ts';

const FUNCTIONS =
  'sleep|benchmark|pg_sleep(?:_for|_until)?|randomblob|load_file|extractvalue|updatexml|xmltype|group_concat|string_agg|listagg|concat(?:_ws)?|char|chr|ascii|unhex|hex|ord|substr(?:ing)?(?:_index)?|substring_index|mid|left|right|lpad|rpad|strcmp|locate|instr|position|ifnull|nullif|isnull|coalesce|iif|if|elt|field|make_set|export_set|find_in_set|row_count|last_insert_id|connection_id|current_user|session_user|system_user|database|schema|version|user|uuid|cast|convert|conv|bin|oct|exp|floor|rand|count|avg|sum|max|min|bit_and|bit_or|bit_xor|json_\\w{3,24}|jsonb_\\w{3,24}|to_json\\w{0,8}|row_to_json|query_to_xml|database_to_xml|xmlelement|xpath\\w{0,8}|dbms_\\w{3,20}|utl_(?:http|inaddr|file|smtp)|ctxsys|sys_context|lo_(?:import|export|get|put|from_bytea|create)|pg_(?:read_file|ls_dir|read_binary_file|stat_file|user|shadow|database|catalog)|current_(?:setting|database|schemas?|query)|set_config|inet_(?:server|client)_(?:addr|port)|sqlite_version|load_extension|quote|typeof|glob|unicode|printf|zeroblob|likelihood|object_id|db_name|host_name|suser_s?name|has_dbaccess|is_srvrolemember|openrowset|opendatasource|openquery|xp_\\w{3,20}|sp_\\w{3,20}|name_const|polygon|geometrycollection|multipoint|linestring|gtid_subset|aes_(?:en|de)crypt|des_(?:en|de)crypt|md5|sha[12]?|password|encode|decode|compress|crc32|weight_string|starts_with|unistr|overlay|translate|regexp_\\w{3,12}|similar_to|soundex|date_(?:add|format|sub)|unix_timestamp|from_(?:unixtime|base64)|to_(?:char|number|base64|days|seconds)|get_lock|release_lock|master_pos_wait|is_free_lock|is_used_lock|uncompress|procedure';

const TELLING =
  'information_schema|mysql\\.(?:user|db|innodb)|sqlite_(?:master|schema|temp_master)|sysobjects|syscolumns|sysdatabases|sys\\.(?:tables|objects|databases|user_\\w{3,12}|all_\\w{3,12})|master\\.\\.|msysaces|msysobjects|msdasql|pg_(?:catalog|class|tables|shadow|user|roles|database)\\b|all_(?:tables|users|tab_columns)|user_(?:tables|tab_columns)|v\\$version|xp_(?:cmdshell|dirtree|regread|fileexist|availablemedia|loginconfig)|sp_(?:oacreate|oamethod|executesql|password|makewebtask|addlogin|configure|helpdb)|@@(?:version|hostname|datadir|basedir|servername|global|innodb|max|tmpdir|language|spid|microsoftversion)|northwind|tempdb|performance_schema|waitfor delay|into (?:out|dump)file|load data (?:local )?infile|procedure analyse|(?:current|session|system)_user ?::|autonomous_transaction|schema_name|table_name\\b';

const QUOTE = '["\'`\u00b4\u2019\u2018]';

export const SQL: readonly Shape[] = [
  {
    name: 'union-select',
    at: /\bunion[\s(/*+@!\\]{1,30}(?:all|distinct|distinctrow)?[\s(/*+@!]{0,20}select\b|\bunion\b.{1,40}\bselect\b.{0,200}\bfrom\b/,
    form: 'bare',
  },
  {
    name: 'select-from',
    at: /\bselect\b[^;]{0,200}?[*,()'"@`_\d][^;]{0,200}?\bfrom\b[\s(`"'[/.]{1,4}[\w.[{(`"@]|\bselect\b[^;]{1,200}?\bfrom\b[^;]{1,100}?(?:\b(?:where|limit|group by|order by|union|having)\b|--|#|;)|\bselect ?[(@*'"]|[('";,] ?select\b ?[\s\S]{0,60}(?:from|where|\(|@@|0x|'|null|\d ?(?:,|$))|\bselect (?:pg_sleep|sleep|user|version|benchmark|top \d|null|char|concat|group_concat|case when|if ?\(|\d+ ?(?:,|--|#|$))/,
    form: 'bare',
  },
  { name: 'tells-of-the-database', simple: true, at: new RegExp(`(?:^|[^\\w.-])(?:${TELLING})`), form: 'bare' },
  {
    name: 'statement',
    at: /(?:^|[;'")\d] ?|\bexec(?:ute)? ?\( ?['"])(?:insert(?: \w{3,12}){0,2} into [\w`"'[.]{1,60} ?(?:\(|values|select|set)|replace ?(?:into )?[\w`"'.]{0,40} ?\([\w, `"']{1,100}\) ?values|delete from [\w`"'[]|update [\w`"'.[\]]{1,60} set [\w`"'.[\]]{1,60} ?=|drop (?:table|database|schema|view|index|function|procedure|trigger|user|column)\b|truncate(?: table)?[ [(`"]|alter (?:table|database|user|login|schema)\b|create (?:table|database|function|procedure|view|trigger|user|role|login|or replace|aggregate|temp|extension)\b|grant \w{3,20}(?: \w{1,20})? (?:on|to)\b|shutdown(?: with)?\b ?(?:;|--|nowait|$)|declare ?[@#]|exec(?:ute)?[ (]{1,3}(?:master|immediate|xp_|sp_|@|char|')|merge (?:into|using)|call \w{1,30}\(|attach database|pragma \w{3,30} ?(?:=|\()|vacuum into|handler \w{1,20} open|prepare \w{1,20} from)|[;'")] ?select\b/,
    form: 'bare',
  },
  {
    name: 'always-true',
    at: new RegExp(
      `(?:\\b(?:or|and|xor|having|where|not|rlike|regexp|like|between|\\|\\||&&)|[|&]{2}|${QUOTE}|^|[,(]) ?(?:not |!|~|-|\\+|@|binary )?\\(?[ ]?(${QUOTE}?)(\\d{1,9}|[a-z]{1,12})\\1\\)? ?(?:=|<=>|<>|!=|<|>|(?:not )?(?:like|rlike|regexp|glob|is)(?= |['"])|sounds like)\\s?\\(?${QUOTE}?(?:\\2)(?!\\w)`,
    ),
    form: 'bare',
  },
  {
    name: 'condition',
    at: new RegExp(
      `(?:\\b(?:or|and|xor|having|rlike|regexp)\\b|\\|\\||&&)(?:\\s|\\/\\*\\*\\/|\\(|${QUOTE}|!|\\+|~|-){1,8}(?:not )?(?:${QUOTE}?[\\w.]{1,30}${QUOTE}? ?(?:=|<=>|<>|!=|>=?|<=?|like (?=['"(%])|rlike |regexp |glob |in ?\\(|is (?:not )?null|between \\d|similar to|sounds like)|\\d{1,12}(?: ?(?:--|#|$|[)'"]))|(?:true|false|null)\\b|exists ?\\(|\\{|(?:sleep|benchmark|ascii|substr(?:ing)?|length|char_length|extractvalue|updatexml|row|if|ord|mid|user|database|version|json_\\w{3,20}) ?\\(|case when|\\(? ?select|password glob)`,
    ),
    form: 'bare',
    where: ['value', 'name', 'agent', 'referrer', 'path'],
  },
  {
    name: 'quote-then-condition',
    at: new RegExp(
      `${QUOTE}[)\\s]{0,6}(?:\\|\\||&&)?[(\\s]{0,3}(?:or|and|xor|not|like|rlike|regexp|between|in|is|having|union|procedure|div|mod|collate|glob|limit|order by|group by|into|sounds like|\\|\\||&&)\\b[\\s(!~@+-]{1,6}(?:${QUOTE}?[\\w.@]{0,30}${QUOTE}? ?(?:=|<|>|!=|--|#|\\()|${QUOTE}?\\d{1,9}${QUOTE}? ?(?:$|--|#|,|\\))|null\\b|true\\b|select\\b|analyse\\b|${QUOTE}[^'"]{0,20}%)`,
    ),
    form: 'bare',
    where: ['value', 'name', 'agent', 'path'],
  },
  {
    name: 'quote-then-end',
    at: new RegExp(
      `^[^\\s'"]{0,40}${QUOTE}[)\\s;]{0,6}(?:--(?:[\\s+-]|$)|#\\s?$|\\/\\*|;%00|\\|\\|${QUOTE}|;\\s?(?:select|drop|insert|exec|declare|waitfor|shutdown))|^\\d{1,10}\\)?(?:--[ +-]|;--|\\/\\*!)|${QUOTE}\\)?;? ?--(?:\\s|$)`,
    ),
    where: ['value', 'name', 'agent'],
    simple: true,
  },
  {
    name: 'quotes-in-a-row',
    at: new RegExp(
      `^${QUOTE}{1,3}[)\\s]{1,3}(?:\\(|or|and|;)|^[\\w.@-]{0,30}(?:'\\)|"\\)|'"|"'\\(|\\\\'|%27%20)|'[,.)("]{5,}|^[\\w -]{0,20}'\\s?(?:\\+|\\|\\|)\\s?'`,
    ),
    where: ['value'],
  },
  {
    name: 'operator-between-quotes',
    at: new RegExp(
      `${QUOTE}\\s?(?:<=>|<=|>=|<>|!=|<<|>>|=|<|>|\\^|&|\\||\\*|%|div|@>|<@|@\\?|@@|\\?[|&]?|#>>?|#-|->>?|::jsonb? ?-)\\s?(?:array\\[)?${QUOTE}[\\w{[$%]|'[^']{0,200}'(?:::jsonb?)? ?(?:@>|<@|@\\?|@@|#>>?|#-|->>?|\\?[|&]?|<|>|@|-|\\|\\|) ?(?:array\\[|\\d|'|${QUOTE})|::(?:int|jsonb?|text|varchar|numeric|xml|regclass|bool|bytea|float|date|name)\\b`,
    ),
    form: 'bare',
  },
  {
    name: 'function',
    at: new RegExp(
      `(?:^|[^\\w.$>-])(?:${FUNCTIONS})[\\s]?\\([\\s]?(?:['"\`@(]|\\d{1,12} ?[,)+*/=<>]|0x|0b|char|chr|select|user|database|version|password|concat|current|now|rand|null|\\*|\\.\\.\\.|[a-z_]{2,20} ?(?:,|\\(|placing|from|as )|\\) ?(?:=|<|>|,|--|\\|))`,
    ),
    form: 'bare',
    where: ['value', 'name', 'agent', 'referrer'],
  },
  {
    name: 'function-told',
    at: /(?:^|[^\w.])(?:sleep|benchmark|pg_sleep|randomblob|load_file|extractvalue|updatexml|group_concat|json_extract|json_search|json_array|lo_get|lo_import|current_user|session_user|database|xp_cmdshell|dbms_pipe\.receive_message|dbms_lock\.sleep|utl_inaddr\.get_host_address|to_json|jsonb_pretty|json_build_object|row_count|connection_id|system_user|user|version|schema|last_insert_id|sqlite_version|password|unistr|starts_with) ?\((?: ?\)|[^)]{1,200}\) ?(?:::|=|<|>|--|#|,|and|or|$))/,
    form: 'bare',
    where: ['value', 'name', 'agent'],
  },
  {
    name: 'case-or-if',
    at: /\bcase\b(?: ?\(?\w{1,20}\)?)? when\b.{1,200}\bthen\b|\bif ?\( ?\(? ?(?:\d{2,9}|'[^']{0,20}'|"[^"]{0,20}"|select|ascii|substr|length|user|database|now|char_length|[a-z]{1,10} ?\() ?(?:=|<|>|like|\(|,)|\{ ?if |\bend (?:--|as |\)|case)|\bthen (?:\d|sleep|null|pg_sleep|\(select)|\blike null\b|\)? ?like ?\(/,
    form: 'bare',
    where: ['value', 'name', 'path'],
  },
  {
    name: 'order-or-group',
    at: /\b(?:order|group) by (?:\d{1,4}|\(|null|rand|[`\w.]{1,40} (?:having|asc|desc|limit)\b|[`\w.]{1,40}, ?[`\w.]{1,40}\W{1,4}having|if|case)|\bhaving (?:count|sum|max|min|avg|\d|'|`|\()|\blimit \d{1,6} ?(?:,|offset|into|procedure|union|--)|\boffset \d{1,6} ?(?:--|rows|#)|\bfetch (?:first|next) \d/,
    form: 'bare',
    where: ['value', 'name', 'path'],
  },
  {
    name: 'document-database',
    at: /\[ ?['"]?\$ ?(?:ne|eq|lte?|gte?|n?in|exists|regex|where|mod|all|size|x?or|and|nor|not|type|elemmatch|slice|text|comment|expr|jsonschema|bit|options|func)['"]?\]?|[{,"'] ?\$(?:ne|eq|gt|lt|gte|lte|where|regex|exists|or|and|nin|in|not|expr|func)['"]? ?[:\]]|\|\| ?this\.|this\.\w{1,30} ?(?:==|!=|\.match)|\bdb\.\w{1,20}\.(?:find|insert|remove|drop|update)|^['"]? ?; ?return\b|\|\|this\b|\bthis\.(?:password|product|user)/,
    where: ['pair', 'name', 'value', 'path'],
  },
  {
    name: 'obeyed-comment',
    at: /\/\*!? ?[!+]?(?:\d{4,6})|\/\*[!+][^*]{0,200}(?:\*\/|$)|\b(?:sel|uni|un|se|fr|wh|an|or)\/\*[^*]{0,30}\*\/(?:ect|on|ion|lect|om|ere|d)/,
    where: ['value', 'name', 'path', 'agent'],
  },
  { name: 'backtick-names', at: /`(?:[\w.\s=_\-+{}()<@]){2,29}`/, where: ['value', 'name'] },
  {
    name: 'numbers-hidden',
    simple: true,
    at: /(?:^|[^\w/.-])0x[0-9a-f]{16,}|\bchar ?\( ?\d{1,3} ?(?:,|\))(?: ?\d{1,3} ?,?){1,}|\bchr ?\(\d{1,3}\) ?\|\||\bn'[^']{1,40}'\s?(?:=|,|\))|\bx'[0-9a-f]{2,}'|\bb'[01]{4,}'|\+char\(/,
    where: ['value', 'name', 'agent'],
  },
  {
    name: 'overflow',
    simple: true,
    at: /^(?:-0000023456|4294967295|4294967296|2147483648|2147483647|0000012345|-2147483648|-2147483649|0000023456|2\.2250738585072007e-308|2\.2250738585072011e-308|1e309)$/,
    where: ['value'],
  },
  {
    name: 'semicolon-function',
    at: /['";)\d] ?; ?(?:if|while|begin|declare|set|exec|waitfor|call|do|return)\b[ (@]|\bbegin\b[^;]{0,100}\bend\b ?;|\bdeclare @\w|\bset @\w{1,20} ?=|\bcast ?\([^)]{1,100} as (?:int|char|varchar|nvarchar|signed|decimal|text|numeric|unsigned|binary)/,
    form: 'bare',
    where: ['value', 'name', 'agent'],
  },
  {
    name: 'table-or-alias',
    at: /[\s)]from[\s(]{1,3}(?:dual|users?|members?|admin|accounts?|mysql|information|pg_|sys|master|all_|customers?|passwords?)\b.{0,60}(?:where|--|#|$|limit|\))|\b(?:delete|select|insert|update)\b\s.{0,30}\b(?:from|into|set)\b [\w`]{1,30}(?:[;#]| ?--| where\b| ?\()/,
    form: 'bare',
    where: ['value', 'name', 'agent', 'referrer', 'path'],
  },
];
