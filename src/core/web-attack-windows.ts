/** Command execution on Windows: the grammar of cmd.exe (IF, FOR), its programs, and PowerShell. */

import type { Shape } from './web-shapes.ts';

/** Programs that intruders use because Windows brings them; harmless words are left out. */
const PROGRAMS =
  'certutil|bitsadmin|mshta|rundll32|regsvr32|wmic|wscript|cscript|schtasks|vssadmin|wevtutil|regedit|reg(?= (?:add|query|delete|save|export))|ipconfig|systeminfo|tasklist|taskkill|nltest|netsh|net1?(?= (?:user|localgroup|group|share|view|start|stop|use))|nbtstat|tracert|icacls|cacls|takeown|attrib|xcopy|robocopy|sc(?= (?:create|query|config|start))|cmdkey|diskshadow|msbuild|installutil|forfiles|csc|findstr|psexec|whoami|del(?= [/\\\\*])|type(?= [a-z]:?\\\\| \\S{1,40}\\.(?:ini|txt|config))|dir(?= [a-z]:| /)';
const CMDLETS =
  'invoke-(?:webrequest|expression|command|restmethod|item|wmimethod|mimikatz|shellcode)|start-(?:process|job|bitstransfer|service)|new-(?:object|itemproperty|service)|get-(?:childitem|content|process|service|wmiobject|ciminstance|itemproperty|localuser|aduser|credential|eventlog|acl|command|member)|set-(?:content|executionpolicy|itemproperty|mppreference|acl)|add-(?:type|content|mppreference)|out-(?:file|string|null)|import-module|convertto-securestring|convertfrom-(?:json|securestring)|foreach-object|where-object|remove-item|copy-item|move-item|write-(?:output|host)|stop-(?:process|service)|select-(?:object|string)|test-(?:connection|netconnection|path)';
const VALUE = '(?:%[\\w:~=,-]{1,30}%?|![\\w]{1,30}!|"[^"]{0,60}"|\\[[^\\]]{0,40}\\]|\\([^)]{0,40}\\)|\\{[^}]{0,40}\\}|[\\w.%?/-]{1,40})';

export const WINDOWS: readonly Shape[] = [
  {
    name: 'cmd-for',
    at: /(?:^|[;&|("'` ])for(?: ?\/[dflr]){0,4}[ "'][^%]{0,80}%{1,2}[^ ]{0,12} in ?\([^)]{0,300}\)? ?(?:do\b|$)|\bfor(?: ?\/[dflr])? [^%]{0,60}%{1,2}\S{0,12} in \(/,
  },
  { name: 'cmd-if', at: /(?:^|[;&|(] ?)if(?: ?\/i)? (?:not )?(?: ?\/i )?(?:not )?(?:exist [^ ]|defined \w|errorlevel \d|cmdextversion \d)/ },
  { name: 'cmd-if-compares', at: new RegExp(`(?:^|[;&|(] ?)if(?: ?/i)? ?(?:not )? ?\\(?${VALUE} ?(?:={2,3}|(?:equ|neq|lss|leq|gtr|geq) )`) },
  {
    name: 'cmd-exe',
    simple: true,
    at: /(?:^|[^a-z0-9_-])cmd(?:\.exe)? ?(?:\/[ckqrvs](?: |$|\+)|\?\/c)|(?:winnt|windows)[\\/]system32[\\/]|\\cmd\.exe|(?:^|[=/])cmd\.exe/,
  },
  {
    name: 'windows-program',
    at: new RegExp(`(?:[;&|\`\\n(]|^|^cmd=;?) ?(?:[a-z]:\\\\[\\w\\\\]{1,60}\\\\)?(?:${PROGRAMS})(?:\\.exe)? ?(?:[-/]|[a-z]:|https?:|\\w)`),
    where: ['value', 'name', 'agent'],
    form: 'shell',
  },
  { name: 'powershell', at: /\b(?:powershell|pwsh)(?:\.exe)?(?:\s|["']?\s?-(?:e|c|nop|w|exec|ep|enc|inputformat|noni|file)\w{0,20})/ },
  { name: 'cmdlet', at: new RegExp(`(?:^|[;|&('"= ])(?:${CMDLETS})(?: |$|[(;|])`) },
  {
    name: 'powershell-object',
    at: /downloadstring ?\(|downloadfile ?\(|\biex ?\(|\[system\.(?:net|text|convert|reflection|diagnostics|io)|-encodedcommand|frombase64string/,
  },
];
