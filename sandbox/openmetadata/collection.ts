import type { ServerVersion } from './server-version.ts';
import type { Rule, Shape } from './shape.ts';
import type { SharedShapes } from './shapes.ts';

/** Where inside an entity there are named parts of their own, each with its own text and labels. */
export interface Parts {
  /** Path of the list in the entity, such as `['dataModel', 'columns']`. */
  readonly at: readonly string[];
  /** `columns` and `fields` nest by `children`; `tasks` and `features` do not. */
  readonly style: 'columns' | 'fields' | 'tasks' | 'features';
}

/** One kind of entity: where it is served, what its bodies may hold and what a change of it is. */
export interface Collection {
  readonly type: string;
  /** Path below `/v1/`. */
  readonly path: string;
  /** What PUT and POST take. */
  readonly create: Shape;
  /** Keys of the entity itself beyond those that all entities have: may be asked for, and may result from a PATCH. */
  readonly keys: ReadonlySet<string>;
  /** Key of the create body that names the parent (a fully qualified name), and the parent's type. */
  readonly parent?: { readonly key: string; readonly type: string };
  readonly parts?: Parts;
  /** Properties whose change makes a new version: single values, and lists compared item by item. */
  readonly recorded: { readonly values: readonly string[]; readonly lists: readonly string[] };
  /** Stored properties that are only shown when they are asked for. */
  readonly onDemand: readonly string[];
  readonly labelled: boolean;
  readonly followed: boolean;
  /** Property values of an entity whose body does not give them. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** True where the version has `PUT …/bulk`. */
  readonly bulk: boolean;
}

export interface CollectionOptions {
  readonly keys?: string;
  readonly parent?: { readonly key: string; readonly type: string };
  readonly parts?: Parts;
  readonly values?: string;
  readonly lists?: string;
  readonly onDemand?: string;
  readonly labelled?: boolean;
  readonly followed?: boolean;
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly bulk?: boolean;
}

const EVERY_ENTITY =
  'id name fullyQualifiedName displayName description version updatedAt updatedBy href changeDescription deleted tags ' +
  'extension followers votes';

function words(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.split(' ');
}

export function collection(
  version: ServerVersion,
  type: string,
  path: string,
  create: Shape,
  options: CollectionOptions = {},
): Collection {
  const later = version.atLeast(2)
    ? ['lifeCycle', 'sourceHash', version.atLeast(9) ? 'domains' : 'domain', 'dataProducts']
    : [];
  return {
    type,
    path,
    create,
    keys: new Set([...words(EVERY_ENTITY), version.ownerKey, ...create.keys.keys(), ...words(options.keys), ...later]),
    ...(options.parent === undefined ? {} : { parent: options.parent }),
    ...(options.parts === undefined ? {} : { parts: options.parts }),
    recorded: {
      values: [...words(options.values), ...(create.keys.has('sourceHash') ? ['sourceHash', 'lifeCycle'] : [])],
      lists: words(options.lists),
    },
    onDemand: words(options.onDemand),
    labelled: options.labelled ?? create.keys.has('tags'),
    followed: options.followed ?? false,
    defaults: options.defaults ?? {},
    bulk: version.atLeast(11) && (options.bulk ?? false),
  };
}

/** Keys that most data assets share, by version. */
export function assetKeys(version: ServerVersion, own: string): string {
  const owner = version.ownerKey;
  const shared = own
    .split(' ')
    .map((key) => (key === 'owner' ? owner : key))
    .join(' ');
  return version.atLeast(2)
    ? `${shared} sourceUrl ${version.atLeast(9) ? 'domains' : 'domain'} dataProducts lifeCycle sourceHash`
    : shared;
}

/** Rules for keys that mean the same wherever they stand. */
export function commonRules(shared: SharedShapes): Record<string, Rule> {
  return {
    tags: shared.labels,
    owner: { kind: 'object', shape: shared.reference },
    owners: shared.references,
  };
}
