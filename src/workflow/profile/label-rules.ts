import { type FilterPattern, NameFilter } from '../processors/filter-pattern.ts';

/** Whether one of these tags or terms is named, or lies below one that is named: `PII.Sensitive.Email` below `PII.Sensitive`. */
export function hasLabel(labels: readonly string[], named: readonly string[]): boolean {
  return labels.some((label) => named.some((tag) => label === tag || label.startsWith(`${tag}.`)));
}

/** Decides by the labels of a table: with `includes` one of them must match, and none may match `excludes`. */
export class LabelFilter {
  readonly #includes: NameFilter | undefined;
  readonly #excludes: NameFilter | undefined;

  /** @throws ConfigurationError `filter.bad-pattern` */
  constructor({ includes = [], excludes = [] }: FilterPattern) {
    this.#includes = includes.length > 0 ? new NameFilter({ includes }) : undefined;
    this.#excludes = excludes.length > 0 ? new NameFilter({ excludes }) : undefined;
  }

  /** Why a table is kept out, or undefined when it may pass. */
  rejects(labels: readonly string[]): string | undefined {
    const { [0]: excluded } = labels.filter((label) => this.#excludes?.rejects(label) !== undefined);
    if (excluded !== undefined) return `its label ${excluded} is among the excludes`;
    const included = this.#includes;
    if (included && !labels.some((label) => included.rejects(label) === undefined)) {
      return 'none of its labels is among the includes';
    }
    return undefined;
  }
}
