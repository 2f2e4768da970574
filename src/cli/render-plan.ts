import type { Change, ChangeAction, ChangedEntityType, FieldChange } from '../reconcile/change.ts';
import { entityTypes, entityWords } from '../workflow/entity-words.ts';
import { formatFailures } from '../workflow/format-failures.ts';
import { count, counted, shorten } from '../workflow/format-numbers.ts';
import type { RunReport } from '../workflow/report.ts';
import type { Paint, Palette } from './palette.ts';

interface ActionStyle {
  readonly sign: string;
  readonly words: string;
  readonly paint: keyof Palette;
  /** Changes shown of one group; the rest is counted. */
  readonly shown: number;
}

const styles: Readonly<Record<ChangeAction, ActionStyle>> = {
  create: { sign: '+', words: 'to create', paint: 'green', shown: 20 },
  update: { sign: '~', words: 'to update', paint: 'yellow', shown: 30 },
  restore: { sign: '^', words: 'to restore', paint: 'green', shown: 20 },
  delete: { sign: '-', words: 'to delete (softly)', paint: 'red', shown: 30 },
  kept: { sign: '!', words: 'kept as people left them in OpenMetadata', paint: 'cyan', shown: 30 },
  gone: { sign: '-', words: 'gone at the source (listed only)', paint: 'red', shown: 30 },
  skipped: { sign: '.', words: 'skipped', paint: 'dim', shown: 10 },
  unchanged: { sign: '=', words: 'unchanged', paint: 'dim', shown: 0 },
};
const actions = Object.keys(styles) as readonly ChangeAction[];

const shownFields = 12;
const longestValue = 48;
const widestField = 40;
const mostReasons = 2;

interface Group {
  count: number;
  readonly lines: ((withReason: boolean) => string)[];
  readonly reasons: Set<string>;
}

export interface PlanStyle {
  readonly palette: Palette;
  /** Columns to fill at most. */
  readonly width: number;
}

/**
 * A plan as text: by type of entity and by action, counted, with the first changes of each in detail. Changes are
 * added as they come; only what will be shown is held.
 */
export class PlanText {
  readonly #style: PlanStyle;
  readonly #groups = new Map<string, Group>();

  constructor(style: PlanStyle) {
    this.#style = style;
  }

  add(change: Change): void {
    const key = `${change.entityType} ${change.action}`;
    let group = this.#groups.get(key);
    if (!group) {
      group = { count: 0, lines: [], reasons: new Set() };
      this.#groups.set(key, group);
    }
    group.count += 1;
    if (group.reasons.size < mostReasons) group.reasons.add(change.reason);
    if (group.count <= styles[change.action].shown) group.lines.push(this.#change(change));
  }

  /** The whole text, with its closing line. */
  end(report: RunReport): string {
    const { bold } = this.#style.palette;
    const parts = entityTypes.flatMap((type) => {
      const groups = actions.flatMap((action) => this.#group(type, action));
      return groups.length === 0 ? [] : [`${bold(title(entityWords[type].many))}\n${groups.join('')}`];
    });
    const tail = [this.#unchanged(), formatFailures(report, this.#style.palette)].filter((text) => text !== '');
    return [this.#heading(report), ...parts, ...tail, this.#closing(report)].join('\n');
  }

  #unchanged(): string {
    const words = entityTypes.flatMap((type) => {
      const unchanged = this.#groups.get(`${type} unchanged`);
      return unchanged ? [counted(unchanged.count, entityWords[type].one, entityWords[type].many)] : [];
    });
    return words.length === 0 ? '' : this.#style.palette.dim(`= unchanged: ${words.join(', ')}\n`);
  }

  #heading({ source, target, mode, command }: RunReport): string {
    const from = `${source.type} ${source.version ?? ''}`.trim();
    const to = `OpenMetadata ${target.version ?? ''}`.trim();
    if (command === 'undo') return this.#style.palette.dim(`${to} at ${target.host}\n`);
    return this.#style.palette.dim(`${from} at ${source.host} → ${to} at ${target.host}, mode ${mode}\n`);
  }

  #group(type: ChangedEntityType, action: ChangeAction): string[] {
    const group = this.#groups.get(`${type} ${action}`);
    if (!group || action === 'unchanged') return [];
    const { sign, words, paint } = styles[action];
    const paintIt: Paint = this.#style.palette[paint];
    const reason = group.reasons.size === 1 ? `: ${[...group.reasons][0]}` : '';
    const lines = [`  ${paintIt(`${sign} ${count(group.count)} ${words}`)}${this.#style.palette.dim(reason)}\n`];
    // One reason for all stands in the heading.
    lines.push(...group.lines.map((line) => line(group.reasons.size > 1)));
    const more = group.count - group.lines.length;
    if (more > 0) lines.push(`      … and ${count(more)} more (-o jsonl lists all)\n`);
    return lines;
  }

  #change(change: Change): (withReason: boolean) => string {
    const { palette, width } = this.#style;
    if (change.action === 'create' || change.action === 'restore') {
      const digest = digestOf(change.fields);
      const shown = digest ? palette.dim(`  ${shorten(digest, Math.max(20, width - change.fqn.length - 8))}`) : '';
      return () => `      ${change.fqn}${shown}\n`;
    }
    const alone = change.fields.length === 0 ? palette.dim(`  ${change.reason}`) : '';
    const fieldWidth = Math.min(widestField, Math.max(0, ...change.fields.map(({ field }) => field.length)));
    const fields = change.fields.slice(0, shownFields).map((field) => this.#field(field, fieldWidth));
    const more = change.fields.length - fields.length;
    if (more > 0) fields.push(`        … and ${counted(more, 'more field')}\n`);
    const all = fields.join('');
    return (withReason) => `      ${change.fqn}${withReason ? alone : ''}\n${all}`;
  }

  #field({ field, action, from, to, reason }: FieldChange, fieldWidth: number): string {
    const { palette } = this.#style;
    const { sign, paint } = fieldStyles[action];
    const before = from === undefined ? '' : quoted(from);
    const after = to === undefined ? '' : quoted(to);
    const values =
      action === 'keep'
        ? [before && `stays ${before}`, after && `source says ${after}`].filter(Boolean).join(', ')
        : [before, after].filter(Boolean).join(' → ');
    const name = field.padEnd(fieldWidth);
    return `        ${palette[paint](sign)} ${name}  ${values}${values ? '  ' : ''}${palette.dim(reason)}\n`;
  }

  #closing(report: RunReport): string {
    const { bold } = this.#style.palette;
    const total = (action: ChangeAction): number =>
      entityTypes.reduce((sum, type) => sum + (this.#groups.get(`${type} ${action}`)?.count ?? 0), 0);
    const words: Readonly<Partial<Record<ChangeAction, string>>> = { kept: 'kept', gone: 'gone at the source' };
    const parts = actions
      .filter((action) => total(action) > 0)
      .map((action) => `${count(total(action))} ${words[action] ?? styles[action].words}`);
    const writes = total('create') + total('update') + total('restore');
    const inStep = writes === 0 && report.state === 'success' ? 'OpenMetadata is in step. ' : '';
    return `${bold('Plan:')} ${inStep}${parts.join(', ') || 'nothing to do'}. Nothing was sent.\n`;
  }
}

const fieldStyles: Readonly<Record<FieldChange['action'], { readonly sign: string; readonly paint: keyof Palette }>> = {
  add: { sign: '+', paint: 'green' },
  replace: { sign: '~', paint: 'yellow' },
  remove: { sign: '-', paint: 'red' },
  keep: { sign: '!', paint: 'cyan' },
};

/** What a new entity brings: `12 columns, description, 2 tags`. */
function digestOf(fields: readonly FieldChange[]): string {
  const number = (pattern: RegExp): number => fields.filter(({ field }) => pattern.test(field)).length;
  const columns = number(/^columns\.[^.]+$/);
  const pairs = number(/^columnsLineage$/);
  const tags = number(/^tags$/);
  const others = fields.map(({ field }) => field).filter((field) => !/^(columns|tags$)/.test(field));
  return [
    ...(columns > 0 ? [counted(columns, 'column')] : []),
    ...new Set(others),
    ...(tags > 0 ? [counted(tags, 'tag')] : []),
    ...(pairs > 0 ? [counted(pairs, 'pair of columns', 'pairs of columns')] : []),
  ].join(', ');
}

function quoted(value: string): string {
  return `“${shorten(value, longestValue)}”`;
}

function title(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}
