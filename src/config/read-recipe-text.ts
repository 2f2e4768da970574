import { readFile, stat } from 'node:fs/promises';
import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { RecipeError, type RecipeProblem } from './recipe-error.ts';

const largest = 5 * 1024 * 1024;

/** A recipe as parsed, with the place of each of its nodes. */
export interface ParsedRecipe {
  readonly file: string;
  readonly value: unknown;
  /** Line and column of a path; of its parent where the path itself is not there. */
  locate(path: readonly (string | number)[]): { readonly line: number; readonly column: number };
}

function fail(file: string, message: string, at = { line: 0, column: 0 }): never {
  throw new RecipeError([{ file, ...at, path: '', message }]);
}

/** Reads a recipe's text from a file or, for `-`, from standard input. */
export async function readRecipeText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    if (path === '-') {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      bytes = Buffer.concat(chunks);
    } else {
      const info = await stat(path);
      if (info.isDirectory()) fail(path, 'This is a folder, not a recipe file.');
      if (info.size > largest) fail(path, `This file has ${info.size} bytes; a recipe has at most ${largest}.`);
      bytes = await readFile(path);
    }
  } catch (error) {
    if (error instanceof RecipeError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'There is no such file.' : `It cannot be read (${code ?? String(error)}).`;
    fail(path, why);
  }
  if (bytes.byteLength > largest) fail(path, `This recipe has more than ${largest} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    fail(path, 'This file is no UTF-8 text.');
  }
}

/** The parser's words without what it quotes of the text: that may be a password. */
function yamlMessage(message: string): string {
  return `${message.replace(/(["'`])(?:(?!\1).)*\1/g, '…').replace(/: \S+$/, '')}.`;
}

/** Parses YAML (and with it JSON). */
export function parseRecipe(text: string, file: string): ParsedRecipe {
  if (text.trim() === '') fail(file, 'The recipe is empty.');
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(documents) || documents.length === 0) fail(file, 'The recipe is empty.');
  if (documents.length > 1) fail(file, 'The file holds several YAML documents; a recipe is one.');
  const document = documents[0] as Document.Parsed;
  if (document.errors.length > 0) {
    throw new RecipeError(
      document.errors.map((error): RecipeProblem => {
        const { line, col } = lines.linePos(error.pos[0]);
        return {
          file,
          line,
          column: col,
          path: '',
          message: `This is no valid YAML (${error.code}): ${yamlMessage(error.message)}`,
        };
      }),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    fail(
      file,
      `The recipe’s aliases cannot be resolved (${error instanceof Error ? error.name : 'unknown'}); put text that begins with * or & in quotes.`,
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    fail(file, 'A recipe is a map with the keys source, sink and workflowConfig.', { line: 1, column: 1 });
  }
  const locate = (path: readonly (string | number)[]): { line: number; column: number } => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
      if (!node?.range) continue;
      const { line, col } = lines.linePos(node.range[0]!);
      return { line, column: col };
    }
    return { line: 1, column: 1 };
  };
  return { file, value, locate };
}
