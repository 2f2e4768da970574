import 'uplot/dist/uPlot.min.css';
import { Group, Text, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { dateTime } from '../catalogue/date-time.ts';
import classes from './profile.module.css';

export interface PlotLine {
  readonly name: string;
  /** One for each time; undefined where it is not known. */
  readonly values: readonly (number | undefined)[];
  readonly color: 'busy' | 'warn' | 'good';
  /** Lines of one axis share its scale; the second axis stands at the right. */
  readonly axis: 'left' | 'right';
  readonly format: (value: number) => string;
  /** For the axis, where there is little room. */
  readonly formatShort?: (value: number) => string;
}

interface LinePlotProps {
  /** Epoch milliseconds, oldest first. */
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  /** What it shows, for who does not see it. */
  readonly label: string;
  /** Ends of the left axis; what the values need unless set. */
  readonly range?: readonly [number, number];
}

const height = 220;
/** Patterns tell the lines apart where colours do not. */
const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 4]];
const dayMs = 86_400_000;

/** Values over time. What it shows has to stand in a table as well (PlotCard). */
export default function LinePlot({ times, lines, label, range }: LinePlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const [at, setAt] = useState<number>();
  // A plot is drawn, not styled: another scheme draws it anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme stands for the colours of the page
  useEffect(() => {
    if (!box.current) return;
    const options = optionsOf(lines, box.current, range, times);
    options.hooks = { setCursor: [({ cursor }) => setAt(cursor.idx ?? undefined)] };
    const data = [times, ...lines.map(({ values }) => values.map((value) => value ?? null))];
    const plot = new uPlot(options, data as unknown as uPlot.AlignedData, box.current);
    const observer = new ResizeObserver(([entry]) => plot.setSize({ width: entry!.contentRect.width, height }));
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, lines, range, scheme]);
  // With no moment pointed at it tells the newest one.
  const shown = Math.min(at ?? times.length - 1, times.length - 1);
  return (
    <>
      <Group gap="2px 20px" mb={6} aria-hidden>
        <Text size="xs" c="dimmed" className={classes.moment!}>
          {dateTime(new Date(times[shown]!).toISOString())}
        </Text>
        {lines.map(({ name, values, color, format }, place) => (
          <Group key={name} gap={6} wrap="nowrap">
            <svg width="22" height="4" className={classes[color]} aria-hidden="true">
              <line x1="0" y1="2" x2="22" y2="2" strokeWidth="3" strokeDasharray={dashes[place]!.join(' ')} />
            </svg>
            <Text size="xs" className="numbers">
              {name} {values[shown] === undefined ? '–' : format(values[shown])}
            </Text>
          </Group>
        ))}
      </Group>
      <div ref={box} className={classes.plot} role="img" aria-label={label} />
    </>
  );
}

function optionsOf(
  lines: readonly PlotLine[],
  box: HTMLElement,
  range: LinePlotProps['range'],
  times: readonly number[],
): uPlot.Options {
  const [from, to] = [times[0]!, times.at(-1)!];
  const style = getComputedStyle(box);
  const color = (name: string): string => style.getPropertyValue(`--console-${name}`);
  const grid = { stroke: color('line'), width: 1 };
  const axisOf = (side: 'left' | 'right'): uPlot.Axis[] => {
    const first = lines.find(({ axis }) => axis === side);
    if (!first) return [];
    const words = first.formatShort ?? first.format;
    return [
      {
        scale: side,
        side: side === 'left' ? 3 : 1,
        stroke: color('quiet'),
        grid: side === 'left' ? grid : { show: false },
        ticks: { show: false },
        size: 68,
        values: (_, values) => values.map((value) => (value === null ? '' : words(value))),
      },
    ];
  };
  return {
    width: box.clientWidth,
    height,
    ms: 1,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      // One moment alone stands in the middle of two days.
      x: { range: () => (from === to ? [from - dayMs, to + dayMs] : [from, to]) },
      left: { range: range ? [range[0], range[1]] : roomy },
      right: { range: roomy },
    },
    axes: [
      { stroke: color('quiet'), size: 32, grid: { show: false }, ticks: { show: false }, values: axisTimes },
      ...axisOf('left'),
      ...axisOf('right'),
    ],
    series: [
      {},
      ...lines.map(
        ({ axis, color: name }, place): uPlot.Series => ({
          scale: axis,
          stroke: color(name),
          width: 2,
          dash: [...dashes[place]!],
          spanGaps: true,
          points: { show: times.length <= 60, size: 6, fill: color(name) },
        }),
      ),
    ],
  };
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `25 Nov`; `14:05` where the times are closer together than days. */
function axisTimes(_plot: uPlot, places: readonly number[]): string[] {
  const isWithinDays = places.length > 1 && places[1]! - places[0]! < dayMs;
  return places.map((place) => (isWithinDays && place % dayMs !== 0 ? clock : day).format(new Date(place)));
}

/** From nought where values are near it, else with some room around: small changes of large numbers stay visible. */
function roomy(_plot: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  if (low === high) return low === 0 ? [0, 1] : [Math.min(0, low * 1.2), Math.max(0, low * 1.2)];
  const room = (high - low) * 0.1;
  return [low >= 0 && low <= high / 2 ? 0 : low - room, high + room];
}
