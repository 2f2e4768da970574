/** A name in double quotes. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text in single quotes. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Names of a path, quoted and joined. */
export const quotePath = (path: readonly string[]): string => path.map(quoteName).join('.');
