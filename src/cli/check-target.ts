import type { ResolvedSettings } from '../config/resolve-settings.ts';
import { ConfigurationError } from '../errors.ts';
import { probeServer } from '../http/probe-server.ts';
import { tlsOptions } from '../http/tls-options.ts';
import type { Access, OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../openmetadata/openmetadata-target.ts';
import type { Environment } from './terminal.ts';
import { elapsedSince, failedStep, passedStep, probedStep, type TestStep } from './test-step.ts';

const system = 'target';

/** Step-by-step check of the target, up to the first step that fails; never throws for a failed step. */
export async function* checkTarget(
  client: OpenMetadataClient,
  settings: ResolvedSettings,
  env: Environment,
  signal: AbortSignal,
): AsyncGenerator<TestStep> {
  const { openMetadata } = settings;
  const address = { name: 'OpenMetadata', address: openMetadata.hostPort, tls: tlsOptions(openMetadata), env };
  for await (const probe of probeServer(address)) {
    const step = probedStep(probe, system, 'OpenMetadata');
    yield step;
    if (!step.ok) return;
  }
  const authProvider = openMetadata.authProvider ?? 'openmetadata';
  let name = 'sign in';
  let start = performance.now();
  const place = () => ({ system, name, ms: elapsedSince(start) }) as const;
  try {
    await client.prepareSignIn();
    const signInMs = elapsedSince(start);
    name = 'version of OpenMetadata';
    start = performance.now();
    const version = await client.readVersion(signal);
    yield passedStep(place(), `version ${version}`);
    name = 'sign in';
    start = performance.now() - signInMs;
    const { user } = await client.connect(signal);
    yield passedStep(place(), user ? `as ${user.name}, by ${authProvider}` : `nobody, by ${authProvider}`);
    name = 'rights';
    start = performance.now();
    yield rightsStep(place(), await client.accessTo('table', signal), settings.mode);
    const target = new OpenMetadataTarget(client, signal);
    for (const service of settings.connection.databaseServiceName ?? []) {
      name = `find database service ${service}`;
      start = performance.now();
      yield passedStep(place(), await findService(target, service, settings.mode));
    }
    if (!settings.connection.databaseServiceName?.length) {
      name = 'read tables';
      start = performance.now();
      yield passedStep(place(), `${await client.count('table', {}, signal)} tables`);
    }
  } catch (error) {
    yield failedStep(place(), error);
  }
}

/** What a run does to tables, by mode: the rights without which it fails for sure. */
const needed = { enrich: ['EditDescription', 'EditTags'], create: ['Create', 'EditDescription', 'EditTags'] } as const;

function rightsStep(
  place: Parameters<typeof passedStep>[0],
  access: ReadonlyMap<string, Access> | undefined,
  mode: ResolvedSettings['mode'],
): TestStep {
  if (!access) return passedStep(place, 'the server does not say; the first write shows');
  const all = isAllowed(access.get('All')) || isAllowed(access.get('EditAll'));
  const missing = needed[mode].filter((operation) => {
    const own = access.get(operation);
    return own !== undefined && !isAllowed(own) && !(all && operation !== 'Create');
  });
  if (missing.length === 0) return passedStep(place, `tables: ${needed[mode].join(', ')}`);
  return {
    ...place,
    ok: false,
    message: `This user may not do with tables: ${missing.join(', ')}.`,
    help: 'Give it the role of the ingestion bot (Settings, Bots or Users, Roles in OpenMetadata), or use that bot’s token.',
    exitCode: 3,
  };
}

const isAllowed = (access: Access | undefined): boolean => access === 'allow' || access === 'conditionalAllow';

/** @throws ConfigurationError when it is missing and has to be there */
async function findService(
  target: OpenMetadataTarget,
  service: string,
  mode: ResolvedSettings['mode'],
): Promise<string> {
  const databases = await target.databases(service);
  if (databases) return `${databases.length} databases`;
  if (mode === 'create') return 'not there yet; an ingest creates it';
  throw new ConfigurationError('target.service-missing', `There is no database service called ${service}.`, {
    help: 'Create it in OpenMetadata (Settings, Services), or set “meridian: {mode: create}”.',
  });
}
