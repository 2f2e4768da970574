import { encodeName } from '../model/name-encoding.ts';
import { attributesOf, type DesiredAsset } from '../reconcile/target-asset.ts';
import type { Capabilities } from './capabilities.ts';
import type { TableConstraint } from './entities.ts';
import { kindFacts } from './kind-facts.ts';
import { fitNative } from './native-keys.ts';
import { fitParts } from './part-body.ts';
import { safeUri } from './safe-uri.ts';
import { isAtLeast } from './server-version.ts';
import { fitKeys } from './table-constraints.ts';

const VIEW_TYPES: ReadonlySet<string> = new Set(['View', 'SecureView', 'MaterializedView']);

/** False where the version refuses a view's text on a table of this type. */
export function takesViewText(tableType: unknown, capabilities: Capabilities): boolean {
  return !capabilities.viewTextNeedsViewType || VIEW_TYPES.has(String(tableType));
}

function fitAttributes(asset: DesiredAsset, capabilities: Capabilities): Record<string, unknown> {
  const { since } = kindFacts[asset.entityType];
  const known = attributesOf[asset.entityType];
  const kept = Object.entries(asset.attributes ?? {}).filter(
    ([key, value]) => value !== undefined && known.includes(key) && isAtLeast(capabilities.version, 1, since[key] ?? 1),
  );
  const fitted = kept.map(([key, value]) => [key, fitValue(key, value, capabilities)] as const);
  return Object.fromEntries(fitted.filter(([, value]) => value !== undefined));
}

/** One value that the server does not take makes it refuse the whole asset. */
function fitValue(key: string, value: unknown, { fileFormats, nameLimits }: Capabilities): unknown {
  if (key === 'fileFormats') return (value as readonly string[]).filter((format) => fileFormats.has(format));
  if (key === 'server') return safeUri(String(value));
  // What a model estimates has to be a name.
  if (key === 'target') return encodeName(String(value), nameLimits.term).name === value ? value : undefined;
  if (key !== 'references') return value;
  return (value as readonly { endpoint: string }[]).map((one) => ({ ...one, endpoint: safeUri(one.endpoint) }));
}

/** What was fitted already, and for which version: an asset is fitted before it is compared, and again as a body. */
const fittedFor = new WeakMap<DesiredAsset, Capabilities>();

/**
 * An asset as a server of this version can hold it: keys and words that it does not know are left out or replaced, so
 * that what is compared with the target is what the target would answer. Fitting twice changes nothing more.
 */
export function fitAsset(asset: DesiredAsset, capabilities: Capabilities): DesiredAsset {
  if (fittedFor.get(asset) === capabilities) return asset;
  const fitted = fitAnew(asset, capabilities);
  fittedFor.set(fitted, capabilities);
  return fitted;
}

function fitAnew(asset: DesiredAsset, capabilities: Capabilities): DesiredAsset {
  const facts = kindFacts[asset.entityType];
  const { tableType, viewDefinition, columns, attributes: _, lists, extension, native, ...rest } = asset;
  const known = tableType !== undefined && capabilities.tableTypes.has(tableType) ? tableType : undefined;
  const parts = columns && facts.parts ? fitParts(facts.parts.style, columns, capabilities) : undefined;
  const { tableConstraints, ...attributes } = fitAttributes(asset, capabilities);
  const keyed =
    asset.entityType === 'table'
      ? fitKeys(tableConstraints as readonly TableConstraint[] | undefined, parts, capabilities)
      : { constraints: undefined, columns: parts };
  const structure = { ...attributes, ...(keyed.constraints && { tableConstraints: keyed.constraints }) };
  const fitting = Object.entries(lists ?? {}).filter(([key]) => facts.lists?.includes(key));
  return {
    ...rest,
    ...(native && { native: fitNative(native, capabilities) }),
    extension: isAtLeast(capabilities.version, 1, facts.extensionSince) ? extension : {},
    ...(known !== undefined && { tableType: known }),
    ...(viewDefinition !== undefined && takesViewText(known, capabilities) && { viewDefinition }),
    ...(keyed.columns && { columns: keyed.columns }),
    ...(Object.keys(structure).length > 0 && { attributes: structure }),
    ...(fitting.length > 0 && { lists: Object.fromEntries(fitting) }),
  };
}
