import { dirname, resolve, sep } from 'node:path';
import { airflowConfigFile, airflowSettings } from '../../secrets/airflow-settings.ts';
import type { AirflowSettings } from '../deployment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What Airflow's configuration still lacks for tasks that run natively. */
export interface CoordinatorAdvice {
  /** Path of `airflow.cfg`. */
  readonly file: string;
  /** Settings of its section `sdk`, each JSON; undefined where it has them already. */
  readonly sdk: { readonly coordinators: string; readonly queue_to_coordinator: string } | undefined;
  /** Why no settings can be given: the queue is another coordinator's. */
  readonly conflict: string | undefined;
  /** Queues of a Celery worker, for its `-q`; undefined where Airflow's executor is another one. */
  readonly celeryQueues: string | undefined;
}

const classpath = 'airflow.sdk.coordinators.executable.ExecutableCoordinator';

interface Coordinator {
  readonly classpath?: unknown;
  readonly kwargs?: { readonly executables_root?: unknown };
}

/** Looks at Airflow's configuration as this machine and this environment have it, and merges with what is there. */
export function coordinatorAdvice({ queue }: AirflowSettings, bundles: string, env: Environment): CoordinatorAdvice {
  const sdk = airflowSettings(env, 'sdk');
  const coordinators = mapOf(sdk('coordinators')) as Readonly<Record<string, Coordinator>>;
  const queues = mapOf(sdk('queue_to_coordinator'));
  const executor = airflowSettings(env, 'core')('executor');
  const other = airflowSettings(env, 'operators')('default_queue') ?? 'default';
  const advice = {
    file: airflowConfigFile(env),
    sdk: undefined,
    conflict: undefined,
    // Without a configuration at hand nobody knows: rather one line too many.
    celeryQueues: executor === undefined || executor.includes('Celery') ? `${queue},${other}` : undefined,
  };
  const folder = resolve(bundles);
  const named = queues[queue];
  if (typeof named === 'string') {
    const found = coordinators[named];
    if (found && found.classpath !== classpath) {
      return {
        ...advice,
        conflict: `Queue ${queue} belongs to the coordinator ${named} already: set airflow.queue of the recipe.`,
      };
    }
    if (found && rootsOf(found).some((root) => isWithin(folder, root))) return advice;
  }
  const name = typeof named === 'string' ? named : freeName(coordinators);
  const own = coordinators[name];
  const roots = [...(own ? rootsOf(own) : []), folder];
  return {
    ...advice,
    sdk: {
      coordinators: JSON.stringify({
        ...coordinators,
        [name]: { ...own, classpath, kwargs: { ...own?.kwargs, executables_root: roots } },
      }),
      queue_to_coordinator: JSON.stringify({ ...queues, [queue]: name }),
    },
  };
}

/**
 * Where bundles go unless said: the first folder of a coordinator that this queue has, else beside the DAGs folder.
 *
 * @param dags the DAGs folder
 */
export function defaultBundles({ queue }: Pick<AirflowSettings, 'queue'>, dags: string, env: Environment): string {
  const sdk = airflowSettings(env, 'sdk');
  const name = mapOf(sdk('queue_to_coordinator'))[queue];
  const coordinator = typeof name === 'string' ? mapOf(sdk('coordinators'))[name] : undefined;
  const [root] = coordinator ? rootsOf(coordinator as Coordinator) : [];
  return root ?? resolve(dirname(resolve(dags)), 'meridian-bundles');
}

function freeName(coordinators: Readonly<Record<string, Coordinator>>): string {
  const isFree = (name: string): boolean =>
    coordinators[name] === undefined || coordinators[name].classpath === classpath;
  return ['node', 'meridian', 'meridian-node'].find(isFree) ?? 'meridian-tasks';
}

function rootsOf({ kwargs }: Coordinator): string[] {
  return [kwargs?.executables_root].flat().filter((root): root is string => typeof root === 'string');
}

function isWithin(folder: string, root: string): boolean {
  const above = resolve(root);
  return folder === above || folder.startsWith(above.endsWith(sep) ? above : `${above}${sep}`);
}

function mapOf(json: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}
