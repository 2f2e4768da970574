import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AssetKind } from '../../../model/records.ts';
import { ServerError } from '../../server-error.ts';
import { type CatalogueDeps, CatalogueSessions } from './catalogue-session.ts';
import type {
  AssetDetails,
  CatalogueKind,
  CatalogueList,
  CataloguePipeline,
  CatalogueSearch,
  LineageGraph,
} from './catalogue-types.ts';
import type { ColumnProfiles, TableProfiles } from './profile-types.ts';
import { readAssetDetails } from './read-asset-details.ts';
import { deepest, readLineage } from './read-lineage.ts';
import { readColumnProfiles, readTableProfiles } from './read-profiles.ts';
import { readBelow, readRoots } from './read-tree.ts';
import { searchCatalogue } from './search-catalogue.ts';

const assetKinds: readonly AssetKind[] = [
  'database',
  'databaseSchema',
  'table',
  'topic',
  'container',
  'pipeline',
  'mlmodel',
  'glossary',
  'glossaryTerm',
];
const holders = ['databaseService', 'messagingService', 'storageService', 'pipelineService', 'mlmodelService'];
// Two dots alone would lead to another address of OpenMetadata's, however they are written.
const fqn = { type: 'string', minLength: 1, maxLength: 3072, not: { enum: ['.', '..'] } };
const asset = { kind: { enum: assetKinds }, fqn };
const entity = { kind: { enum: [...holders, ...assetKinds] }, fqn };
const after = { type: 'string', maxLength: 1000 };
// What comes in an address is text, and is not turned into numbers by itself.
const steps = { type: 'string', pattern: `^[0-${deepest}]$`, default: '1' };
// Epoch milliseconds.
const moment = { type: 'string', pattern: '^[0-9]{1,15}$' };
const span = { fqn, from: moment, to: moment };
const config = { access: 'viewer' } as const;
const params = {
  type: 'object',
  required: ['pipelineId'],
  properties: { pipelineId: { type: 'string', minLength: 1, maxLength: 250 } },
};

interface Params {
  readonly pipelineId: string;
}

interface Profiled {
  readonly fqn: string;
  readonly from: string;
  readonly to: string;
}

interface Named<Kind = CatalogueKind> {
  readonly kind: Kind;
  readonly fqn: string;
}

/**
 * What a pipeline has brought into OpenMetadata, read from there with the pipeline's own sign-in, and what the pipeline
 * remembers of it. Everybody who may look at the console may look at it.
 */
export function registerCatalogue(app: FastifyInstance, deps: CatalogueDeps): void {
  const sessions = new CatalogueSessions(deps);
  app.addHook('onClose', () => sessions.close());
  const root = '/api/console/catalogue/:pipelineId';

  app.get(
    '/api/console/catalogue',
    { config, schema: { summary: 'The pipelines whose catalogues can be looked at', tags: ['catalogue'] } },
    async (): Promise<readonly CataloguePipeline[]> =>
      (await deps.pipelines()).map(({ id, displayName }) => ({ id, name: displayName || id })),
  );

  app.get<{ Params: Params; Querystring: Partial<Named> & { after?: string } }>(
    `${root}/tree`,
    {
      config,
      schema: querySchema('The services and glossaries of a pipeline, or what an entity holds', { ...entity, after }),
    },
    async (request, reply): Promise<CatalogueList> => {
      const session = await sessions.of(request.params.pipelineId);
      const { kind, fqn: name, after: cursor } = request.query;
      const signal = signalOf(reply);
      if (kind === undefined || name === undefined) return readRoots(session, signal);
      return readBelow(session, { kind, fqn: name }, cursor, signal);
    },
  );

  app.get<{ Params: Params; Querystring: { q: string; kind?: AssetKind; from: string } }>(
    `${root}/search`,
    {
      config,
      schema: querySchema(
        'Assets of a pipeline by words in their names, descriptions and columns',
        {
          q: { type: 'string', minLength: 1, maxLength: 200 },
          kind: asset.kind,
          // Search engines page through their first 10,000 rows.
          from: { type: 'string', pattern: '^[0-9]{1,4}$', default: '0' },
        },
        ['q'],
      ),
    },
    async (request, reply): Promise<CatalogueSearch> => {
      const { q, kind, from } = request.query;
      return searchCatalogue(await sessions.of(request.params.pipelineId), q, kind, Number(from), signalOf(reply));
    },
  );

  app.get<{ Params: Params; Querystring: Named }>(
    `${root}/asset`,
    { config, schema: querySchema('An asset, and where each of its fields comes from', entity, ['kind', 'fqn']) },
    async (request, reply): Promise<AssetDetails> => {
      const { kind, fqn: name } = request.query;
      const session = await sessions.of(request.params.pipelineId);
      return (await readAssetDetails(session, kind, name, signalOf(reply))) ?? unknownAsset(name);
    },
  );

  app.get<{ Params: Params; Querystring: Named<AssetKind> & { upstream: string; downstream: string } }>(
    `${root}/lineage`,
    {
      config,
      schema: querySchema(
        'What an asset is made of and what is made of it, with columns',
        { ...asset, upstream: steps, downstream: steps },
        ['kind', 'fqn'],
      ),
    },
    async (request, reply): Promise<LineageGraph> => {
      const { kind, fqn: name, upstream, downstream } = request.query;
      const session = await sessions.of(request.params.pipelineId);
      const reach = { upstream: Number(upstream), downstream: Number(downstream) };
      const found = await readLineage(session, kind, name, reach, signalOf(reply));
      return found ?? unknownAsset(name);
    },
  );

  app.get<{ Params: Params; Querystring: Profiled }>(
    `${root}/profile`,
    { config, schema: querySchema('The profiles of a table within a span of time', span, ['fqn', 'from', 'to']) },
    async (request, reply): Promise<TableProfiles> => {
      const { fqn: name, from, to } = request.query;
      const session = await sessions.of(request.params.pipelineId);
      const within = { from: Number(from), to: Number(to) };
      return (await readTableProfiles(session, name, within, signalOf(reply))) ?? unknownAsset(name);
    },
  );

  app.get<{ Params: Params; Querystring: Profiled }>(
    `${root}/column-profile`,
    { config, schema: querySchema('The profiles of a column within a span of time', span, ['fqn', 'from', 'to']) },
    async (request, reply): Promise<ColumnProfiles> => {
      const { fqn: name, from, to } = request.query;
      const session = await sessions.of(request.params.pipelineId);
      return readColumnProfiles(session, name, { from: Number(from), to: Number(to) }, signalOf(reply));
    },
  );
}

function querySchema(summary: string, properties: object, required: readonly string[] = []): object {
  return {
    summary,
    tags: ['catalogue'],
    params,
    querystring: { type: 'object', additionalProperties: false, required, properties },
  };
}

/** Ends the questions to OpenMetadata when nobody waits for the answer any more. */
function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

function unknownAsset(name: string): never {
  throw new ServerError('catalogue.unknown-asset', `OpenMetadata has nothing called ${name}.`, {
    status: 404,
    help: 'It may have been deleted or renamed meanwhile: look for it in the tree.',
  });
}
