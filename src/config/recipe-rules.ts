import type { LoadedConnector } from '../connectors/connector.ts';
import { MeridianError } from '../errors.ts';
import { apiAddress } from '../openmetadata/api-address.ts';
import type { Recipe } from '../schema/generated/recipe.ts';
import { NameFilter } from '../workflow/processors/filter-pattern.ts';
import { compileOwnerPattern, isOwnerPattern } from '../workflow/processors/owner-rules.ts';
import { addressFindings, isAddress, isPlaceholder } from './address-rule.ts';
import { airflowFindings } from './airflow-rules.ts';
import { familyFindings } from './family-rules.ts';
import { profilerFindings } from './profiler-rules.ts';
import { isSecretPath } from './secret-keys.ts';
import { missingSignIn, providerFindings } from './sign-in-rules.ts';
import { sourceConfigTypeOf } from './source-type.ts';
import { stateFindings } from './state-rules.ts';
import type { Finding, Path } from './validate-recipe.ts';
import { watchFindings } from './watch-rules.ts';

type ServerConfig = Recipe['workflowConfig']['openMetadataServerConfig'];

export interface RuleFindings {
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** The recipe with addresses in the form that the run expects. */
  readonly normalised?: Recipe;
}

const connectionPath = ['source', 'serviceConnection', 'config'];
const pipelinePath = ['source', 'sourceConfig', 'config'];
const serverPath = ['workflowConfig', 'openMetadataServerConfig'];
const patternKeys = [
  'databaseFilterPattern',
  'schemaFilterPattern',
  'tableFilterPattern',
  'classificationFilterPattern',
] as const;

/**
 * What a schema cannot say: placeholders, addresses, sign-ins that are there, patterns that compile.
 *
 * @param recipe may be anything yet: the schema is checked beside this
 * @param source the connector that it names, or what stands for it
 */
export function ruleFindings(recipe: Recipe, source: LoadedConnector): RuleFindings {
  const connection = mapAt(recipe, connectionPath);
  const server: Partial<ServerConfig> = mapAt(recipe, serverPath);
  const findings = [
    ...placeholders(recipe, []),
    ...(source.connector.findings?.(connection) ?? []).map((found) => ({
      ...found,
      path: [...connectionPath, ...found.path],
    })),
    ...addressFindings(server.hostPort, [...serverPath, 'hostPort'], 'http://openmetadata.example:8585/api'),
    ...checkSupported(recipe),
    ...providerFindings(server, [...serverPath, 'securityConfig']),
    ...nothingToEnrich(recipe, connection, source),
    ...badPatterns(mapAt(recipe, pipelinePath), pipelinePath),
    ...badPatterns(connection, connectionPath),
    ...badOwnerPatterns(mapAt(recipe, ['meridian', 'ownerMapping'])),
    ...familyFindings(mapAt(recipe, ['meridian', 'services'])),
    ...profilerFindings(mapAt(recipe, pipelinePath), mapAt(recipe, ['processor', 'config'])),
    ...stateFindings(mapAt(recipe, ['meridian', 'state'])),
    ...watchFindings(mapAt(recipe, ['meridian', 'watch'])),
    ...airflowFindings(mapAt(recipe, ['airflow'])),
  ];
  if (typeof server.hostPort !== 'string' || !isAddress(server.hostPort)) return { findings, warnings: [] };
  const hostPort = apiAddress(server.hostPort);
  if (hostPort === server.hostPort) return { findings, warnings: [] };
  const workflowConfig = {
    ...recipe.workflowConfig,
    openMetadataServerConfig: { ...(server as ServerConfig), hostPort },
  };
  const sameButSlash = hostPort === server.hostPort.replace(/\/+$/, '');
  return {
    findings,
    warnings: sameButSlash
      ? []
      : [
          {
            path: [...serverPath, 'hostPort'],
            message: `The address should end with /api: ${shownAddress(hostPort)} is used.`,
          },
        ],
    normalised: { ...recipe, workflowConfig },
  };
}

/** A sign-in without what it needs: a token for `openmetadata`, keys for the others. */
export function checkSupported(recipe: Recipe): readonly Finding[] {
  return missingSignIn(mapAt(recipe, serverPath), serverPath);
}

function mapAt(value: unknown, path: readonly string[]): Readonly<Record<string, unknown>> {
  const found = path.reduce<unknown>((at, key) => (isMap(at) ? at[key] : undefined), value);
  return isMap(found) ? found : {};
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where braces and angle brackets are text of their own. */
const ownText = /FilterPattern$|^(connectionOptions|connectionArguments|extraHeaders|ownerMapping|tagMapping|config)$/;

function placeholders(value: unknown, path: Path): Finding[] {
  if (typeof value === 'string') return isPlaceholder(value) ? [placeholder(value.trim(), path)] : [];
  if (Array.isArray(value)) return value.flatMap((item, i) => placeholders(item, [...path, i]));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    ownText.test(key) && !(key === 'config' && path[0] === 'source') ? [] : placeholders(item, [...path, key]),
  );
}

function placeholder(text: string, path: Path): Finding {
  // A real password may look like one, so it is never quoted.
  const what = isSecretPath(path) ? 'This' : `“${text}”`;
  return {
    path,
    message: `${what} is a placeholder of the documentation: put the real value here.`,
    ...(isSecretPath(path) && { suggestion: '${env:NAME} keeps it out of the file.' }),
  };
}

function shownAddress(value: string): string {
  return value.replace(/\/\/[^/@]*@/, '//…@');
}

function nothingToEnrich(
  recipe: Recipe,
  connection: Readonly<Record<string, unknown>>,
  { spec }: LoadedConnector,
): Finding[] {
  const meridian = mapAt(recipe, ['meridian']);
  if ((meridian['mode'] ?? spec.defaultMode) !== 'enrich' || meridian['clusters'] !== undefined) return [];
  // Other sources name the services themselves, or have the one that the recipe names.
  const asked = mapAt(spec.connection, ['properties'])['databaseServiceName'] !== undefined;
  if (Object.keys(connection).length === 0 || !asked) return [];
  const names: unknown = connection['databaseServiceName'];
  if (names !== undefined && !(Array.isArray(names) && names.length === 0)) return [];
  return [
    {
      path: names === undefined ? connectionPath : [...connectionPath, 'databaseServiceName'],
      ...(names === undefined && { at: 'key' as const }),
      message: `No database service is named, so there is nothing to ${
        sourceConfigTypeOf(recipe) === 'DatabaseMetadata' ? 'enrich' : 'profile'
      }.`,
      suggestion:
        'Name the services that hold the tables in OpenMetadata in databaseServiceName, or set meridian.mode to create.',
    },
  ];
}

function badPatterns(config: object, path: Path): Finding[] {
  return patternKeys.flatMap((key) =>
    (['includes', 'excludes'] as const).flatMap((side) => {
      const patterns = mapAt(config, [key])[side];
      if (!Array.isArray(patterns)) return [];
      return patterns.flatMap((pattern, i) =>
        typeof pattern === 'string' && !compiles(pattern)
          ? [
              {
                path: [...path, key, side, i],
                message: `“${pattern}” is no regular expression.`,
                suggestion: 'For everything, write “.*”.',
              },
            ]
          : [],
      );
    }),
  );
}

function badOwnerPatterns(mapping: object): Finding[] {
  return Object.keys(mapping)
    .filter(isOwnerPattern)
    .flatMap((key) => {
      try {
        compileOwnerPattern(key);
        return [];
      } catch (error) {
        if (!(error instanceof MeridianError)) throw error;
        const { message, help } = error;
        return [{ path: ['meridian', 'ownerMapping', key], message, ...(help !== undefined && { suggestion: help }) }];
      }
    });
}

function compiles(pattern: string): boolean {
  try {
    new NameFilter({ includes: [pattern] });
    return true;
  } catch {
    return false;
  }
}
