import { readTag } from './html-tag.ts';

export interface MarkdownPiece {
  readonly text: string;
  /** Shown as it is written, never as HTML. */
  readonly code: boolean;
}

const fenceLine = /^(`{3,}(?=[^`]*$)|~{3,})/;
const mailLink = /^<[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+>/;
/** A line that may begin a block of HTML: behind marks of quotes and lists, too. */
const blockStart = /^[\s>*+\-\d.)]*<[a-z/!?]/i;

/**
 * Cuts a text into Markdown's code and the rest. It is careful: only what every reader of Markdown takes for code counts
 * as such, that is fences without an indent, and spans within one line of a paragraph in which nothing can be meant in
 * another way. Other code counts as text, and so does all code behind a block of HTML.
 */
export function markdownPieces(text: string): MarkdownPiece[] {
  if (!text.includes('`') && !text.includes('~~~')) return [{ text, code: false }];
  const pieces: MarkdownPiece[] = [];
  let block: string[] = [];
  // Readers differ in where a block of HTML ends: at an empty line, or with its element.
  let html = false;
  const endBlock = (): void => {
    if (block.length > 0) pieces.push(...(html ? [plain(block)] : blockPieces(block)));
    block = [];
  };
  const lines = text.split(/(?<=\n)/);
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i]!;
    const fence = html ? undefined : fenceLine.exec(line.trimEnd())?.[1];
    if (fence !== undefined) {
      endBlock();
      const end = closingLine(lines, i, fence);
      pieces.push({ text: lines.slice(i, end + 1).join(''), code: true });
      i = end;
      continue;
    }
    block.push(line);
    html ||= blockStart.test(line);
    if (line.trim() === '') endBlock();
  }
  endBlock();
  return joined(pieces);
}

function closingLine(lines: readonly string[], start: number, fence: string): number {
  const closing = new RegExp(`^ {0,3}${fence[0] === '`' ? '`' : '~'}{${fence.length},}[ \\t]*$`);
  for (let i = start + 1; i < lines.length; i += 1) {
    if (closing.test(lines[i]!.replace(/\r?\n$/, ''))) return i;
  }
  return lines.length - 1;
}

function plain(block: readonly string[]): MarkdownPiece {
  return { text: block.join(''), code: false };
}

function blockPieces(block: readonly string[]): MarkdownPiece[] {
  const pieces: MarkdownPiece[] = [];
  for (const line of block) {
    const found = spans(line);
    if (!found) return [plain(block)];
    pieces.push(...found);
  }
  return pieces;
}

/** @returns undefined where the line could be read in another way, its spans reaching into other lines or cells */
function spans(line: string): MarkdownPiece[] | undefined {
  const pieces: MarkdownPiece[] = [];
  let from = 0;
  for (let i = 0; i < line.length; ) {
    if (line[i] === '<') {
      const tag = readTag(line, i);
      // Comments and the like may hide a backtick.
      if ((tag && tag.end === undefined) || line[i + 1] === '!' || line[i + 1] === '?') return undefined;
      i = tag?.end ?? i + (mailLink.exec(line.slice(i))?.[0].length ?? 1);
    } else if (line[i] === '\\') {
      if (line[i + 1] === '`') return undefined;
      i += 2;
    } else if (line[i] === '`') {
      const run = /^`+/.exec(line.slice(i))![0];
      const end = endOfSpan(line, i + run.length, run.length);
      if (end === undefined || line.slice(i, end).includes('|')) return undefined;
      pieces.push({ text: line.slice(from, i), code: false }, { text: line.slice(i, end), code: true });
      from = end;
      i = end;
    } else {
      i += 1;
    }
  }
  return [...pieces, { text: line.slice(from), code: false }];
}

function endOfSpan(line: string, from: number, length: number): number | undefined {
  for (const { 0: run, index } of line.slice(from).matchAll(/`+/g)) {
    if (run.length === length) return from + index + length;
  }
  return undefined;
}

function joined(pieces: readonly MarkdownPiece[]): MarkdownPiece[] {
  const result: MarkdownPiece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last && last.code === piece.code) result[result.length - 1] = { ...last, text: last.text + piece.text };
    else if (piece.text !== '') result.push(piece);
  }
  return result;
}
