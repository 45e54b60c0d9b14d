/** Completion for bash, zsh and fish: commands, options, and the answers that some options take. */

import { UserError } from '../core/errors.ts';
import { BANS_BASH, BANS_BEFORE, BANS_FISH, BANS_WORDS } from './bans-completion.ts';

const OPTIONS = [
  '--log',
  '--root',
  '--since',
  '--year',
  '--zone',
  '--host',
  '--force',
  '--watch',
  '--json',
  '--html',
  '--markdown',
  '--details',
  '--color',
  '--no-color',
  '--quiet',
  '--help',
];
const GUESTS = ['--json', '--root', '--dir', '--details', '--color', '--no-color', '--help'];
const EXPLAIN = [
  '--as',
  '--filter',
  '--filters',
  '--sigma',
  '--events',
  '--year',
  '--zone',
  '--json',
  '--details',
  '--color',
  '--no-color',
  '--help',
];
const WATCH = ['--mode', '--log', '--state', '--hand', '--from-start', '--json', '--color', '--no-color', '--help'];
const SETUP = ['--mode', '--dry-run', '--undo', '--yes', '--root', '--help'];
const DOCTOR = ['--json', '--color', '--no-color', '--help'];
const COMMANDS = ['investigate', 'watch', 'explain', 'guests', 'setup', 'doctor', ...BANS_WORDS, 'completion', 'help'];

export function completion(shell: string): string {
  if (shell === 'bash') return bash();
  if (shell === 'zsh') return `#compdef tocsin\nautoload -U +X bashcompinit && bashcompinit\n${bash()}`;
  if (shell === 'fish') return fish();
  throw new UserError(`no completion for "${shell}"`, 'Choose bash, zsh or fish.');
}

function bash(): string {
  return `_tocsin() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$before" in
    --mode) COMPREPLY=($(compgen -W "observe act" -- "$word")); return ;;
    --root|--dir|--filters|--sigma|--state) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --log|--html|--markdown|--events|--hand) COMPREPLY=($(compgen -f -- "$word")); return ;;
${BANS_BEFORE}    --since) COMPREPLY=($(compgen -W "1h 12h 1d 3d 1w today yesterday" -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${COMMANDS.join(' ')}" -- "$word"))
  elif [[ "$word" == -* && "\${COMP_WORDS[1]}" == guests ]]; then COMPREPLY=($(compgen -W "${GUESTS.join(' ')}" -- "$word"))
  elif [[ "$word" == -* && "\${COMP_WORDS[1]}" == explain ]]; then COMPREPLY=($(compgen -W "${EXPLAIN.join(' ')}" -- "$word"))
  elif [[ "$word" == -* && "\${COMP_WORDS[1]}" == setup ]]; then COMPREPLY=($(compgen -W "${SETUP.join(' ')}" -- "$word"))
  elif [[ "$word" == -* && "\${COMP_WORDS[1]}" == doctor ]]; then COMPREPLY=($(compgen -W "${DOCTOR.join(' ')}" -- "$word"))
  elif [[ "$word" == -* && "\${COMP_WORDS[1]}" == watch ]]; then COMPREPLY=($(compgen -W "${WATCH.join(' ')}" -- "$word"))
${BANS_BASH}  elif [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${OPTIONS.join(' ')}" -- "$word"))
  else COMPREPLY=($(compgen -u -f -- "$word")); fi
}
complete -F _tocsin tocsin
`;
}

function fish(): string {
  const commands = COMMANDS.map((command) => `complete -c tocsin -n __fish_use_subcommand -f -a ${command}`);
  const options = OPTIONS.map((option) => `complete -c tocsin -n '__fish_seen_subcommand_from investigate' -l ${option.slice(2)}`);
  const guests = GUESTS.map((option) => `complete -c tocsin -n '__fish_seen_subcommand_from guests' -l ${option.slice(2)}`);
  const explain = EXPLAIN.map((option) => `complete -c tocsin -n '__fish_seen_subcommand_from explain' -l ${option.slice(2)}`);
  const watch = WATCH.map((option) => `complete -c tocsin -n '__fish_seen_subcommand_from watch' -l ${option.slice(2)}`);
  const setup = SETUP.map((option) => `complete -c tocsin -n '__fish_seen_subcommand_from setup' -l ${option.slice(2)}`);
  const doctor = DOCTOR.map((option) => `complete -c tocsin -n '__fish_seen_subcommand_from doctor' -l ${option.slice(2)}`);
  return `${[...BANS_FISH, ...setup, ...doctor, ...commands, ...options, ...watch, ...explain, ...guests, "complete -c tocsin -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'"].join('\n')}\n`;
}
