import type { AtlasEntityStore } from './entity-store.ts';
import type { Json } from './stored-entity.ts';

/** The answer of `admin/version`. */
export function versionAnswer(version: string): Json {
  return {
    Description: 'Meridian stand-in: not a real Apache Atlas',
    Revision: 'stand-in',
    Version: version,
    Name: 'apache-atlas',
  };
}

/** The answer of `admin/metrics`: how many entities of which type there are. */
export function metricsAnswer(store: AtlasEntityStore): Json {
  const { definitions } = store.types;
  const counts = store.counts();
  const ofStatus = (status: string): Json =>
    Object.fromEntries(counts.filter((each) => each.status === status).map((each) => [each.typeName, each.count]));
  const used = new Set(counts.map((each) => each.typeName));
  return {
    data: {
      general: {
        collectionTime: Date.now(),
        entityCount: counts.reduce((sum, each) => sum + each.count, 0),
        stats: { 'Server:statusIndexStore': 'connected', 'Server:statusBackendStore': 'connected' },
        tagCount: definitions.classificationDefs.length,
        typeUnusedCount: definitions.entityDefs.filter((def) => !used.has(def.name)).length,
        typeCount: definitions.entityDefs.length,
      },
      tag: { tagEntities: {} },
      entity: { entityActive: ofStatus('ACTIVE'), entityShell: {}, entityDeleted: ofStatus('DELETED') },
    },
  };
}
