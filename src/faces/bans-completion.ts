/** What the shell completes behind the words for bans. */

const DOOR = ['--hand', '--state', '--json', '--help'];
const COLOURS = ['--color', '--no-color'];

/** Options by word. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  ban: ['--for', '--because', '--wide', ...DOOR],
  unban: ['--all', '--because', ...DOOR],
  bans: ['--sort', ...COLOURS, ...DOOR],
  allow: ['--for', '--because', '--remove', ...DOOR],
  why: [...COLOURS, ...DOOR],
  status: [...COLOURS, ...DOOR],
  'fail2ban-client': ['--hand', '--state', '--help'],
};
const FAIL2BAN = 'ping status banned get set unban reload version';

export const BANS_WORDS: readonly string[] = Object.keys(OPTIONS);

/** Lines of the `case` of the word before. */
export const BANS_BEFORE = `    --for) COMPREPLY=($(compgen -W "1h 12h 1d 3d 1w ever" -- "$word")); return ;;
    --sort) COMPREPLY=($(compgen -W "net since left packets" -- "$word")); return ;;
    --because) return ;;
    fail2ban-client) COMPREPLY=($(compgen -W "${FAIL2BAN}" -- "$word")); return ;;
`;

/** Lines of the `if` over options. */
export const BANS_BASH = Object.entries(OPTIONS)
  .map(
    ([word, options]) =>
      `  elif [[ "$word" == -* && "\${COMP_WORDS[1]}" == ${word} ]]; then COMPREPLY=($(compgen -W "${options.join(' ')}" -- "$word"))\n`,
  )
  .join('');

export const BANS_FISH: readonly string[] = [
  ...Object.entries(OPTIONS).flatMap(([word, options]) =>
    options.map((option) => `complete -c tocsin -n '__fish_seen_subcommand_from ${word}' -l ${option.slice(2)}`),
  ),
  `complete -c tocsin -n '__fish_seen_subcommand_from fail2ban-client' -f -a '${FAIL2BAN}'`,
];
