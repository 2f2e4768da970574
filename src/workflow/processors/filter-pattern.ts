import { ConfigurationError } from '../../errors.ts';

/** OpenMetadata's own shape: lists of regular expressions. */
export interface FilterPattern {
  readonly includes?: readonly string[] | undefined;
  readonly excludes?: readonly string[] | undefined;
}

interface CompiledExpression {
  readonly source: string;
  readonly expression: RegExp;
}

/**
 * Decides as OpenMetadata does: expressions match from the start of a name, in any case. With `includes`, a name must
 * match one of them; a name that matches one of `excludes` is out, also when it is included.
 */
export class NameFilter {
  readonly #includes: readonly CompiledExpression[];
  readonly #excludes: readonly CompiledExpression[];

  /** @throws ConfigurationError `filter.bad-pattern` */
  constructor(pattern: FilterPattern) {
    this.#includes = (pattern.includes ?? []).map(compileExpression);
    this.#excludes = (pattern.excludes ?? []).map(compileExpression);
  }

  /** Why a name is kept out, or undefined when it may pass. */
  rejects(name: string): string | undefined {
    if (this.#includes.length > 0 && !this.#includes.some(({ expression }) => expression.test(name))) {
      return 'not among the includes';
    }
    const excluding = this.#excludes.find(({ expression }) => expression.test(name));
    return excluding && `excluded by ${JSON.stringify(excluding.source)}`;
  }
}

/** Recipes are written for Python's expressions; these are the few spellings that JavaScript does not share. */
function fromPython(source: string): { body: string; flags: string } {
  const inline = /^\(\?([aiLmsux]+)\)/.exec(source);
  const flags = new Set(['i', ...[...(inline?.[1] ?? '')].filter((flag) => 'ms'.includes(flag))]);
  const body = (inline ? source.slice(inline[0].length) : source)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\(.)/gs, (whole, letter: string) => (letter === 'A' ? '^' : letter === 'Z' ? '$' : whole));
  return { body, flags: [...flags].join('') };
}

function compileExpression(source: string): CompiledExpression {
  const { body, flags } = fromPython(source);
  try {
    return { source, expression: new RegExp(`^(?:${body})`, flags) };
  } catch (cause) {
    throw new ConfigurationError(
      'filter.bad-pattern',
      `The filter pattern ${JSON.stringify(source)} is not a regular expression: ${detail(cause)}`,
      { help: 'For "everything", write ".*"; a dot, star or bracket meant literally needs a backslash.', cause },
    );
  }
}

function detail(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^.*: /s, '').toLowerCase();
}
