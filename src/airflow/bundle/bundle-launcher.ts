/** What a bundle starts. */
export interface BundleCommand {
  /** Path of Node on the workers. */
  readonly node: string;
  /** Path of `meridian.mjs` on the workers. */
  readonly meridian: string;
}

/**
 * The shell script in front of a bundle. It becomes Node by `exec`, since Airflow's signals reach its own process only, and it
 * is given the way to itself, since the recipe stands behind it. `MERIDIAN_NODE` and `MERIDIAN_BIN` of the worker's
 * environment win over the paths of the machine that deployed it.
 */
export function bundleLauncher({ node, meridian }: BundleCommand): string {
  return `#!/bin/sh
# A task of Airflow, written by "meridian airflow deploy". Do not edit: its digest stands at the end of the file.
node=\${MERIDIAN_NODE:-${quoted(node)}}
meridian=\${MERIDIAN_BIN:-${quoted(meridian)}}
command -v "$node" >/dev/null || { echo "meridian: no Node at $node; set MERIDIAN_NODE for this worker" >&2; exit 127; }
[ -r "$meridian" ] || { echo "meridian: nothing at $meridian; set MERIDIAN_BIN for this worker" >&2; exit 127; }
exec "$node" "$meridian" airflow task --bundle "$0" "$@"
exit 127
`;
}

/** One word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
