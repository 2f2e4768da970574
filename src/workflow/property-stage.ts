import type { CustomPropertyRecord } from '../model/records.ts';
import { fitValue, type PropertyValues } from '../reconcile/property-values.ts';
import type { AssetType, DesiredAsset } from '../reconcile/target-asset.ts';
import type { RunContext } from './run-context.ts';

type Definition = Pick<CustomPropertyRecord, 'description' | 'propertyType' | 'values' | 'multiSelect'>;

const classifications: Definition = {
  description:
    'Attribute values and validity periods of the classifications that Apache Atlas has on this asset, as JSON.',
  propertyType: 'string',
};

/**
 * Custom properties: the source announces their definitions, the first asset of a kind that has a value brings each into
 * being at the target, and every value takes the form that the target's property wants.
 */
export class PropertyStage {
  readonly #context: RunContext;
  readonly #definitions = new Map<string, Definition>([['atlasClassifications', classifications]]);
  readonly #ensured = new Map<string, Promise<void>>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  handle(record: CustomPropertyRecord): void {
    this.#definitions.set(record.path[0]!, record);
  }

  /** The asset with values as its properties at the target take them. */
  async fit(desired: DesiredAsset): Promise<DesiredAsset> {
    const entries = Object.entries(desired.extension);
    if (entries.length === 0) return desired;
    const extension: Record<string, unknown> = {};
    for (const [name, value] of entries) {
      const fitting = fitValue(value, this.#valuesOf(name));
      if (fitting !== undefined) extension[name] = fitting;
    }
    return { ...desired, extension };
  }

  #valuesOf(_name: string): PropertyValues {
    return { type: 'string' };
  }

  /** Makes (in a plan: announces) the custom properties that an asset needs, each once a run. */
  async ensure({ entityType, extension }: DesiredAsset): Promise<void> {
    for (const name of Object.keys(extension)) {
      const key = `${entityType}.${name}`;
      let ensured = this.#ensured.get(key);
      if (!ensured) {
        ensured = this.#create(entityType, name);
        this.#ensured.set(key, ensured);
      }
      await ensured;
    }
  }

  async #create(entityType: AssetType, name: string): Promise<void> {
    const { target } = this.#context;
    if (await target.hasCustomProperty(entityType, name)) return;
    const { description } = this.#definitions.get(name) ?? { description: name };
    if (this.#context.write) await target.createCustomProperty(entityType, name, description);
    this.#context.done({
      action: 'create',
      entityType: 'customProperty',
      fqn: `${entityType}.${name}`,
      reason: 'a value of it needs a place',
      fields: [],
    });
  }
}
