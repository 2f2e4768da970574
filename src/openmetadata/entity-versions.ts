import type { EntityVersion, FieldChangeEntry } from './entities.ts';

interface StoredVersion {
  readonly version?: number;
  readonly updatedBy?: string;
  readonly updatedAt?: number;
  readonly changeDescription?: {
    readonly fieldsAdded?: readonly FieldChangeEntry[];
    readonly fieldsUpdated?: readonly FieldChangeEntry[];
    readonly fieldsDeleted?: readonly FieldChangeEntry[];
    readonly previousVersion?: number;
  };
}

/** Versions of an entity, newest first. The server sends each as JSON within the JSON. */
export function parseVersions(answer: { readonly versions?: readonly unknown[] }): EntityVersion[] {
  return (answer.versions ?? []).map((item) => {
    const stored = (typeof item === 'string' ? JSON.parse(item) : item) as StoredVersion;
    const {
      fieldsAdded = [],
      fieldsUpdated = [],
      fieldsDeleted = [],
      previousVersion,
    } = stored.changeDescription ?? {};
    return {
      version: stored.version ?? 0.1,
      updatedBy: stored.updatedBy ?? '',
      ...(stored.updatedAt !== undefined && { updatedAt: stored.updatedAt }),
      changeDescription: {
        fieldsAdded,
        fieldsUpdated,
        fieldsDeleted,
        ...(previousVersion !== undefined && { previousVersion }),
      },
    };
  });
}
