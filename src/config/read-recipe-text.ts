import { createReadStream } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml';
import { excerptOf } from './excerpt.ts';
import { nestsTooDeeply } from './nesting.ts';
import { RecipeError, type RecipeProblem } from './recipe-error.ts';
import { repeatedKeys } from './repeated-keys.ts';

const largest = 5 * 1024 * 1024;
const mostShown = 20;
const tooDeep = 'This is nested too deeply to be a recipe.';

export interface Place {
  /** From 1; 0 where there is no file. */
  readonly line: number;
  readonly column: number;
  readonly excerpt?: string;
}

/** A recipe as parsed, with the place of each of its nodes. */
export interface ParsedRecipe {
  readonly file: string;
  readonly value: unknown;
  /** Place of a path's value, or of its key; of what is nearest above where the path itself is not there. */
  locate(path: readonly (string | number)[], at?: 'key' | 'value'): Place;
}

function fail(file: string, message: string, place: Place = { line: 0, column: 0 }): never {
  throw new RecipeError([{ file, ...place, path: '', message }]);
}

/**
 * Reads a recipe's text from a file or, for `-`, from standard input. Never more than 5 MiB are held.
 *
 * @throws RecipeError for what cannot be read, is too large, or is no UTF-8 text
 */
export async function readRecipeText(path: string): Promise<string> {
  const file = path === '-' ? 'standard input' : path;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).byteLength;
      if (size > largest) fail(file, `This is larger than ${largest / 1024 / 1024} MiB: a recipe has at most that.`);
    }
  } catch (error) {
    if (error instanceof RecipeError) throw error;
    fail(file, unreadable(error as NodeJS.ErrnoException));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    fail(file, 'This file is no UTF-8 text.');
  }
}

function unreadable({ code }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'There is no such file.';
    case 'EISDIR':
      return 'This is a folder, not a recipe file.';
    case 'EACCES':
    case 'EPERM':
      return 'This file may not be read by the user who runs Meridian.';
    default:
      return `It cannot be read (${code ?? 'unknown'}).`;
  }
}

/** The commonest mistakes in words of ours; the parser's own words may quote the text, and with it a password. */
const yamlMistakes: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'A text that begins with * or & stands in quotes.',
  BAD_INDENT: 'The indentation does not fit, or a bracket is not closed.',
  BAD_SCALAR_START: 'A text that begins with @, ` or % stands in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'The lines before this do not fit together: look for a missing line break, quote or blank.',
  RESOURCE_EXHAUSTION: tooDeep,
  MISSING_CHAR: 'A quote, bracket, colon or blank is missing.',
  MULTILINE_IMPLICIT_KEY: 'A line before this has no colon, or its quote is not closed.',
  TAG_RESOLVE_FAILED: 'A text that begins with ! stands in quotes.',
  TAB_AS_INDENT: 'Indent with blanks: a tab is no indentation in YAML.',
  UNEXPECTED_TOKEN: 'This does not belong here.',
  IMPOSSIBLE: 'This does not belong here.',
};

function yamlMistake({ code }: Pick<YAMLError, 'code'>): string {
  return `This is no valid YAML: ${yamlMistakes[code] ?? code.toLowerCase().replaceAll('_', ' ')}`;
}

function parseDocuments(text: string, file: string, lineCounter: LineCounter): Document.Parsed {
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, {
      lineCounter,
      prettyErrors: false,
      merge: true,
      uniqueKeys: false,
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) fail(file, tooDeep);
    throw error;
  }
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (!document || (document.contents === null && document.errors.length === 0)) fail(file, 'The recipe is empty.');
  if (second && document.errors.length === 0) {
    const { line, col } = lineCounter.linePos(second.range?.[0] ?? 0);
    fail(file, 'Here begins a second YAML document: the file holds several YAML documents, a recipe is one.', {
      line,
      column: col,
    });
  }
  return document as Document.Parsed;
}

/**
 * Parses YAML 1.2 (and with it JSON).
 *
 * @throws RecipeError with every mistake of the syntax, and for what is no map
 */
export function parseRecipe(text: string, file: string): ParsedRecipe {
  if (text.trim() === '') fail(file, 'The recipe is empty.');
  if (/^\s*<(!doctype|html|head|body|\?xml)/i.test(text)) fail(file, 'This is a web page, not a recipe.');
  if (nestsTooDeeply(text)) fail(file, tooDeep);
  const lines = text.split('\n');
  const counter = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    const excerpt = excerptOf(lines[line - 1] ?? '');
    return { line: Math.max(line, 1), column: Math.max(col, 1), ...(excerpt !== undefined && { excerpt }) };
  };
  const document = parseDocuments(text, file, counter);
  const mistake = (offset: number, message: string): RecipeProblem => ({ file, ...place(offset), path: '', message });
  const mistakes = [...document.errors, ...document.warnings].map((error) => mistake(error.pos[0], yamlMistake(error)));
  if (mistakes.length === 0) {
    for (const offset of repeatedKeys(document.contents)) mistakes.push(mistake(offset, 'This key stands here twice.'));
  }
  if (mistakes.length > 0) throw new RecipeError(mistakes.slice(0, mostShown));
  const value = plainValue(document, file, place);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    fail(file, 'A recipe is a map with the keys source, sink and workflowConfig.', place(0));
  }
  return { file, value, locate: (path, at = 'value') => place(offsetOf(document, path, at)) };
}

function plainValue(document: Document.Parsed, file: string, place: (offset: number) => Place): unknown {
  let lost: number | undefined;
  visit(document, {
    Alias(_key, node) {
      const target = node.resolve(document);
      // An alias within what it names would unfold for ever.
      if (target && !(target.range && node.range && node.range[0] < target.range[1])) return undefined;
      lost = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  if (lost !== undefined) {
    const message = 'This alias names nothing that stands before it; put a text that begins with * in quotes.';
    fail(file, message, place(lost));
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof RangeError) fail(file, tooDeep);
    fail(file, 'The recipe’s aliases unfold to far too much.');
  }
}

/** Where a path stands in the text. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[], at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [i, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    let key: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step));
      if (!pair) return offset;
      key = pair.key;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      key = node;
    } else return offset;
    const last = i === path.length - 1;
    // What stands above is told by its key: the value of a map is the line below.
    const chosen = last && at === 'value' && isInline(node) ? node : key;
    offset = startOf(chosen) ?? startOf(key) ?? offset;
  }
  return offset;
}

/** True for a value that begins in the line of its key: a text, a number, brackets. */
function isInline(node: unknown): boolean {
  if (isAlias(node) || isScalar(node)) return true;
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];
}
