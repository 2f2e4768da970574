import type { DataTypeShape } from '../model/records.ts';

/** Deeper nesting than this is shown as text only: a reader gains nothing, and a hostile text must not exhaust the stack. */
export const deepest = 30;

/** The text of a data type, read from left to right by whoever knows its language. What does not fit throws a SyntaxError. */
export class TypeText {
  protected readonly text: string;
  protected at = 0;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw new SyntaxError('text after the type');
  }

  /** @param start where the type's own text begins */
  protected shape(start: number, shape: Omit<DataTypeShape, 'dataTypeDisplay'>): DataTypeShape {
    return { ...shape, dataTypeDisplay: this.text.slice(start, this.at).trim().toLowerCase() };
  }

  protected space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  protected take(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  protected expect(character: string): void {
    if (!this.take(character)) throw new SyntaxError(`${character} was expected`);
  }
}
