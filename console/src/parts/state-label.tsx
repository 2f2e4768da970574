import { Group, Text } from '@mantine/core';
import type { PipelineState } from '../../../src/engine/engine.ts';
import { runTexts } from '../texts/runs.ts';
import { runStates } from './run-state.ts';

interface StateLabelProps {
  readonly state: PipelineState;
  readonly size?: 'sm' | 'md';
}

/** The state of a run, as a sign and a word. */
export function StateLabel({ state, size = 'sm' }: StateLabelProps) {
  const { icon: Icon, color } = runStates[state];
  return (
    <Group component="span" gap={6} wrap="nowrap" style={{ color, display: 'inline-flex' }}>
      <Icon size={size === 'md' ? 20 : 16} aria-hidden />
      <Text component="span" size={size} fw={600} inherit={false} c="inherit">
        {runTexts.states[state]}
      </Text>
    </Group>
  );
}
