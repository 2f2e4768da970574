import { ConfigurationError } from '../../errors.ts';
import type { TypeDefs } from '../atlas/atlas-types.ts';
import type { EntityIndex } from './entity-index.ts';
import { type ExportedEntity, isEntity, isMap } from './exported-entity.ts';
import { type ZipEntry, type ZipLimits, zipEntries } from './zip-entries.ts';

/** What an export says of itself. */
export interface ExportInfo {
  readonly typeDefs: TypeDefs;
  /** Epoch milliseconds of its making, when it says so. */
  readonly exportedAt: number | undefined;
  /** False when the server itself could not export everything that was asked. */
  readonly whole: boolean;
}

const typesFile = 'atlas-typesdef.json';
const infoFile = 'atlas-export-info.json';
/** Order of the guids; what it lists may have been left out of an incremental export. */
const orderFile = 'atlas-export-order.json';

/**
 * Reads an export into an index.
 *
 * @throws ConfigurationError `atlas-export.…`: nothing of a file that is not sound is used
 */
export async function readExport(
  path: string,
  index: EntityIndex,
  signal: AbortSignal,
  limits?: ZipLimits,
): Promise<ExportInfo> {
  const own = new Map<string, unknown>();
  let entities = 0;
  for await (const entry of zipEntries(path, signal, limits)) {
    if (!entry.name.endsWith('.json')) throw notAnExport(`it has an entry ${entry.name}`);
    const content = parsed(entry);
    if (!entry.name.startsWith('atlas-')) {
      addEntity(entry.name, content, index);
      entities += 1;
    } else if (![typesFile, infoFile, orderFile].includes(entry.name)) {
      throw notAnExport(`it has an entry ${entry.name}`);
    } else if (own.has(entry.name)) {
      throw notAnExport(`it has ${entry.name} twice`);
    } else own.set(entry.name, content);
  }
  index.seal();
  const typeDefs = own.get(typesFile);
  if (!isMap(typeDefs) || !Array.isArray(typeDefs['entityDefs']))
    throw notAnExport(`it has no ${typesFile} with types`);
  const info = own.get(infoFile);
  if (!isMap(info)) throw notAnExport(`it has no ${infoFile}`);
  if (entities === 0) throw notAnExport('it holds no entity');
  refuseIncremental(info);
  const { timeStamp, operationStatus } = info;
  return {
    typeDefs: typeDefs as TypeDefs,
    exportedAt: typeof timeStamp === 'number' ? timeStamp : undefined,
    whole: operationStatus === undefined || operationStatus === 'SUCCESS',
  };
}

function parsed({ name, text }: ZipEntry): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError('atlas-export.damaged', `The ZIP at path is damaged: entry ${name} is no JSON.`, {
      help: 'Copy it again from where it was made, or export again.',
      cause,
    });
  }
}

function addEntity(name: string, content: unknown, index: EntityIndex): void {
  if (!isMap(content)) throw notAnExport(`entry ${name} is no entity`);
  const { entity, referredEntities } = content;
  const referred = referredEntities === undefined || referredEntities === null ? {} : referredEntities;
  if (!isEntity(entity) || !isMap(referred)) throw notAnExport(`entry ${name} is no entity`);
  const others: ExportedEntity[] = [];
  for (const [guid, each] of Object.entries(referred)) {
    if (!isEntity(each) || each.guid !== guid) throw notAnExport(`entry ${name} refers to something that is no entity`);
    others.push(each);
  }
  if (`${entity.guid}.json` !== name) throw notAnExport(`entry ${name} holds the entity ${entity.guid.slice(0, 80)}`);
  if (!index.add(entity, others)) throw notAnExport(`it has the entity ${entity.guid} twice`);
}

/** An incremental export has a changed table without its database: there would be no place for it. */
function refuseIncremental({ request }: Readonly<Record<string, unknown>>): void {
  const options = isMap(request) && isMap(request['options']) ? request['options'] : {};
  if (String(options['fetchType'] ?? '').toLowerCase() !== 'incremental') return;
  throw new ConfigurationError(
    'atlas-export.incremental',
    'The ZIP at path is an incremental export: it holds changes only.',
    {
      help: 'Export with the option fetchType FULL or CONNECTED.',
    },
  );
}

function notAnExport(why: string): ConfigurationError {
  return new ConfigurationError('atlas-export.content', `The ZIP at path is no export of Apache Atlas: ${why}.`, {
    help: 'Give the answer of Atlas’ export (POST /api/atlas/admin/export) as it came, not packed again.',
  });
}
