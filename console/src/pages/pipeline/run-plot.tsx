import 'uplot/dist/uPlot.min.css';
import { Group, Text, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import uPlot from 'uplot';
import type { RunRecord } from '../../../../src/server/console-api/console-types.ts';
import { pipelinePath } from '../../api/pipelines.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatDuration } from '../../format/times.ts';
import { Card } from '../../parts/card.tsx';
import { runStates } from '../../parts/run-state.ts';
import { runTexts } from '../../texts/runs.ts';
import classes from './run-plot.module.css';

interface RunPlotProps {
  /** Ended ones, newest first. */
  readonly runs: readonly RunRecord[];
}

const height = 200;
const series = ['created', 'updated', 'failed'] as const;

/** How long each run took, as bars in the colour of its state, and how many entities it changed, as lines. */
export default function RunPlot({ runs }: RunPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const navigate = useNavigate();
  // A plot is drawn, not styled: another scheme draws it anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme stands for the colours of the page
  useEffect(() => {
    if (!box.current) return;
    const oldestFirst = runs.toReversed();
    const plot = new uPlot(optionsOf(oldestFirst, box.current), dataOf(oldestFirst), box.current);
    const observer = new ResizeObserver(([entry]) => plot.setSize({ width: entry!.contentRect.width, height }));
    observer.observe(box.current);
    plot.over.addEventListener('click', () => {
      const run = oldestFirst[plot.cursor.idx ?? -1];
      if (run) void navigate(pipelinePath(run.pipelineId, 'runs', run.runId));
    });
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [runs, scheme, navigate]);
  const [newest] = runs;
  return (
    <Card
      title={runTexts.history.duration}
      actions={
        <Group gap="md">
          <Legend name={runTexts.duration} className={classes.bar!} />
          {series.map((name) => (
            <Legend key={name} name={runTexts.counts[name]} className={classes[name]!} />
          ))}
        </Group>
      }
    >
      {/* What it shows stands in the table below, too. */}
      <div ref={box} className={classes.plot} role="img" aria-label={describe(runs, newest)} />
    </Card>
  );
}

function describe(runs: readonly RunRecord[], newest: RunRecord | undefined): string {
  return `${runTexts.history.duration}: ${runs.length}, ${formatDuration(newest?.seconds ?? 0)}`;
}

function Legend({ name, className }: { readonly name: string; readonly className: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <span className={`${classes.sign} ${className}`} />
      <Text size="xs" c="dimmed">
        {name}
      </Text>
    </Group>
  );
}

function dataOf(runs: readonly RunRecord[]): uPlot.AlignedData {
  return [
    runs.map((_, index) => index),
    runs.map(({ seconds }) => seconds ?? null),
    ...series.map((name) => runs.map(({ counts }) => counts?.[name] ?? null)),
  ];
}

function optionsOf(runs: readonly RunRecord[], box: HTMLElement): uPlot.Options {
  const style = getComputedStyle(box);
  const color = (text: string): string => (text.startsWith('var(') ? style.getPropertyValue(text.slice(4, -1)) : text);
  const grid = { stroke: color('var(--console-line)'), width: 1 };
  const stroke = color('var(--console-quiet)');
  const strokes = {
    created: color('var(--console-good)'),
    updated: color('var(--console-busy)'),
    failed: color('var(--console-bad)'),
  };
  const days = new Set(runs.map((run) => new Date(run.queuedAt).toDateString()));
  const oneDay = days.size === 1;
  const words = (index: number): string => {
    const run = runs[index];
    return run ? dayOrClock(run.startedAt ?? run.queuedAt, oneDay) : '';
  };
  return {
    width: box.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] },
      seconds: { range: fromNought },
      count: { range: fromNought },
    },
    axes: [
      {
        stroke,
        size: 28,
        grid: { show: false },
        ticks: { show: false },
        values: (_, places) => places.map((each) => (Number.isInteger(each) ? words(each) : '')),
      },
      {
        scale: 'seconds',
        stroke,
        grid,
        ticks: { show: false },
        size: 70,
        values: (_, values) => values.map(formatDuration),
      },
      {
        scale: 'count',
        side: 1,
        stroke,
        grid: { show: false },
        ticks: { show: false },
        size: 56,
        values: (_, values) => values.map(formatCount),
      },
    ],
    series: [
      {},
      {
        scale: 'seconds',
        paths: uPlot.paths.bars!({
          size: [0.6, 36],
          radius: 0.15,
          disp: {
            fill: { unit: 3, values: () => runs.map(({ state }) => color(runStates[state].color)) },
            stroke: { unit: 3, values: () => runs.map(() => 'transparent') },
          },
        }),
        points: { show: false },
        fill: strokes.created,
      },
      ...series.map((name): uPlot.Series => ({ scale: 'count', stroke: strokes[name], width: 2, points: { size: 6 } })),
    ],
  };
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** `14:05` where all runs are of one day, else `25 Nov`. */
function dayOrClock(time: string, oneDay: boolean): string {
  return (oneDay ? clock : day).format(new Date(time));
}

function fromNought(_plot: uPlot, _low: number, high: number): uPlot.Range.MinMax {
  return [0, high > 0 ? high * 1.1 : 1];
}
