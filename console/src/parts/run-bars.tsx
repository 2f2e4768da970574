import { Text, Tooltip } from '@mantine/core';
import { Link } from 'react-router';
import type { RunRecord } from '../../../src/server/console-api/console-types.ts';
import { pipelinePath } from '../api/pipelines.ts';
import { formatDuration, formatRelative } from '../format/times.ts';
import { runTexts } from '../texts/runs.ts';
import classes from './run-bars.module.css';
import { runStates } from './run-state.ts';

const slots = 14;
const highest = 28;
const lowest = 6;

/** The last runs as bars, oldest first: as high as they took, in the colour of how they ended. Each leads to its run. */
export function RunBars({ runs }: { readonly runs: readonly RunRecord[] }) {
  if (runs.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {runTexts.noRuns}
      </Text>
    );
  }
  const longest = Math.max(...runs.map(({ seconds = 0 }) => seconds), 0.001);
  const oldestFirst = runs.slice(0, slots).toReversed();
  return (
    <div className={classes.bars}>
      {Array.from({ length: slots - oldestFirst.length }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places without a run, all alike
        <span key={index} className={classes.empty} />
      ))}
      {oldestFirst.map((run) => {
        const { seconds, state, runId, pipelineId, queuedAt, startedAt } = run;
        const label = runTexts.barLabel(
          runTexts.states[state],
          formatRelative(startedAt ?? queuedAt),
          seconds === undefined ? '' : formatDuration(seconds),
        );
        const height = seconds === undefined ? highest / 2 : lowest + (highest - lowest) * Math.sqrt(seconds / longest);
        return (
          <Tooltip key={runId} label={label}>
            <Link to={pipelinePath(pipelineId, 'runs', runId)} className={classes.slot} aria-label={label}>
              <span
                className={classes.bar}
                data-busy={state === 'running' || undefined}
                style={{ height, background: runStates[state].color }}
              />
            </Link>
          </Tooltip>
        );
      })}
    </div>
  );
}
