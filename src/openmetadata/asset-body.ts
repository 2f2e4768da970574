import { buildFqn, splitFqn } from '../model/fqn.ts';
import { confirmed } from '../reconcile/patch.ts';
import type { AssetType, DesiredAsset } from '../reconcile/target-asset.ts';
import type { Body } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import { fitAsset, takesViewText } from './fit-asset.ts';
import { setKey } from './key-path.ts';
import { attributePlace, kindFacts } from './kind-facts.ts';
import { partBodies } from './part-body.ts';

/** Keys without which a new asset is refused, where the source may not know them (algorithm: up to 1.4). */
const defaults: Readonly<Partial<Record<AssetType, Body>>> = {
  topic: { partitions: 1 },
  mlmodel: { algorithm: 'mlmodel' },
};

/** FQN of the container that a container stands in; undefined for one directly under its service. */
export function parentContainer({ entityType, parentFqn }: DesiredAsset): string | undefined {
  return entityType === 'container' && splitFqn(parentFqn).length > 1 ? parentFqn : undefined;
}

/** The keys that say what an asset stands in. Containers and terms name the top and, beside it, what is just above. */
function placeKeys(asset: DesiredAsset, parentId: string | undefined): Body {
  const { entityType, parentFqn } = asset;
  const { parentKey } = kindFacts[entityType];
  if (!parentKey) return {};
  if (entityType !== 'container' && entityType !== 'glossaryTerm') return { [parentKey]: parentFqn };
  const path = splitFqn(parentFqn);
  const top = { [parentKey]: buildFqn(path.slice(0, 1)) };
  if (path.length === 1) return top;
  if (entityType === 'glossaryTerm') return { ...top, parent: parentFqn };
  return { ...top, parent: { id: parentId, type: 'container', fullyQualifiedName: parentFqn } };
}

function ownerKeys({ owner }: DesiredAsset, capabilities: Capabilities): Body {
  if (!owner) return {};
  const reference = { id: owner.id, type: owner.type };
  return capabilities.ownerKey === 'owner' ? { owner: reference } : { owners: [reference] };
}

/**
 * Body of the PUT that makes an asset, or brings one that is there to this state. Only keys that the version knows:
 * 1.1 refuses others, later servers drop them in silence.
 *
 * @param parentId id of the container around a container ({@link parentContainer}); the server wants no name there
 */
export function assetBody(asset: DesiredAsset, capabilities: Capabilities, parentId?: string): Body {
  const fitted = fitAsset(asset, capabilities);
  const { entityType, name, displayName, description, tags, extension } = fitted;
  const { parts, describedAlways } = kindFacts[entityType];
  const text = description || (describedAlways ? displayName || name : undefined);
  const body: Record<string, unknown> = {
    ...defaults[entityType],
    name,
    ...(displayName !== undefined && { displayName }),
    ...(text && { description: text }),
    ...(tags.length > 0 && { tags: tags.map(confirmed) }),
    ...ownerKeys(fitted, capabilities),
    ...(Object.keys(extension).length > 0 && { extension }),
    ...placeKeys(fitted, parentId),
  };
  for (const [key, value] of Object.entries({ ...fitted.native, ...fitted.carried, ...fitted.lists }))
    setKey(body, key, value);
  for (const [key, value] of Object.entries(fitted.attributes ?? {})) {
    // An empty list and one that is left out are the same, and some lists may not be empty.
    if (!Array.isArray(value) || value.length > 0) setKey(body, attributePlace(key), value);
  }
  if (parts && fitted.columns) setKey(body, parts.at.join('.'), partBodies(parts.style, fitted.columns));
  // A container's data model is refused without columns.
  else if (entityType === 'container') delete body['dataModel'];
  else if (entityType === 'table') body['columns'] = [];
  if (entityType !== 'table') return body;
  const { tableType, viewDefinition } = fitted;
  if (tableType !== undefined) body['tableType'] = tableType;
  if (viewDefinition !== undefined) body[capabilities.viewKey] = viewDefinition;
  if (!takesViewText(body['tableType'], capabilities)) delete body[capabilities.viewKey];
  return body;
}
