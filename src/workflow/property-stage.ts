import type { CustomPropertyRecord } from '../model/records.ts';
import { fitValue, type HeldProperty } from '../reconcile/property-values.ts';
import type { AssetType, DesiredAsset } from '../reconcile/target-asset.ts';
import type { RunContext } from './run-context.ts';

type Definition = Pick<CustomPropertyRecord, 'description' | 'propertyType' | 'values' | 'multiSelect'>;

const classifications: Definition = {
  description:
    'Attribute values and validity periods of the classifications that Apache Atlas has on this asset, as JSON.',
  propertyType: 'string',
};

const incomplete: Definition = {
  description: 'Apache Atlas has only a shell of this asset so far, made by a hook before the real one arrives.',
  propertyType: 'string',
};

/** The properties of one kind of asset. */
interface Kind {
  /** As the target has them, and those that this run has made or would make. */
  readonly properties: Map<string, HeldProperty>;
  /** What the target has. */
  readonly there: ReadonlyMap<string, HeldProperty>;
}

/**
 * Custom properties: the source announces their definitions, the first asset of a kind that has a value brings each into
 * being at the target, and every value takes the form that the target's property wants.
 */
export class PropertyStage {
  readonly #context: RunContext;
  readonly #definitions = new Map<string, Definition>([
    ['atlasClassifications', classifications],
    ['atlasIncomplete', incomplete],
  ]);
  readonly #kinds = new Map<AssetType, Promise<Kind | undefined>>();
  readonly #ensured = new Map<string, Promise<void>>();
  #valueTypes: Promise<ReadonlySet<string>> | undefined;

  constructor(context: RunContext) {
    this.#context = context;
  }

  handle(record: CustomPropertyRecord): void {
    this.#definitions.set(record.path[0]!, record);
  }

  /** The asset with values as its properties at the target take them. What they cannot hold is counted as skipped. */
  async fit(desired: DesiredAsset): Promise<DesiredAsset> {
    const { entityType, fqn, extension } = desired;
    const entries = Object.entries(extension);
    if (entries.length === 0) return desired;
    const kind = await this.#kind(entityType);
    if (!kind) {
      const message =
        'this OpenMetadata has no custom properties for this kind of entity; business metadata, custom ' +
        'attributes and attributes of classifications have no place there';
      this.#context.skipped('no-custom-properties', message, fqn);
      return { ...desired, extension: {} };
    }
    const fitting: Record<string, unknown> = {};
    for (const [name, value] of entries) {
      const property = kind.properties.get(name) ?? (await this.#plan(kind, name));
      const fit = fitValue(value, property);
      if (fit === undefined) {
        const message = `the custom property in OpenMetadata is of the type ${property.type}, which cannot hold the value`;
        this.#context.skipped('property-type', message, `${fqn}: ${name}`);
      } else fitting[name] = fit;
    }
    return { ...desired, extension: fitting };
  }

  /** Makes (in a plan: announces) the custom properties that an asset needs, each once a run. */
  async ensure({ entityType, extension }: DesiredAsset): Promise<void> {
    for (const name of Object.keys(extension)) {
      const key = `${entityType}.${name}`;
      let ensured = this.#ensured.get(key);
      if (!ensured) {
        ensured = this.#ensure(entityType, name);
        this.#ensured.set(key, ensured);
      }
      await ensured;
    }
  }

  #kind(entityType: AssetType): Promise<Kind | undefined> {
    let kind = this.#kinds.get(entityType);
    if (!kind) {
      kind = this.#context.target.customProperties(entityType).then(
        (there) =>
          there && {
            there,
            properties: new Map([...there].map(([name, held]) => [name, this.#widened(name, held)])),
          },
      );
      this.#kinds.set(entityType, kind);
    }
    return kind;
  }

  /** An enum that is there takes our words beside its own. */
  #widened(name: string, held: HeldProperty): HeldProperty {
    const wanted = this.#definitions.get(name);
    if (held.type !== 'enum' || wanted?.propertyType !== 'enum') return held;
    const values = [...new Set([...(held.values ?? []), ...(wanted.values ?? [])])];
    return { type: 'enum', values, multiSelect: Boolean(held.multiSelect || wanted.multiSelect) };
  }

  async #plan({ properties }: Kind, name: string): Promise<HeldProperty> {
    this.#valueTypes ??= this.#context.target.valueTypes();
    const types = await this.#valueTypes;
    const { propertyType, values, multiSelect } = this.#definitions.get(name) ?? classifications;
    const planned = types.has(propertyType)
      ? { type: propertyType, ...(values && { values }), ...(multiSelect && { multiSelect }) }
      : { type: 'string' };
    properties.set(name, planned);
    return planned;
  }

  async #ensure(entityType: AssetType, name: string): Promise<void> {
    const { target, write, journal, part } = this.#context;
    const kind = await this.#kind(entityType);
    const wanted = kind?.properties.get(name);
    if (!kind || !wanted) return;
    // Another process of the run may have made it meanwhile.
    const there = part?.work === 'assets' ? ((await target.customProperties(entityType)) ?? kind.there) : kind.there;
    const held = there.get(name);
    if (held && !isWider(wanted, held)) return;
    const definition = this.#definitions.get(name);
    const entry = {
      action: held ? ('update' as const) : ('create' as const),
      entityType: 'customProperty' as const,
      fqn: `${entityType}.${name}`,
    };
    if (write) {
      await journal.note(entry);
      const { description = name, propertyType = 'string', values, multiSelect } = definition ?? {};
      const shape = { propertyType, ...(values && { values }), ...(multiSelect && { multiSelect }) };
      await target.createCustomProperty(entityType, name, description, shape);
    }
    this.#context.done({
      ...entry,
      reason: held ? 'the source has more words for it' : 'a value of it needs a place',
      fields: [],
    });
  }
}

function isWider(wanted: HeldProperty, held: HeldProperty): boolean {
  if (held.type !== 'enum') return false;
  const more = wanted.values?.some((value) => !held.values?.includes(value));
  return more === true || (wanted.multiSelect === true && !held.multiSelect);
}
