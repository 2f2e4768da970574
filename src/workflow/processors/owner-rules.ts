import { ConfigurationError } from '../../errors.ts';
import { costlyPattern } from './pattern-cost.ts';

/** Longer owners are nobody's name; no pattern is tried on them. */
const longestOwner = 128;

interface OwnerPattern {
  readonly expression: RegExp;
  /** With `$1`, `$<name>` for what its groups matched. */
  readonly template: string;
}

/** A key of `ownerMapping` in slashes is a regular expression. */
export function isOwnerPattern(key: string): boolean {
  return key.length > 2 && key.startsWith('/') && key.endsWith('/');
}

/**
 * The expression between the slashes; it matches in any case.
 * @throws ConfigurationError `owners.bad-pattern`
 */
export function compileOwnerPattern(key: string): RegExp {
  const source = key.slice(1, -1);
  const help = 'An example: "/^(.+)@corp\\.example$/: $1".';
  let expression: RegExp;
  try {
    expression = new RegExp(source, 'i');
  } catch (cause) {
    const message = `The owner pattern ${JSON.stringify(key)} is not a regular expression.`;
    throw new ConfigurationError('owners.bad-pattern', message, { help, cause });
  }
  const costly = costlyPattern(source);
  if (costly !== undefined) {
    const message = `The owner pattern ${JSON.stringify(key)} could take for ever on some names: ${costly}.`;
    throw new ConfigurationError('owners.bad-pattern', message, { help });
  }
  return expression;
}

/**
 * Who a source's owner is at the target. The whole owner is looked up first (`etl/host@REALM`), then its short name
 * (`etl`), both in any case; then the patterns are tried, in the recipe's order.
 */
export class OwnerRules {
  readonly #names = new Map<string, string>();
  readonly #patterns: OwnerPattern[] = [];

  /** @throws ConfigurationError `owners.bad-pattern` */
  constructor(mapping: Readonly<Record<string, string>>) {
    for (const [key, to] of Object.entries(mapping)) {
      if (isOwnerPattern(key)) this.#patterns.push({ expression: compileOwnerPattern(key), template: to });
      else this.#names.set(key.toLowerCase(), to);
    }
  }

  /** Empty for an owner that is to be left out; undefined where no rule speaks of it. */
  map(owner: string): string | undefined {
    const lower = owner.toLowerCase();
    const named = this.#names.get(lower) ?? this.#names.get(shortName(lower));
    if (named !== undefined || owner.length > longestOwner) return named;
    for (const { expression, template } of this.#patterns) {
      const match = expression.exec(owner);
      if (match) return fill(template, match);
    }
    return undefined;
  }
}

/** A Kerberos principal's first part, or a mail address' local part. */
function shortName(owner: string): string {
  return owner.split(/[/@]/, 1)[0]!;
}

function fill(template: string, match: RegExpExecArray): string {
  const text = template.replace(
    /\$(?:(\$)|(\d)|<(\w+)>)/g,
    (_whole, dollar?: string, digit?: string, name?: string) => {
      if (dollar !== undefined) return dollar;
      return (digit !== undefined ? match[Number(digit)] : match.groups?.[name!]) ?? '';
    },
  );
  return text.trim();
}
