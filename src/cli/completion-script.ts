import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Words {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
  readonly subcommands: readonly string[];
}

/** A script that completes commands, their subcommands and options, and file names for values. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = program.commands.map((command) => words(command, program));
  if (shell === 'fish') return fish(commands);
  return shell === 'bash' ? bash(commands) : zsh(commands);
}

function words(command: Command, program: Command): Words {
  const own = [...command.options, ...command.commands.flatMap((sub) => sub.options), ...program.options];
  const options = own.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
  return {
    name: command.name(),
    summary: command.summary(),
    options: [...new Set([...options, '--help'])],
    subcommands: command.commands.map((sub) => sub.name()),
  };
}

/** `case` branches that set the candidates of each command. */
function branches(commands: readonly Words[], assign: (text: string) => string): string {
  return commands
    .map(({ name, options, subcommands }) => `    ${name}) ${assign([...subcommands, ...options].join(' '))} ;;`)
    .join('\n');
}

function bash(commands: readonly Words[]): string {
  return `_meridian() {
  local current="\${COMP_WORDS[COMP_CWORD]}" candidates=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    candidates="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${branches(commands, (text) => `candidates="${text}"`)}
    esac
  fi
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _meridian meridian
`;
}

function zsh(commands: readonly Words[]): string {
  return `#compdef meridian
_meridian() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, summary }) => `      '${name}:${summary.replaceAll("'", '’')}'`).join('\n')}
    )
    _describe 'command' commands
    return
  fi
  local candidates=""
  case "\${words[2]}" in
${branches(commands, (text) => `candidates="${text}"`)}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then compadd -- \${=candidates}; else compadd -- \${=candidates}; _files; fi
}
compdef _meridian meridian
`;
}

function fish(commands: readonly Words[]): string {
  const lines = commands.flatMap(({ name, summary, options, subcommands }) => [
    `complete -c meridian -n __fish_use_subcommand -a ${name} -d '${summary.replaceAll("'", '’')}'`,
    ...subcommands.map((sub) => `complete -c meridian -n '__fish_seen_subcommand_from ${name}' -a ${sub}`),
    ...options.map((flag) => `complete -c meridian -n '__fish_seen_subcommand_from ${name}' ${fishFlag(flag)}`),
  ]);
  return `${lines.join('\n')}\n`;
}

function fishFlag(flag: string): string {
  return flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
}
