import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { ConnectionTestStep } from '../../../../src/server/console-api/console-types.ts';
import { ApiError } from '../../api/api-error.ts';
import { testRecipe } from '../../api/recipes.ts';
import { messageOf } from '../../form/error-schema.ts';
import type { Tree } from '../../form/path.ts';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { formTexts } from '../../texts/form.ts';
import classes from './connection-test.module.css';

const words = formTexts.testing;

interface ConnectionTestProps {
  readonly recipe: Tree;
  readonly pipelineId: string | undefined;
  readonly onClose: () => void;
}

/** Connects to both servers, and shows each step as it is done; closing it ends the test. */
export function ConnectionTest({ recipe, pipelineId, onClose }: ConnectionTestProps) {
  const [attempt, setAttempt] = useState(0);
  const [steps, setSteps] = useState<readonly ConnectionTestStep[]>([]);
  const [error, setError] = useState<unknown>();
  const [done, setDone] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt tests what the form says then
  useEffect(() => {
    const gone = new AbortController();
    setSteps([]);
    setError(undefined);
    setDone(false);
    const test = async (): Promise<void> => {
      try {
        for await (const step of testRecipe({ recipe, ...(pipelineId && { pipelineId }) }, gone.signal)) {
          setSteps((before) => [...before, step]);
        }
        setDone(true);
      } catch (problem) {
        if (!gone.signal.aborted) setError(problem);
      }
    };
    void test();
    return () => gone.abort();
  }, [attempt]);
  const running = !done && error === undefined;
  const failed = steps.some(({ ok }) => !ok);
  return (
    <Modal opened onClose={onClose} title={words.title} size="lg">
      <Text size="sm" c="dimmed" mb="md">
        {words.lead}
      </Text>
      <Stack gap="md" mih={220}>
        {(['target', 'source', 'memory'] as const).map((system) => (
          <Steps key={system} system={system} steps={steps.filter((each) => each.system === system)} />
        ))}
        {error !== undefined && <TestFailure error={error} />}
      </Stack>
      <Group justify="space-between" mt="lg">
        <Group gap="xs" role="status">
          {running && <Loader size="xs" />}
          <Text
            size="sm"
            fw={600}
            c={running ? undefined : failed || error ? 'var(--console-bad)' : 'var(--console-good)'}
          >
            {running ? words.running : failed || error ? words.failed : words.passed}
          </Text>
        </Group>
        <Button variant="default" disabled={running} onClick={() => setAttempt(attempt + 1)}>
          {words.again}
        </Button>
      </Group>
    </Modal>
  );
}

interface StepsProps {
  readonly system: ConnectionTestStep['system'];
  readonly steps: readonly ConnectionTestStep[];
}

function Steps({ system, steps }: StepsProps) {
  if (steps.length === 0) return null;
  const firstBad = steps.find(({ ok }) => !ok);
  return (
    <section aria-label={words.systems[system]}>
      <Text size="sm" fw={650} mb={4}>
        {words.systems[system]}
      </Text>
      <ul className={classes.steps}>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps only come, in their order
          <li key={index}>
            {step.ok ? (
              <IconCircleCheckFilled size={18} color="var(--console-good)" aria-label={words.ok} />
            ) : (
              <IconCircleXFilled size={18} color="var(--console-bad)" aria-label={words.notOk} />
            )}
            <div>
              <Text size="sm">
                <Text span inherit fw={600}>
                  {step.name}
                </Text>{' '}
                {step.message}
              </Text>
              {step === firstBad && step.help && (
                <Text size="sm" c="dimmed">
                  {step.help}
                </Text>
              )}
            </div>
            <Text size="xs" c="dimmed" className="numbers">
              {step.ms} ms
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A recipe that is not valid yet is not tested: what is wrong with it is told. */
function TestFailure({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiError) || error.problems.length === 0) return <FailureAlert error={error} />;
  return (
    <Alert color="red" title={formTexts.problems(error.problems.length)} role="alert">
      {error.problems.map((problem) => (
        <Text key={`${problem.path} ${problem.message}`} size="sm">
          <Text span inherit fw={600}>
            {problem.path}
          </Text>{' '}
          {problem.message} {messageOf(problem) === problem.message ? '' : problem.suggestion}
        </Text>
      ))}
    </Alert>
  );
}
