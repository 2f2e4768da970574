import type { IncomingMessage, ServerResponse } from 'node:http';
import { metricsAnswer, versionAnswer } from './admin-answer.ts';
import { AtlasError, badRequest, unknownGuid } from './atlas-error.ts';
import { type SearchContext, searchBasic } from './basic-search.ts';
import { bulkEntities, oneEntity } from './entity-answer.ts';
import { exportZip } from './export-zip.ts';
import { glossaryAnswer } from './glossary-answer.ts';
import { JSON_TYPE, type JsonPart, sendJsonParts } from './json-stream.ts';
import { type LineageDirection, lineageOf } from './lineage-answer.ts';
import { readJson } from './request-body.ts';
import type { Json, StoredEntity } from './stored-entity.ts';
import { oneTypedef, typedefHeaders, typedefsAnswer } from './typedefs-answer.ts';

export interface RouteContext extends SearchContext {
  /** Recorded answers that win over what the store would say. */
  readonly recorded: {
    readonly version?: Json;
    readonly metrics?: Json;
    readonly exports: readonly { readonly body: unknown; readonly zip: Buffer }[];
  };
}

interface Call {
  readonly method: string;
  /** Segments behind `/api/atlas/`, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: () => Promise<Json>;
}

type Answer =
  | { readonly json: unknown; readonly status?: number }
  | { readonly parts: readonly JsonPart[] }
  | { readonly zip: Buffer };

/**
 * Answers one request behind `/api/atlas`.
 * @param path what follows `/api/atlas/`, still encoded
 */
export async function serveAtlas(
  req: IncomingMessage,
  res: ServerResponse,
  context: RouteContext,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const answer = await answerOf(context, {
    method: req.method ?? 'GET',
    path: path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent),
    query,
    body: () => readJson(req),
  });
  if ('parts' in answer) {
    await sendJsonParts(res, 200, answer.parts);
  } else if ('zip' in answer) {
    // The real server names no content type here.
    res.writeHead(200, { 'Content-Length': answer.zip.length });
    res.end(answer.zip);
  } else {
    const text = JSON.stringify(answer.json);
    res.writeHead(answer.status ?? 200, { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(text) });
    res.end(text);
  }
}

async function answerOf(context: RouteContext, call: Call): Promise<Answer> {
  try {
    const answer = await route(context, call);
    if (answer === undefined) {
      throw new AtlasError(404, 'ATLAS-404-00-001', `No such resource: ${call.method} ${call.path.join('/')}`);
    }
    return answer;
  } catch (error) {
    if (error instanceof AtlasError) {
      return { json: { errorCode: error.errorCode, errorMessage: error.message }, status: error.status };
    }
    throw error;
  }
}

async function route(context: RouteContext, call: Call): Promise<Answer | undefined> {
  const [area, ...rest] = call.path;
  if (area === 'admin') {
    return admin(context, call, rest[0]);
  }
  if (area === 'entities' && call.method === 'GET') {
    return { json: legacyEntities(context, call.query.get('type') ?? '') };
  }
  if (area !== 'v2') {
    return undefined;
  }
  const [resource, ...path] = rest;
  switch (resource) {
    case 'types':
      return types(context, call, path);
    case 'search':
      return path[0] === 'basic' ? { parts: searchBasic(context, await searchParameters(call)) } : undefined;
    case 'entity':
      return entity(context, call, path);
    case 'lineage':
      return path[0] === undefined ? undefined : { json: lineage(context, path[0], call.query) };
    case 'glossary':
      return { json: glossaryAnswer(context.store.glossary, path, call.query) };
    default:
      return undefined;
  }
}

async function admin(context: RouteContext, call: Call, what: string | undefined): Promise<Answer | undefined> {
  const { store, features, recorded } = context;
  switch (what) {
    case 'version': {
      const same = recorded.version?.['Version'] === features.version;
      return { json: same ? recorded.version : versionAnswer(features.version) };
    }
    case 'metrics':
      return { json: recorded.metrics ?? metricsAnswer(store) };
    case 'status':
      return { json: { Status: 'ACTIVE' } };
    case 'export': {
      const body = await call.body();
      const same = recorded.exports.find((each) => JSON.stringify(each.body) === JSON.stringify(body));
      return { zip: same?.zip ?? exportZip(store, features, body) };
    }
    default:
      return undefined;
  }
}

function types({ store, features }: RouteContext, call: Call, path: readonly string[]): Answer | undefined {
  const [first, second, third] = path;
  if (first === 'typedefs') {
    const all = second === undefined;
    return {
      json: all ? typedefsAnswer(store.types, features, call.query.get('type')) : typedefHeaders(store.types, features),
    };
  }
  const category = /^(\w+)def$/.exec(first ?? '')?.[1];
  return category !== undefined && second === 'name' && third !== undefined
    ? { json: oneTypedef(store.types, features, category, third) }
    : undefined;
}

function entity({ store, features }: RouteContext, call: Call, path: readonly string[]): Answer | undefined {
  const options = {
    ignoreRelationships: call.query.get('ignoreRelationships') === 'true',
    minExtInfo: call.query.get('minExtInfo') === 'true',
  };
  const [kind, first, second] = path;
  if (kind === 'bulk' && call.method === 'GET') {
    return { parts: bulkEntities(store, features, call.query.getAll('guid'), options) };
  }
  if (kind === 'guid' && first !== undefined) {
    return { parts: oneEntity(store, features, known(store, first), options) };
  }
  if (kind === 'uniqueAttribute' && first === 'type' && second !== undefined) {
    const qualifiedName = call.query.get('attr:qualifiedName') ?? '';
    const found = store.find(second, qualifiedName);
    if (found === undefined) {
      const wanted = `{qualifiedName=${qualifiedName}}`;
      throw new AtlasError(
        404,
        'ATLAS-404-00-009',
        `Instance ${second} with unique attribute ${wanted} does not exist`,
      );
    }
    return { parts: oneEntity(store, features, found, options) };
  }
  return undefined;
}

function known(store: RouteContext['store'], guid: string): StoredEntity {
  const found = store.get(guid);
  if (found === undefined) {
    throw unknownGuid(guid);
  }
  return found;
}

function lineage(context: RouteContext, guid: string, query: URLSearchParams): Json {
  const direction = query.get('direction') ?? 'BOTH';
  if (!['INPUT', 'OUTPUT', 'BOTH'].includes(direction)) {
    throw badRequest(`Unknown lineage direction ${direction}`);
  }
  const depth = Number(query.get('depth') ?? 3);
  return lineageOf(context.store, known(context.store, guid), direction as LineageDirection, depth);
}

async function searchParameters(call: Call): Promise<Json> {
  if (call.method === 'POST') {
    return call.body();
  }
  const flag = (name: string): boolean | undefined =>
    call.query.has(name) ? call.query.get(name) === 'true' : undefined;
  return {
    ...Object.fromEntries(
      ['typeName', 'classification', 'query', 'marker', 'limit', 'offset'].flatMap((name) =>
        call.query.has(name) ? [[name, call.query.get(name)]] : [],
      ),
    ),
    excludeDeletedEntities: flag('excludeDeletedEntities'),
    includeClassificationAttributes: flag('includeClassificationAttributes'),
    includeSubTypes: flag('includeSubTypes'),
    includeSubClassifications: flag('includeSubClassifications'),
  };
}

/** The first version's call, which old connectors still make: every guid of a type. */
function legacyEntities({ store }: RouteContext, typeName: string): Json {
  const everything = { classifications: undefined, excludeDeleted: false, filter: undefined };
  const found = store.select({ ...everything, types: store.types.withSubTypes(typeName) });
  return {
    requestId: 'stand-in',
    typeName,
    count: found.count,
    results: Array.from(found.slice(0, found.count), (each) => each.guid),
  };
}
