import { MeridianError } from '../errors.ts';
import type { Palette } from './palette.ts';

export interface ErrorStyle {
  readonly palette: Palette;
  /** Also print the stack traces. */
  readonly verbose: boolean;
  /** Masks secrets before a text is shortened: half of one is not recognised any more. */
  readonly redact?: (text: string) => string;
}

const longestCause = 200;
const mostCauses = 3;

/** What went wrong, what to do, and why: a short paragraph. Its end is a line break. */
export function renderError(error: unknown, { palette, verbose, redact = (text) => text }: ErrorStyle): string {
  const known = error instanceof MeridianError;
  const message = known ? error.message : `Something unexpected happened: ${firstLine(textOf(error))}`;
  const lines = [`${palette.red('error:')} ${message}`];
  if (known && error.help) lines.push(`  ${error.help}`);
  for (const cause of causesOf(error, message, redact)) lines.push(palette.dim(`  Cause: ${cause}`));
  if (known) lines.push(palette.dim(`  (${error.code})`));
  else if (!verbose)
    lines.push('  This is a mistake in Meridian. --verbose shows where it happened; please report it.');
  if (verbose) lines.push(...stacksOf(error).map((stack) => palette.dim(indent(stack))));
  return `${lines.join('\n')}\n`;
}

/** Exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  return error instanceof MeridianError ? error.exitCode : 1;
}

/** The causes in their order, short, without those that the message tells already. */
function causesOf(error: unknown, told: string, redact: (text: string) => string): string[] {
  const causes: string[] = [];
  let said = redact(told);
  for (let cause = causeOf(error); cause !== undefined && causes.length < mostCauses; cause = causeOf(cause)) {
    const text = shorten(redact(firstLine(textOf(cause))));
    if (text === '' || said.includes(text)) continue;
    causes.push(text);
    said += text;
  }
  return causes;
}

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  for (let each: unknown = error; each !== undefined && stacks.length < 10; each = causeOf(each)) {
    stacks.push(each instanceof Error ? (each.stack ?? each.message) : String(each));
  }
  return stacks;
}

function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  // Node wraps one refusal for each address of a host; the first says as much as all.
  return error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.trim();
}

function shorten(text: string): string {
  return text.length > longestCause ? `${text.slice(0, longestCause - 1)}…` : text;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
