import type { Change } from '../reconcile/change.ts';
import { formatStatus } from '../workflow/format-status.ts';
import type { RunReport } from '../workflow/report.ts';
import { PlanText } from './render-plan.ts';
import type { Terminal } from './terminal.ts';

export const outputFormats = ['text', 'json', 'jsonl'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** Where the changes of a run go as they are decided, and what ends them. Memory does not grow with their number. */
export interface ChangeOutput {
  /** True when something is written before the end. */
  readonly streams: boolean;
  change(change: Change): void;
  end(report: RunReport): void;
}

/** The output of `plan` and of `ingest`, by format (docs/plan-json.md). */
export function createChangeOutput(
  format: OutputFormat,
  command: RunReport['command'],
  terminal: Terminal,
): ChangeOutput {
  if (format === 'jsonl') return jsonLines(terminal);
  if (command === 'plan') return format === 'json' ? jsonDocument(terminal) : planText(terminal);
  return format === 'json' ? reportDocument(terminal) : summaryText(terminal);
}

function jsonLines(terminal: Terminal): ChangeOutput {
  return {
    streams: true,
    change: (change) => terminal.data(`${JSON.stringify(change)}\n`),
    end: () => undefined,
  };
}

/** One document, written piece by piece. */
function jsonDocument(terminal: Terminal): ChangeOutput {
  let separator = '{"planVersion":1,"changes":[\n';
  const piece = (text: string): void => {
    terminal.data(`${separator}${text}`);
    separator = ',\n';
  };
  return {
    streams: true,
    change: (change) => piece(JSON.stringify(change)),
    end: (report) => {
      terminal.data(`${separator === ',\n' ? '' : separator}\n],"report":${JSON.stringify(report)}}\n`);
    },
  };
}

function planText(terminal: Terminal): ChangeOutput {
  const plan = new PlanText({ palette: terminal.dataPalette, width: terminal.dataWidth });
  return {
    streams: false,
    change: (change) => plan.add(terminal.redactValue(change)),
    end: (report) => terminal.data(plan.end(report)),
  };
}

function reportDocument(terminal: Terminal): ChangeOutput {
  return {
    streams: false,
    change: () => undefined,
    end: (report) => terminal.data(`${JSON.stringify(report, null, 2)}\n`),
  };
}

function summaryText(terminal: Terminal): ChangeOutput {
  return {
    streams: false,
    change: () => undefined,
    end: (report) => terminal.data(`${formatStatus(report, terminal.dataPalette)}\n`),
  };
}
