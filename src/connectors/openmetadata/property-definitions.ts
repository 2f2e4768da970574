import { type AssetKind, assetKinds, type CustomPropertyRecord, type PropertyType } from '../../model/records.ts';
import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';

/** How values of the server's own types are told; a type that is not here has no form that another server would take. */
const types: Readonly<Record<string, PropertyType>> = {
  string: 'string',
  markdown: 'markdown',
  integer: 'integer',
  number: 'number',
  timestamp: 'timestamp',
  enum: 'enum',
  email: 'email',
  sqlQuery: 'sqlQuery',
  duration: 'duration',
  // A format of its own belongs to each of these: as texts they are the same everywhere.
  date: 'string',
  dateTime: 'string',
  time: 'string',
  'date-cp': 'string',
  'dateTime-cp': 'string',
  'time-cp': 'string',
};

/** The custom properties of a server: their definitions, and which values of an asset can be told. */
export class PropertyDefinitions {
  readonly #types = new Map<AssetKind, ReadonlyMap<string, string>>();
  readonly #records = new Map<string, CustomPropertyRecord>();

  static async read(client: OpenMetadataClient, signal: AbortSignal): Promise<PropertyDefinitions> {
    const definitions = new PropertyDefinitions();
    for (const kind of assetKinds) await definitions.#read(kind, client, signal);
    return definitions;
  }

  records(): Iterable<CustomPropertyRecord> {
    return this.#records.values();
  }

  /**
   * Values of an asset by their properties' names.
   * @param leftOut told the type of a value that has no form elsewhere
   */
  values(
    kind: AssetKind,
    extension: Readonly<Record<string, unknown>>,
    leftOut: (name: string, type: string) => void,
  ): Readonly<Record<string, unknown>> | undefined {
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(extension)) {
      if (value === null || value === undefined) continue;
      const type = this.#types.get(kind)?.get(name) ?? 'string';
      if (Object.hasOwn(types, type)) values[name] = value;
      else leftOut(name, type);
    }
    return Object.keys(values).length > 0 ? values : undefined;
  }

  async #read(kind: AssetKind, client: OpenMetadataClient, signal: AbortSignal): Promise<void> {
    const held = await client.customProperties(kind, signal);
    if (!held) return;
    this.#types.set(kind, new Map([...held].map(([name, { type }]) => [name, type])));
    for (const [name, { type, description, values, multiSelect }] of held) {
      const propertyType = types[type];
      if (propertyType === undefined) continue;
      // Two kinds may define one name: words add up, and of the types the first counts.
      const other = this.#records.get(name);
      const words = [...new Set([...(other?.values ?? []), ...(values ?? [])])];
      this.#records.set(name, {
        kind: 'customProperty',
        path: [name],
        description: other?.description || description || name,
        propertyType: other?.propertyType ?? propertyType,
        ...(words.length > 0 && { values: words }),
        ...((other?.multiSelect || multiSelect) && { multiSelect: true }),
        appliesTo: [...(other?.appliesTo ?? []), kind],
      });
    }
  }
}
