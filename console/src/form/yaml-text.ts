import { isCollection, isScalar, parseDocument } from 'yaml';
import { isTree, type Path } from './path.ts';

/** The value of a recipe's text; undefined for what is no YAML, or no map. */
export function recipeOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const value: unknown = document.toJS();
  return isTree(value) ? value : undefined;
}

const style = { lineWidth: 0, flowCollectionPadding: false } as const;

/**
 * The text with another value: only the keys that differ are written anew, so that comments and the order of what did not
 * change stay.
 */
export function withValue(text: string, value: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text);
  const before: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (!isTree(before)) {
    const fresh = parseDocument('');
    fresh.contents = fresh.createNode(value) as typeof fresh.contents;
    return fresh.toString(style);
  }
  const change = (path: Path, from: unknown, to: unknown): void => {
    if (JSON.stringify(from) === JSON.stringify(to)) return;
    if (isTree(from) && isTree(to) && (path.length === 0 || isCollection(document.getIn(path, true)))) {
      for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) change([...path, key], from[key], to[key]);
    } else if (to === undefined) {
      document.deleteIn(path);
    } else {
      // A scalar keeps its node, and with it the comment beside it.
      const node = document.getIn(path, true);
      if (isScalar(node) && typeof to !== 'object') {
        node.value = to;
        // Quotes only where the new value needs them.
        node.type = undefined;
      } else document.setIn(path, document.createNode(to));
    }
  };
  change([], before, value);
  return document.toString(style);
}
