/** How the page looks: light and dark by the reader's setting, and on paper. Everything is in here, because the page may load nothing. */

export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #fff; --ink: #1c1d20; --dim: #5d6068; --line: #dcdad3; --soft: #f1efe9;
  --red: #b3201f; --orange: #b45309; --green: #1f7a3d; --blue: #1d5fa8; --violet: #6d3fb0; --teal: #0f766e; --pink: #ad1a6b; --gray: #6b7280; }
@media (prefers-color-scheme: dark) { :root { --paper: #15161a; --card: #1d1f25; --ink: #e7e6e2; --dim: #a2a5ad; --line: #343740; --soft: #25282f;
  --red: #ff7b72; --orange: #f0a14b; --green: #5cc77f; --blue: #79b8ff; --violet: #b99cf5; --teal: #4fd1c5; --pink: #f38cc3; --gray: #9ca3af; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere; }
main, header { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: .25rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
.verdict { display: inline-block; padding: .1em .5em; border-radius: .25em; color: #fff; letter-spacing: .04em; }
.verdict.compromised { background: #b3201f; } .verdict.attacked { background: #9a4a06; } .verdict.clean { background: #1f7a3d; } .verdict.unknown { background: #5a5a5a; }
.dim, figcaption, caption { color: var(--dim); }
nav ol { padding-left: 1.5rem; }
a { color: var(--blue); }
article, .plate { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem 1.5rem; margin: 1.5rem 0; }
article.critical, article.high { border-left: .4rem solid var(--red); } article.medium { border-left: .4rem solid var(--orange); }
.badge { display: inline-block; font-size: .8rem; font-weight: 600; padding: .05em .55em; border: 1px solid currentColor; border-radius: 1em; margin-right: .35em; }
.badge.critical, .badge.high { color: var(--red); } .badge.medium { color: var(--orange); }
.badge.low, .badge.info { color: var(--dim); } .badge.plain { color: var(--dim); font-weight: 400; }
ol.chain { list-style: none; margin: 0; padding: 0; }
ol.chain > li { position: relative; margin-left: .4rem; padding: 0 0 1rem 1.5rem; border-left: 2px solid var(--line); }
ol.chain > li:last-child { border-left-color: transparent; padding-bottom: 0; }
ol.chain > li::before { content: ""; position: absolute; left: -.45rem; top: .4rem; width: .75rem; height: .75rem; border-radius: 50%; background: var(--role); }
.when { font-variant-numeric: tabular-nums; color: var(--dim); margin-right: .6em; }
.role { font-weight: 600; color: var(--role); margin-right: .6em; }
.entry { --role: var(--red); } .account { --role: var(--violet); } .foothold { --role: var(--orange); } .persistence { --role: var(--pink); }
.process { --role: var(--blue); } .effect { --role: var(--red); } .victim { --role: var(--teal); } .explanation { --role: var(--green); }
ul.evidence { list-style: none; margin: .2rem 0 0; padding: 0; font-size: .85rem; }
ul.evidence li { margin: .1rem 0; }
code, q, .tree { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .85rem; }
q { quotes: none; color: var(--dim); }
code { background: var(--soft); padding: .05em .35em; border-radius: .2em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0; }
caption { text-align: left; font-size: .85rem; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); min-width: 5rem; }
th { font-weight: 600; background: var(--soft); }
.unreadable, .partial { color: var(--orange); font-weight: 600; } .absent { color: var(--dim); } .read { color: var(--green); }
ul.recommends, ul.gaps { padding-left: 1.25rem; } ul.gaps li::marker { content: "?  "; color: var(--orange); font-weight: 700; }
ul.tree, ul.tree ul { list-style: none; padding-left: 1.1rem; } ul.tree { padding-left: 0; }
ul.tree ul { border-left: 1px solid var(--line); margin-left: .35rem; } ul.tree li { margin: .25rem 0; }
.accused { color: var(--red); }
figure { margin: .5rem 0 1rem; } figcaption { font-size: .85rem; }
svg { width: 100%; height: auto; display: block; min-width: 36rem; } .timeline { overflow-x: auto; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .tick { fill: var(--dim); font-size: 11px; }
svg .grid { stroke: var(--line); stroke-dasharray: 2 4; } svg .rail { stroke: var(--line); stroke-width: 2; }
svg .dot { fill: var(--role); stroke: var(--card); stroke-width: 2; } svg .heap { fill: var(--card); font-size: 10px; font-weight: 700; }
details { margin: 1.25rem 0 0; } summary { cursor: pointer; font-weight: 600; }
footer { color: var(--dim); font-size: .85rem; padding: 1rem 0 3rem; }
@media print { body { background: #fff; font-size: 11pt; } main, header { max-width: none; padding: 0; }
  article, .plate { border-color: #999; padding: .5rem .75rem; } nav { display: none; } .wide, .timeline { overflow: visible; } svg { min-width: 0; }
  ol.chain > li, tr, figure { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .verdict, .dot, ol.chain > li::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
