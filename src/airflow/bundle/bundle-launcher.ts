/**
 * The shell script in front of a bundle. It becomes Node by `exec`, since Airflow's signals reach its own process only, and it
 * is given the way to itself, since the deployment stands behind it. `MERIDIAN_NODE` and `MERIDIAN_BIN` of the worker's
 * environment win over the paths of the machine that deployed it.
 *
 * @param command how a worker starts Meridian: `[node, …, meridian.mjs]`, or one program of its own
 */
export function bundleLauncher(command: readonly string[]): string {
  const [program, ...more] = command as [string, ...string[]];
  const script = more.pop();
  const node = `node=\${MERIDIAN_NODE:-${quoted(program)}}
command -v "$node" >/dev/null || { echo "meridian: no Node at $node; set MERIDIAN_NODE for this worker" >&2; exit 127; }
`;
  const meridian = `meridian=\${MERIDIAN_BIN:-${quoted(script ?? program)}}
command -v "$meridian" >/dev/null || [ -r "$meridian" ] || { echo "meridian: nothing at $meridian; set MERIDIAN_BIN for this worker" >&2; exit 127; }
`;
  const start = script === undefined ? [] : ['"$node"', ...more.map(quoted)];
  return `#!/bin/sh
# A task of Airflow, written by "meridian airflow deploy". Do not edit: its digest stands at the end of the file.
${script === undefined ? '' : node}${meridian}exec ${[...start, '"$meridian"'].join(' ')} airflow task --bundle "$0" "$@"
exit 127
`;
}

/** One word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
