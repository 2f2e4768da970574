import { mapTexts } from '../config/references.ts';

/** What of Airflow a recipe refers to, each once, in order. */
export function airflowReferences(recipe: unknown): {
  readonly connections: readonly string[];
  readonly variables: readonly string[];
} {
  const connections = new Set<string>();
  const variables = new Set<string>();
  mapTexts(recipe, (text) => {
    for (const [, name] of text.matchAll(/\$\{airflow:([^}]*)\}/g)) {
      const variable = /^\s*var:(.+)$/.exec(name!)?.[1]?.trim();
      const connection = /^\s*conn:(.+?)\.(?:password|login|host|port|schema|type|uri|extra\..+?)\s*$/.exec(name!)?.[1];
      if (variable) variables.add(variable);
      if (connection) connections.add(connection);
    }
    return text;
  });
  return { connections: [...connections].sort(), variables: [...variables].sort() };
}
