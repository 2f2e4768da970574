import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconLoader2 } from '@tabler/icons-react';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { formTexts } from '../../texts/form.ts';
import type { useRecipeCheck } from './use-recipe-check.ts';

interface RecipeVerdictProps {
  readonly check: ReturnType<typeof useRecipeCheck>;
  /** The text is no YAML. */
  readonly broken: boolean;
  /** Of `meridian`, that takes the recipe. */
  readonly command: string;
}

/** Whether the recipe is valid, in a line that keeps its place. */
export function RecipeVerdict({ check, broken, command }: RecipeVerdictProps) {
  if (check.isError) return <FailureAlert error={check.error} onRetry={() => void check.refetch()} />;
  const { problems = [], warnings = [] } = check.data ?? {};
  const [Icon, color, words] = !check.isSettled
    ? ([IconLoader2, 'var(--console-quiet)', formTexts.checking] as const)
    : broken || problems.length > 0
      ? ([IconAlertTriangle, 'var(--console-bad)', formTexts.problems(Math.max(problems.length, 1))] as const)
      : ([IconCircleCheck, 'var(--console-good)', formTexts.valid] as const);
  return (
    <div role="status">
      <Group gap={6} c={color} wrap="nowrap">
        <Icon size={18} aria-hidden />
        <Text size="sm" fw={600}>
          {words}
        </Text>
        {warnings.length > 0 && check.isSettled && (
          <Text size="sm" c="var(--console-warn)">
            · {formTexts.warnings(warnings.length)}
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {broken ? formTexts.yamlBroken : `${formTexts.yamlLead(command)} ${formTexts.yamlComments}`}
      </Text>
    </div>
  );
}
