const path = /^(\.{1,2}[/\\]|[/\\]|[a-z]:[/\\])/i;
const scopedPackage = /^@[a-z0-9~-][\w.~-]*\/[a-z0-9~-][\w.~-]*$/i;

/**
 * Whether `source.type` of a recipe names a connector outside of Meridian: a path (`./my-connector`, `/opt/my-connector`), or
 * a package with a scope (`@acme/my-connector`). A bare word is always one of ours: a typo never loads a package.
 */
export function isConnectorPath(type: unknown): type is string {
  return typeof type === 'string' && (path.test(type) || scopedPackage.test(type));
}
