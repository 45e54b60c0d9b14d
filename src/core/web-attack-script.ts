/** Cross-site scripting: tags that run or load something, handlers of events, script addresses, and the pieces of JavaScript that proofs are made of. */

import type { Shape } from './web-shapes.ts';

const TAGS =
  'script|iframe|frameset|frame|object|embed|applet|svg|math|img|image|input|button|form|textarea|select|isindex|keygen|video|audio|source|track|body|html|head|base|link|meta|style|layer|ilayer|bgsound|marquee|blink|details|dialog|template|slot|portal|xml|xss|xmp|plaintext|noscript|listing|animate(?:transform|motion)?|set|use|a|div|p|b|i|u|h[1-6]|br|hr|table|td|tr|th|span|font|center|title|option|label|area|map|custom|import|vmlframe|canvas|comment|noembed|noframes|picture|menu|event-source|discard|mtext|x';
const EVENTS =
  'abort|activate|afterprint|afterscriptexecute|afterupdate|animation(?:cancel|end|iteration|start)|auxclick|before\\w{3,20}|begin|blur|bounce|canplay(?:through)?|cellchange|change|click|close|contextmenu|controlselect|copy|cuechange|cut|dataavailable|datasetchanged|datasetcomplete|dblclick|deactivate|drag(?:end|enter|exit|leave|over|start|drop)?|drop|durationchange|emptied|end|ended|error(?:update)?|filterchange|finish|focus(?:in|out)?|fullscreenchange|gotpointercapture|hashchange|help|input|invalid|keydown|keypress|keyup|layoutcomplete|load(?:ed\\w{4,8}|end|start)?|losecapture|lostpointercapture|media\\w{4,10}|message(?:error)?|mouse(?:down|enter|leave|move|out|over|up|wheel)|move(?:end|start)?|offline|online|orientationchange|outofsync|page(?:hide|show|reveal|swap)|paste|pause|play(?:ing)?|pointer\\w{2,12}|popstate|progress|propertychange|ratechange|readystatechange|repeat|reset|resize(?:end|start)?|resume|reverse|row\\w{4,10}|scroll(?:end|snap\\w{4,10})?|search|securitypolicyviolation|seek(?:ed|ing)?|select(?:ionchange|start)?|show|slotchange|stalled|start|stop|storage|submit|suspend|syncrestored|timeerror|timeupdate|toggle|touch\\w{3,6}|trackchange|transition(?:cancel|end|run|start)|unhandledrejection|unload|urlflip|volumechange|waiting|webkit\\w{3,50}|wheel|zoom';

export const XSS: readonly Shape[] = [
  { name: 'script-tag', at: /<ſ?\/? {0,2}[\w:]{0,20}ſ?script\b|<\/? {0,3}s ?c ?r ?i ?p ?t[\s/>]|\xbc\/?script|¼\/?script|<script|\+adw-/ },
  {
    name: 'tag',
    at: new RegExp(`<(?:[^\\w<>]{0,20}|[^<>"'\\s]{0,30}:[^\\w<>]{0,20}) {0,3}(?:${TAGS.replaceAll(/\[1-6\]/g, '[1-6]')})(?:[\\s/>"'\\x0b\\n]|$)`),
  },
  {
    name: 'tag-spread',
    at: /<\W{0,3}(?:s ?c ?r ?i ?p ?t|f ?o ?r ?m|s ?t ?y ?l ?e|s ?v ?g|m ?a ?r ?q ?u ?e ?e|l ?i ?n ?k|o ?b ?j ?e ?c ?t|e ?m ?b ?e ?d|a ?p ?p ?l ?e ?t|p ?a ?r ?a ?m|i? ?f ?r ?a ?m ?e|b ?a ?s ?e|b ?o ?d ?y|m ?e ?t ?a|i ?m ?a? ?g ?e?|v ?i ?d ?e ?o|a ?u ?d ?i ?o|b ?i ?n ?d ?i ?n ?g ?s|s ?e ?t|i ?s ?i ?n ?d ?e ?x|a ?n ?i ?m ?a ?t ?e|d ?i ?a ?l ?o ?g|t ?e ?m ?p ?l ?a ?t ?e)[^a-z]?(?:[\s/>]|$)/,
  },
  { name: 'handler', at: new RegExp(`[\\s"'\`;/<(,\\x0b](?:on(?:${EVENTS})|formaction)[\\s\\x00-\\x1f]{0,5}=`) },
  {
    name: 'handler-in-name',
    at: /^\s{1,10}["']?on[a-z]{3,50}\s*=|["'<`]\s?on[a-z]{3,50}[\s\x00-\x1f]{0,5}=|<[^>]{0,100}\/on[a-z]{3,50}\s{0,5}=/,
    where: ['pair', 'value', 'path'],
  },
  {
    name: 'script-address',
    at: /(?:^|[=:"'(\s>,])(?:j ?\n?a ?\n?v ?\n?a ?\n?s ?\n?c ?\n?r ?\n?i ?\n?p ?\n?t|v ?b ?s ?c ?r ?i ?p ?t|livescript|wscript|vbs) ?\n?:|\bjavascript:[\w(`'"/%]|data:text\/html|feed:javascript|view-source:javascript|mocha:|url ?\( ?["']?javascript/,
    where: ['name', 'value', 'agent', 'referrer', 'path'],
  },
  {
    name: 'style-address',
    at: /(?:style ?= ?|[=;][^=;]{0,30}:)[^&]{0,300}url ?\( ?["']?javascript|style ?=[^&>]{0,200}(?:expression ?\(|behaviou?r ?:|-moz-binding|@import|url ?\( ?["']?(?:data|javascript))|@import ?["'u]|-moz-binding ?:|:expression ?\(|\bexpression ?\(/,
  },
  {
    name: 'document-object',
    simple: true,
    at: /\bdocument ?(?:\.|\[) ?["']?(?:cookie|write(?:ln)?|domain|location|url|body|documentelement|getelement\w{0,20}|createelement|forms|queryselector|referrer|defaultview|open)\b(?!\/|$)|\bdocument\.(?:cookie|write|domain|location)\b(?=[;"'`)\s,+.=(]|$)|\b(?:window|self|top|parent|frames|globalthis)(?:\.|\[["'`])(?:location|name|open|eval|alert|document|onerror|navigate|cookie|opener|\/\*|["'+\w]{1,20}\])|\blocation(?:\.(?:href|hash|replace|assign|search)|\[["'])\s?[=(]|\b(?:local|session)storage\b[.[]|\.innerhtml\b|\.parentnode\b|\bstring\.raw\b/,
    where: ['name', 'value', 'agent', 'referrer', 'pair'],
  },
  {
    name: 'script-call',
    at: /(?:^|[^\w.$-])(?:alert|confirm|prompt|eval|atob|btoa|settimeout|setinterval|setimmediate|execscript|new function|function|fetch|import|print|unescape|decodeuricomponent|msgbox|throw ?\/a\/, ?\w|onerror ?= ?\w)[ \n]{0,3}(?:\?\.)?(?:\([^a-z)]{0,3}|\(|`)(?:\)|['"`\d/\\]|document|window|this|self|location|top|string|atob|name|code|x\b|xss|unescape|origin|\w{1,20}[,.(])|\bnew ?function ?\(/,
  },
  {
    name: 'script-array-call',
    at: /\[[^\]]{0,20}\] ?\. ?(?:\w{1,12}) ?\. ?(?:call|apply|bind|constructor) ?[`(]|\breflect\.\w{1,12}(?:\.call)?[ ]?[`(]|\.(?:call|apply) ?`[^`]{0,100}\$\{|\$\{(?:alert|eval|prompt|confirm)\}|\)\[["'`]?\w{2,20}["'`]?\]\(/,
    form: 'bare',
  },
  { name: 'script-symbols', at: /(?:\[\]|\{\}|!\+|\+!){1,4}[![\](){}+]{12,}|!!?\[\]|\(!\[\]\+|\[\]\[\(|(?:'|"|`)\+(?:\[\]|\{\})|゚|\$=~\[\]/ },
  {
    name: 'value-conversion',
    at: /["'\s,{](?:valueof|tostring|tojson)["'\s]{0,2}[=:]|\bin ?valueof ?=|["'](?:in|instanceof) ?\(? ?(?:alert|valueof)/,
  },
  {
    name: 'breaking-out',
    at: /["'`] ?[)\]};]{0,3} ?;? ?(?:alert|prompt|confirm|eval|document|window|throw|import|fetch|top|self|parent) ?[([.`]|["'] ?(?:autofocus|accesskey|style|src|href|formaction|background|action|xlink:href|srcdoc) ?=|["'] ?\/?>|<\/(?:script|style|title|textarea|noscript|xmp|iframe|template) ?>/,
    where: ['name', 'value', 'path', 'agent', 'referrer'],
  },
  { name: 'angular-template', at: /\{\{[^{}]{0,100}(?:constructor|\$eval|\$on|\.call|alert|prototype|tostring|charat|orderby|\$event)/ },
  {
    name: 'markup-declaration',
    at: /<!(?:\[cdata\[|--|attlist|element)|<\?import|<%[a-z/]|xmlns(?::\w{1,10})? ?=|<[a-z]{1,10}:[a-z]{1,20}[\s/>]|&\{[^}]{1,100}\}|%3c(?:script|svg|img)|\bsrcdoc ?=/,
  },
];
