import type { Recipe } from '../schema/generated/recipe.ts';
import { NameFilter } from '../workflow/processors/filter-pattern.ts';
import { secretKeys } from './secret-keys.ts';
import type { Finding } from './validate-recipe.ts';

type AtlasConfig = Recipe['source']['serviceConnection']['config'];
type ServerConfig = Recipe['workflowConfig']['openMetadataServerConfig'];

export interface RuleFindings {
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** The recipe with addresses in the form that the run expects. */
  readonly normalised?: Recipe;
}

const usableSignIns = new Set(['openmetadata', 'no-auth']);
const patternKeys = ['databaseFilterPattern', 'schemaFilterPattern', 'tableFilterPattern'] as const;

/** Text that a documentation page has in place of a value: `<host and port>`, `{bot_jwt_token}`. */
function isPlaceholder(value: string): boolean {
  return /^<[^<>]+>$|^\{[^{}]+\}$/.test(value.trim());
}

function isAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** What a schema cannot say: placeholders, addresses, sign-ins that are there, patterns that compile. */
export function ruleFindings(recipe: Recipe): RuleFindings {
  const findings: Finding[] = [];
  const warnings: Finding[] = [];
  visitTexts(recipe, [], (text, path) => {
    // A password may look like one; it is never quoted.
    if (isPlaceholder(text) && !secretKeys.has(String(path.at(-1)))) {
      findings.push({ path, message: `“${text}” is a placeholder: put the real value here.` });
    } else if (text === '{bot_jwt_token}') {
      findings.push({ path, message: 'This is a placeholder: put the real token here.' });
    }
  });
  const atlasPath = ['source', 'serviceConnection', 'config'];
  const serverPath = ['workflowConfig', 'openMetadataServerConfig'];
  const connection: Partial<AtlasConfig> = recipe.source?.serviceConnection?.config ?? {};
  const server: Partial<ServerConfig> = recipe.workflowConfig?.openMetadataServerConfig ?? {};
  const address = (value: string | undefined, path: string[]): void => {
    if (value === undefined || isPlaceholder(value) || isAddress(value)) return;
    // Not quoted: it may hold a password.
    findings.push({ path, message: 'This is no address.', expected: 'such as http://host.example:8585/api' });
  };
  address(connection.hostPort, [...atlasPath, 'hostPort']);
  address(server.hostPort, [...serverPath, 'hostPort']);

  const provider = server.authProvider ?? 'openmetadata';
  if (!usableSignIns.has(provider)) {
    findings.push({
      path: [...serverPath, 'authProvider'],
      message: `The sign-in “${provider}” is not available yet.`,
      suggestion: 'Use “openmetadata” with the token of a bot (Settings, Bots).',
    });
  } else if (provider === 'openmetadata' && !server.securityConfig?.jwtToken) {
    findings.push({
      path: [...serverPath, 'securityConfig'],
      message: 'The token is missing.',
      expected: 'securityConfig.jwtToken with the token of a bot (Settings, Bots)',
    });
  }
  if (
    (recipe.meridian?.mode ?? 'enrich') === 'enrich' &&
    !connection.databaseServiceName?.length &&
    !recipe.meridian?.clusters
  ) {
    findings.push({
      path: [...atlasPath, 'databaseServiceName'],
      message: 'No database service is named, so there is nothing to enrich.',
      suggestion: 'Name the services that hold the tables in OpenMetadata, or set meridian.mode to create.',
    });
  }
  for (const [config, path] of [
    [recipe.source?.sourceConfig?.config ?? {}, ['source', 'sourceConfig', 'config']],
    [connection, atlasPath],
  ] as const) {
    for (const key of patternKeys) {
      for (const side of ['includes', 'excludes'] as const) {
        const patterns: unknown = config[key]?.[side];
        if (!Array.isArray(patterns)) continue;
        patterns.forEach((pattern, i) => {
          if (typeof pattern === 'string' && !compiles(pattern)) {
            findings.push({ path: [...path, key, side, i], message: `“${pattern}” is no regular expression.` });
          }
        });
      }
    }
  }
  const hostPort = String(server.hostPort ?? '').replace(/\/+$/, '');
  if (isAddress(hostPort) && !/\/api$/.test(hostPort)) {
    warnings.push({
      path: [...serverPath, 'hostPort'],
      message: `The address has no /api at its end: ${hostPort}/api is used.`,
    });
    const openMetadataServerConfig = { ...server, hostPort: `${hostPort}/api` };
    const workflowConfig = { ...recipe.workflowConfig, openMetadataServerConfig };
    return { findings, warnings, normalised: { ...recipe, workflowConfig } };
  }
  return { findings, warnings };
}

function compiles(pattern: string): boolean {
  try {
    new NameFilter({ includes: [pattern] });
    return true;
  } catch {
    return false;
  }
}

function visitTexts(
  value: unknown,
  path: readonly (string | number)[],
  visit: (text: string, path: readonly (string | number)[]) => void,
): void {
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) visitTexts(item, [...path, i], visit);
  else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) visitTexts(item, [...path, key], visit);
  }
}
