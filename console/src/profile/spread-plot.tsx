import type { ColumnMoment } from '../../../src/server/console-api/catalogue/profile-types.ts';
import { formatNumber } from '../format/numbers.ts';
import { profileTexts as texts } from '../texts/profile-texts.ts';
import classes from './profile.module.css';

const height = 28;
const width = 1000;

/** From the least to the greatest value, with a box around the middle half and a line at the median. */
export function SpreadPlot({ moment }: { readonly moment: ColumnMoment }) {
  const { min, max, firstQuartile, median, thirdQuartile } = moment;
  if (typeof min !== 'number' || typeof max !== 'number' || max <= min) return null;
  if (firstQuartile === undefined || median === undefined || thirdQuartile === undefined) return null;
  const place = (value: number): number => Math.min(width, Math.max(0, ((value - min) / (max - min)) * width));
  const words = [
    [texts.min, min],
    [texts.metrics.firstQuartile, firstQuartile],
    [texts.metrics.median, median],
    [texts.metrics.thirdQuartile, thirdQuartile],
    [texts.max, max],
  ] as const;
  const said = words.map(([name, value]) => `${name} ${formatNumber(value)}`).join(', ');
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={classes.spread}
      role="img"
      aria-label={texts.column.spread(said)}
    >
      <title>{said}</title>
      <line x1="0" x2={width} y1={height / 2} y2={height / 2} vectorEffect="non-scaling-stroke" />
      <rect
        x={place(firstQuartile)}
        y="4"
        width={Math.max(2, place(thirdQuartile) - place(firstQuartile))}
        height={height - 8}
        vectorEffect="non-scaling-stroke"
      />
      {[0, place(median), width].map((x, which) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: always the same three
        <line key={which} x1={x} x2={x} y1="4" y2={height - 4} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
  );
}
