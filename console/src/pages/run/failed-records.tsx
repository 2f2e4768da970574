import { Accordion, Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconMailCheck, IconRepeat } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { DeadLetterPage, RunRecord } from '../../../../src/server/console-api/console-types.ts';
import { pipelinePath } from '../../api/pipelines.ts';
import { deadLettersQuery, replayRun } from '../../api/runs.ts';
import { useMay } from '../../api/session.ts';
import { formatCount } from '../../format/numbers.ts';
import { Card } from '../../parts/card.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { notifyDone, notifyFailure } from '../../parts/notify.ts';
import { entityTypeName } from '../../texts/entity-types.ts';
import { runTexts } from '../../texts/runs.ts';
import { texts } from '../../texts/texts.ts';
import classes from './failed-records.module.css';

const words = runTexts.failed;
type Letter = DeadLetterPage['letters'][number];

/** Requests that OpenMetadata refused: what was sent, what it answered, and why; each can be sent again. */
export function FailedRecords({ run }: { readonly run: RunRecord }) {
  const navigate = useNavigate();
  const mayAct = useMay('operator');
  const pages = useInfiniteQuery(deadLettersQuery(run.runId));
  const replay = useMutation({
    mutationFn: (names: readonly string[] | undefined) => replayRun(run.runId, names),
    onSuccess: ({ runId }) => {
      notifyDone(words.replaying);
      return navigate(pipelinePath(run.pipelineId, 'runs', runId));
    },
    onError: notifyFailure,
  });
  if (pages.isError) return <FailureAlert error={pages.error} onRetry={() => void pages.refetch()} />;
  const letters = pages.data?.pages.flatMap((page) => page.letters) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;
  if (pages.isPending) return null;
  if (total === 0) {
    const replayed = (run.counts?.deadLetters ?? 0) > 0;
    return (
      <Card>
        <EmptyState icon={IconMailCheck} title={replayed ? words.gone : words.none} help={words.noneHelp} />
      </Card>
    );
  }
  return (
    <Stack>
      {mayAct && (
        <Group>
          <Button
            leftSection={<IconRepeat size={16} />}
            loading={replay.isPending}
            onClick={() => replay.mutate(undefined)}
          >
            {words.replayAll(formatCount(total))}
          </Button>
        </Group>
      )}
      <Card p={0}>
        <Accordion chevronPosition="left" classNames={{ item: classes.item! }}>
          {letters.map((letter, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an entity may have been refused twice
            <Accordion.Item key={index} value={String(index)}>
              <Accordion.Control>
                <Group gap="sm" justify="space-between">
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
                      {letter.name}
                    </Text>
                    <Text size="xs" c="dimmed" lineClamp={1}>
                      {entityTypeName(letter.entityType)} · {letter.reason}
                    </Text>
                  </div>
                  {letter.answer && (
                    <Badge color="red" variant="light" tt="none" className="numbers">
                      HTTP {letter.answer.status}
                    </Badge>
                  )}
                </Group>
              </Accordion.Control>
              <Accordion.Panel>
                <LetterDetails letter={letter} />
                {mayAct && letter.request && (
                  <Button
                    mt="sm"
                    size="xs"
                    variant="light"
                    leftSection={<IconRepeat size={14} />}
                    loading={replay.isPending}
                    onClick={() => replay.mutate([letter.name])}
                  >
                    {words.replay}
                  </Button>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      </Card>
      {pages.hasNextPage && (
        <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {texts.common.more}
        </Button>
      )}
    </Stack>
  );
}

function LetterDetails({ letter: { request, answer, reason, code } }: { readonly letter: Letter }) {
  return (
    <Stack gap="md">
      <Part title={words.reason}>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {reason}
        </Text>
        <Text size="xs" c="dimmed">
          {code}
        </Text>
      </Part>
      <Part title={words.request}>
        {request ? (
          <Code block tabIndex={0} className={classes.code!}>
            {`${request.method} ${request.path}\n\n${pretty(request.body)}`}
          </Code>
        ) : (
          <Text size="sm">{words.noRequest}</Text>
        )}
      </Part>
      <Part title={words.answer}>
        {answer ? (
          <Code block tabIndex={0} className={classes.code!}>
            {`HTTP ${answer.status}\n\n${pretty(answer.body)}`}
          </Code>
        ) : (
          <Text size="sm">{words.noAnswer}</Text>
        )}
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Text size="xs" fw={650} c="dimmed" mb={4}>
        {title}
      </Text>
      {children}
    </div>
  );
}

/** JSON with line breaks; anything else as it is. */
function pretty(body: unknown): string {
  if (body === undefined) return '';
  if (typeof body !== 'string') return JSON.stringify(body, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
