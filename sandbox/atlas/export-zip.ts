import { crc32, deflateRawSync } from 'node:zlib';
import { AtlasError } from './atlas-error.ts';
import { ownedBy, toEntity } from './entity-answer.ts';
import type { AtlasEntityStore } from './entity-store.ts';
import type { ServerFeatures } from './server-features.ts';
import { endsOf, type Json, type StoredEntity } from './stored-entity.ts';

interface ExportItem {
  readonly typeName?: string;
  readonly uniqueAttributes?: { readonly qualifiedName?: string };
}

/**
 * The answer of `admin/export`: a ZIP with one JSON file an entity, and what the server adds. Everything that is
 * related to an asked entity, over any number of steps, is in it (the fetch type FULL).
 * @throws {AtlasError} 404 when an asked entity does not exist
 */
export function exportZip(store: AtlasEntityStore, features: ServerFeatures, body: Json): Buffer {
  const items = (body['itemsToExport'] ?? []) as ExportItem[];
  const order = connected(
    store,
    items.map((item) => asked(store, item)),
  );
  const files = order.map((entity): [string, unknown] => {
    const owned = ownedBy(store.types, entity).flatMap((guid) => store.get(guid) ?? []);
    const referredEntities = owned.map((each) => [each.guid, toEntity(store.types, features, each, false)] as const);
    return [
      `${entity.guid}.json`,
      {
        referredEntities: Object.fromEntries(referredEntities),
        entity: toEntity(store.types, features, entity, false),
      },
    ];
  });
  return zipOf([
    ...files,
    ['atlas-export-order.json', order.map((entity) => entity.guid)],
    ['atlas-typesdef.json', store.types.definitions],
    ['atlas-export-info.json', { request: body, userName: 'admin', operationStatus: 'SUCCESS' }],
  ]);
}

function asked(store: AtlasEntityStore, item: ExportItem): StoredEntity {
  const name = item.uniqueAttributes?.qualifiedName ?? '';
  const found = store.find(item.typeName ?? '', name);
  if (found === undefined) {
    throw new AtlasError(404, 'ATLAS-404-00-009', `Instance ${item.typeName} ${name} does not exist`);
  }
  return found;
}

/** The entities and all that hangs together with them; owned ones (columns) come inside their owner's file. */
function connected(store: AtlasEntityStore, start: readonly StoredEntity[]): StoredEntity[] {
  const seen = new Map(start.map((entity) => [entity.guid, entity]));
  const owned = new Set<string>();
  for (const entity of seen.values()) {
    for (const guid of ownedBy(store.types, entity)) {
      owned.add(guid);
    }
    for (const end of Object.values(entity.relationshipAttributes).flatMap(endsOf)) {
      const other = seen.has(end.guid) ? undefined : store.get(end.guid);
      if (other !== undefined) {
        seen.set(other.guid, other);
      }
    }
  }
  return [...seen.values()].filter((entity) => !owned.has(entity.guid));
}

/** A ZIP archive of JSON files; small ones only (no 64-bit sizes). */
function zipOf(files: readonly (readonly [name: string, content: unknown])[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const plain = Buffer.from(JSON.stringify(content));
    const packed = deflateRawSync(plain);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, title]));
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, index, end]);
}
