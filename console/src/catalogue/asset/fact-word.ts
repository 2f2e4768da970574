/** OpenMetadata's key as words: `replicationFactor` becomes `Replication factor`. */
export function factWord(key: string): string {
  const words = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
