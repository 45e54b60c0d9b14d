/** Which script an interpreter runs, from its command line: the program file alone would only say /bin/sh. */

const INTERPRETER =
  /^(?:(?:ba|da|z|k|mk|a|c|tc)?sh|busybox|python[\d.]*|perl[\d.]*|php[\d.]*(?:-cgi)?|ruby[\d.]*|node(?:js)?|lua[\d.]*|tclsh[\d.]*|expect)$/;
/** Options after which the next argument is program text or a module name: then there is no script file. */
const INLINE = /^(?:-c|-e|-E|-r|-m|-p|--eval|--print|--run)$|^-[a-z]*c$/;
/** Options that take the next argument with them. */
const TAKES_NEXT = new Set(['-I', '-W', '-X', '-d', '-z', '-o', '+o', '-O', '--rcfile', '--init-file']);
/** Those of node(1); with `=` they take nothing more. */
const NODE_TAKES_NEXT =
  /^(?:-r|-C|--(?:require|import|loader|experimental-loader|conditions|title|env-file|env-file-if-exists|input-type|redirect-warnings|icu-data-dir|openssl-config|unhandled-rejections|dns-result-order|stack-trace-limit|max-http-header-size|diagnostic-dir|cpu-prof-dir|cpu-prof-name|heap-prof-dir|heap-prof-name|report-dir|report-directory|report-filename|report-signal|trace-event-categories|watch-path|localstorage-file|test-name-pattern|test-reporter|test-reporter-destination|test-concurrency|test-timeout|test-shard))$/;

/** Made absolute by the working directory; null where there is none or it cannot be told. */
export function scriptOf(exe: string | null, argv: readonly string[], cwd: string | null): string | null {
  const name = exe?.slice(exe.lastIndexOf('/') + 1) ?? '';
  if (!INTERPRETER.test(name)) return null;
  const perl = name.startsWith('perl');
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') return absolute(argv[at + 1], cwd);
    if (word === '-f' && name.startsWith('php')) return absolute(argv[at + 1], cwd);
    const takesNext = name.startsWith('node') ? NODE_TAKES_NEXT.test(word) : TAKES_NEXT.has(word) || (word === '-r' && name.startsWith('ruby'));
    if (takesNext) {
      at += 1;
      continue;
    }
    if (word === '-' || (INLINE.test(word) && !(perl && /^-[wWTtc]+$/.test(word))) || word === '-s') return null;
    if (!/^[-+]./.test(word)) return name === 'busybox' ? absolute(argv[at + 1], cwd) : absolute(word, cwd);
  }
  return null;
}

function absolute(path: string | undefined, cwd: string | null): string | null {
  if (path === undefined || path === '') return null;
  if (path.startsWith('/')) return path;
  return cwd === null ? null : `${cwd === '/' ? '' : cwd}/${path.replace(/^(?:\.\/)+/, '')}`;
}
