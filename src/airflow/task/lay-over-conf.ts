import { ConfigurationError } from '../../errors.ts';

type Plain = Readonly<Record<string, unknown>>;

export interface RunWishes {
  readonly recipe: Plain;
  readonly reading?: 'full' | 'incremental';
  /** Percent. */
  readonly allowDeletes?: number;
}

/** What of a recipe one run may be given differently: what is read and how much may fail, never where to or as whom. */
const open = [
  'source.sourceConfig',
  'workflowConfig.loggerLevel',
  'workflowConfig.successThreshold',
  'workflowConfig.raiseOnError',
];

/**
 * Lays what a DAG run was triggered with over the recipe, for this run only: `reading` (`full` or `incremental`), `allowDeletes`
 * (percent), and parts of the recipe itself. Whoever may trigger a DAG may not thereby send its passwords elsewhere, so that
 * connections cannot be given, nor references.
 *
 * @throws ConfigurationError `airflow.conf`
 */
export function layOverConf(recipe: Plain, conf: Plain): RunWishes {
  const { reading, allowDeletes, ...parts } = conf;
  if (reading !== undefined && reading !== 'full' && reading !== 'incremental') {
    throw refused('reading', 'is neither full nor incremental');
  }
  const percent = typeof allowDeletes === 'string' ? Number(allowDeletes.replace(/%$/, '')) : allowDeletes;
  if (percent !== undefined && !(typeof percent === 'number' && percent >= 0 && percent <= 100)) {
    throw refused('allowDeletes', 'is no share from 0 to 100');
  }
  if (JSON.stringify(parts).includes('${')) throw refused(Object.keys(parts)[0]!, 'has a reference in it');
  return {
    recipe: merged(recipe, parts, []),
    ...(reading !== undefined && { reading }),
    ...(percent !== undefined && { allowDeletes: percent }),
  };
}

function merged(under: unknown, over: Plain, path: readonly string[]): Plain {
  const result: Record<string, unknown> = { ...(isPlain(under) && under) };
  for (const [key, value] of Object.entries(over)) {
    const place = [...path, key].join('.');
    const isOpen = open.some((each) => place === each || place.startsWith(`${each}.`));
    const leadsThere = open.some((each) => each.startsWith(`${place}.`));
    if (isPlain(value) && (isOpen || leadsThere)) result[key] = merged(result[key], value, [...path, key]);
    else if (isOpen) result[key] = value;
    else throw refused(place, 'cannot be given for one run');
  }
  return result;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(key: string, why: string): ConfigurationError {
  return new ConfigurationError(
    'airflow.conf',
    `What this DAG run was triggered with cannot be used: “${key}” ${why}.`,
    {
      help: `Its conf may have reading, allowDeletes, and parts of the recipe under ${open.join(', ')}.`,
    },
  );
}
