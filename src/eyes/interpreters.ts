/** Which script an interpreter runs, from its command line: the program file alone would only say /bin/sh. */

const INTERPRETER =
  /^(?:(?:ba|da|z|k|mk|a|c|tc)?sh|busybox|python[\d.]*|perl[\d.]*|php[\d.]*(?:-cgi)?|ruby[\d.]*|node(?:js)?|lua[\d.]*|tclsh[\d.]*|expect)$/;
/** Options after which the next argument is program text or a module name: then there is no script file. */
const INLINE = /^(?:-c|-e|-E|-r|-m|-p|--eval|--print|--run)$|^-[a-z]*c$/;
/** Options that take the next argument with them. */
const TAKES_NEXT = new Set(['-I', '-W', '-X', '-d', '-z', '--require', '--import', '--loader', '-o', '+o', '-O', '--rcfile', '--init-file']);

/** Made absolute by the working directory; null where there is none or it cannot be told. */
export function scriptOf(exe: string | null, argv: readonly string[], cwd: string | null): string | null {
  const name = exe?.slice(exe.lastIndexOf('/') + 1) ?? '';
  if (!INTERPRETER.test(name)) return null;
  const perl = name.startsWith('perl');
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') return absolute(argv[at + 1], cwd);
    if (word === '-f' && name.startsWith('php')) return absolute(argv[at + 1], cwd);
    if (word === '-' || (INLINE.test(word) && !(perl && /^-[wWTtc]+$/.test(word))) || word === '-s') return null;
    if (TAKES_NEXT.has(word)) at += 1;
    else if (!/^[-+]./.test(word)) return name === 'busybox' ? absolute(argv[at + 1], cwd) : absolute(word, cwd);
  }
  return null;
}

function absolute(path: string | undefined, cwd: string | null): string | null {
  if (path === undefined || path === '') return null;
  if (path.startsWith('/')) return path;
  return cwd === null ? null : `${cwd === '/' ? '' : cwd}/${path.replace(/^(?:\.\/)+/, '')}`;
}
