import type { Finding, Path } from './validate-recipe.ts';

/** Text that a documentation page has in place of a value: `<host and port>`, `{bot_jwt_token}`. */
export function isPlaceholder(value: string): boolean {
  return /^<[^<>]+>$|^\{[^{}]+\}$/.test(value.trim());
}

export function isAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** What is wrong with a text that must be an http or https address; a placeholder is told elsewhere. */
export function addressFindings(value: unknown, path: Path, example: string): Finding[] {
  if (typeof value !== 'string' || isPlaceholder(value) || isAddress(value)) return [];
  // Not quoted: it may hold a password.
  if (/<[^<>]+>|\{[^{}]+\}/.test(value)) {
    return [
      {
        path,
        message: 'This still holds a placeholder of the documentation.',
        expected: `an address such as ${example}`,
      },
    ];
  }
  const bare = /^[\w.-]+(:\d+)?(\/\S*)?$/.test(value);
  return [
    {
      path,
      message: 'This is no address.',
      expected: `an address such as ${example}`,
      ...(bare && { suggestion: 'Put http:// or https:// before it.' }),
    },
  ];
}
