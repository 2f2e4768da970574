import type { LogAnswer, LogLineAnswer } from './airflow-answers.ts';

/** A line of a task's log. */
export interface TaskLogLine {
  /** ISO 8601; a line without a time of its own has that of the line before. */
  readonly time: string;
  readonly level: string;
  /** With the fields that stand beside it; may hold line breaks. */
  readonly text: string;
}

/** Lines of an answer of either version of the API, without what Airflow tells of where it found them. */
export function logLines({ content }: LogAnswer): TaskLogLine[] {
  if (typeof content === 'string') return textLines(textsOf(content).join('\n'));
  const lines: TaskLogLine[] = [];
  for (const line of content) {
    if (typeof line === 'string') {
      lines.push(...textLines(line));
    } else if (typeof line.timestamp === 'string') {
      lines.push({ time: line.timestamp, level: line.level ?? 'info', text: eventText(line) });
    }
  }
  return lines;
}

const ownFields: ReadonlySet<string> = new Set([
  'timestamp',
  'event',
  'level',
  'logger',
  'error_detail',
  'filename',
  'lineno',
  'loc',
]);

function eventText(line: LogLineAnswer): string {
  const fields = Object.entries(line).filter(
    ([key, value]) => !ownFields.has(key) && value !== undefined && value !== null,
  );
  const beside = fields.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const thrown = line.error_detail?.map(({ exc_type, exc_value }) => `${exc_type}: ${exc_value}`) ?? [];
  return [line.event, ...beside, ...thrown].join(' ');
}

/** `[2026-11-24T01:17:05.411+0000] {file.py:12} INFO - text`, as Airflow 2 writes it; other lines belong to the one before. */
const stamped = /^\[(\d{4}-\d{2}-\d{2}T[\d:.]+)([+-]\d{2}:?\d{2}|Z)?\] (?:\{[^}]*\} )?([A-Z]+) - (.*)$/s;

function textLines(text: string): TaskLogLine[] {
  const lines: TaskLogLine[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, time, zone = 'Z', level, rest] = stamped.exec(line) ?? [];
    const last = lines.at(-1);
    if (time !== undefined) {
      lines.push({
        time: new Date(`${time}${zone.replace(/(\d{2})(\d{2})$/, '$1:$2')}`).toISOString(),
        level: level!.toLowerCase(),
        text: rest!,
      });
    } else if (last && line !== '') {
      lines[lines.length - 1] = { ...last, text: `${last.text}\n${line}` };
    }
  }
  return lines;
}

const pair = /\('(?:[^'\\]|\\.)*', ('|")((?:\\.|(?!\1)[^\\])*)\1\)/gs;

/** The texts of `[('host', 'text'), …]` in Python's notation; what is none of it is taken as it is. */
function textsOf(content: string): string[] {
  const found = [...content.matchAll(pair)].map(([, , quoted]) => unescaped(quoted!));
  return found.length > 0 || content.trim() === '[]' ? found : [content];
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/gis, (_, x, u, long, other: string) => {
    const code = (x ?? u ?? long) as string | undefined;
    return code === undefined ? (escapes[other] ?? other) : String.fromCodePoint(Number.parseInt(code, 16));
  });
}

/** Lines of all tasks of a run in the order of their times: what comes later stands further down. */
export function mergedLog(tasks: readonly { readonly name: string; readonly lines: readonly TaskLogLine[] }[]): string {
  const all = tasks.flatMap(({ name, lines }) => lines.map((line) => ({ name, ...line })));
  return all
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .map(({ time, level, name, text }) => `${time} ${level.toUpperCase()} ${name}: ${text}\n`)
    .join('');
}

/** Why a task failed, by its own last words. */
export function lastError({ content }: LogAnswer): string | undefined {
  if (typeof content !== 'string') {
    const last = content.findLast(
      (line): line is LogLineAnswer => typeof line === 'object' && /^(error|critical)$/.test(line.level ?? ''),
    );
    if (last) return last.error_detail?.at(-1)?.exc_value || last.event;
  }
  const said = logLines({ content }).findLast(({ level }) => /^(error|critical)$/.test(level))?.text;
  // Python's traceback ends with what was thrown: `airflow.exceptions.AirflowException: message`.
  const thrown = said?.includes('\nTraceback ') ? said.trimEnd().split('\n').at(-1) : said;
  return thrown?.replace(/^(?:[A-Za-z_]\w*\.)*\w*(?:Exception|Error|Timeout): /, '');
}
