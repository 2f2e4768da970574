import {
  type ColumnMoment,
  type ColumnProportion,
  columnProportions,
} from '../../../src/server/console-api/catalogue/profile-types.ts';
import { formatNumber, formatShare, formatShort } from '../format/numbers.ts';
import { profileTexts as texts } from '../texts/profile-texts.ts';
import type { PlotLine } from './line-plot.tsx';

const colors: Readonly<Record<ColumnProportion, PlotLine['color']>> = {
  nullProportion: 'warn',
  distinctProportion: 'busy',
  uniqueProportion: 'good',
};

/** Nulls, distinct and unique values as shares; without those that no moment tells. */
export function proportionLines(history: readonly ColumnMoment[]): readonly PlotLine[] {
  return columnProportions
    .map(
      (name): PlotLine => ({
        name: texts.proportions[name],
        values: history.map((moment) => moment[name]),
        color: colors[name],
        axis: 'left',
        format: formatShare,
      }),
    )
    .filter(isTold);
}

/** Where the values of a column of numbers lie. */
export function valueLines(history: readonly ColumnMoment[]): readonly PlotLine[] {
  const line = (
    name: string,
    color: PlotLine['color'],
    of: (moment: ColumnMoment) => number | undefined,
  ): PlotLine => ({
    name,
    values: history.map(of),
    color,
    axis: 'left',
    format: formatNumber,
    formatShort,
  });
  return [
    line(texts.metrics.mean, 'busy', ({ mean }) => mean),
    line(texts.metrics.median, 'good', ({ median }) => median),
    line(texts.metrics.stddev, 'warn', ({ stddev }) => stddev),
  ].filter(isTold);
}

function isTold({ values }: PlotLine): boolean {
  return values.some((value) => value !== undefined);
}
