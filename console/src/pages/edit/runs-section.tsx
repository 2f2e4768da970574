import { NumberInput, Stack, Switch } from '@mantine/core';
import type { PipelineInput } from '../../../../src/server/console-api/console-types.ts';
import { formTexts } from '../../texts/form.ts';

interface RunsSectionProps {
  readonly pipeline: PipelineInput;
  readonly onChange: (pipeline: PipelineInput) => void;
}

const words = formTexts.fields;

/** Retries, time limit, and whether the schedule is on. */
export function RunsSection({ pipeline, onChange }: RunsSectionProps) {
  const set = (change: Partial<PipelineInput>): void => onChange({ ...pipeline, ...change });
  return (
    <Stack>
      <NumberInput
        label={words.retries}
        description={words.retriesHelp}
        min={0}
        max={100}
        allowDecimal={false}
        value={pipeline.retries}
        onChange={(value) => set({ retries: Number(value) || 0 })}
        maw={280}
      />
      {pipeline.retries > 0 && (
        <NumberInput
          label={words.retryDelay}
          min={0}
          value={pipeline.retryDelaySeconds / 60}
          onChange={(value) => set({ retryDelaySeconds: Math.round((Number(value) || 0) * 60) })}
          maw={280}
        />
      )}
      <NumberInput
        label={words.timeout}
        description={words.timeoutHelp}
        min={0.1}
        value={pipeline.timeoutSeconds / 3600}
        onChange={(value) => set({ timeoutSeconds: Math.max(1, Math.round((Number(value) || 1) * 3600)) })}
        maw={280}
      />
      <NumberInput
        label={words.maxActiveRuns}
        min={1}
        max={100}
        allowDecimal={false}
        value={pipeline.maxActiveRuns}
        onChange={(value) => set({ maxActiveRuns: Math.max(1, Number(value) || 1) })}
        maw={280}
      />
      <Switch
        label={words.enabled}
        checked={pipeline.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
    </Stack>
  );
}
