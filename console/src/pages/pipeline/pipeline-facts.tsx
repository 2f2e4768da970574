import { Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PipelineDetails } from '../../../../src/server/console-api/console-types.ts';
import { scheduleInWords } from '../../format/schedule-words.ts';
import { formatDuration } from '../../format/times.ts';
import { Card } from '../../parts/card.tsx';
import { Moment } from '../../parts/moment.tsx';
import { pipelineTexts } from '../../texts/pipelines.ts';
import classes from './pipeline-facts.module.css';

const words = pipelineTexts.details;

/** What a pipeline is: from where to where, when, and whose. */
export function PipelineFacts({ pipeline }: { readonly pipeline: PipelineDetails }) {
  const { schedule, nextRun, owner, email, tags, fqn, retries, retryDelaySeconds, timeoutSeconds, updatedAt, recipe } =
    pipeline;
  const source = recipe['source'] as RecipeSource | undefined;
  const workflow = recipe['workflowConfig'] as RecipeWorkflow | undefined;
  const when = schedule.cron ? (scheduleInWords(schedule.cron) ?? schedule.cron) : pipelineTexts.onDemand;
  return (
    <Card title={words.heading}>
      <dl className={classes.facts}>
        <Fact name={words.source}>
          {[source?.type, source?.serviceName].filter(Boolean).join(' · ')}
          <Address text={source?.serviceConnection?.config?.hostPort} />
        </Fact>
        <Fact name={words.target}>
          OpenMetadata
          <Address text={workflow?.openMetadataServerConfig?.hostPort} />
        </Fact>
        <Fact name={words.schedule}>
          {when}
          {schedule.cron && (
            <Text size="xs" c="dimmed">
              {schedule.cron} · {schedule.timezone ?? 'UTC'}
            </Text>
          )}
        </Fact>
        {schedule.cron && (
          <Fact name={words.next}>
            {!pipeline.enabled ? pipelineTexts.paused : nextRun ? <Moment time={nextRun} /> : pipelineTexts.notAgain}
          </Fact>
        )}
        <Fact name={words.owner}>{owner ?? pipelineTexts.noOwner}</Fact>
        {email && email.length > 0 && <Fact name={words.mail}>{email.join(', ')}</Fact>}
        {tags && tags.length > 0 && (
          <Fact name={words.tags}>
            <Group gap={4}>
              {tags.map((tag) => (
                <Badge key={tag} variant="light" color="gray" tt="none">
                  {tag}
                </Badge>
              ))}
            </Group>
          </Fact>
        )}
        {fqn && <Fact name={words.fqn}>{fqn}</Fact>}
        <Fact name={words.retries}>
          {retries === 0 ? words.noRetries : words.retry(retries, formatDuration(retryDelaySeconds))}
        </Fact>
        <Fact name={words.timeout}>{formatDuration(timeoutSeconds)}</Fact>
        <Fact name={words.changed}>
          <Moment time={updatedAt} />
        </Fact>
      </dl>
    </Card>
  );
}

interface RecipeSource {
  readonly type?: string;
  readonly serviceName?: string;
  readonly serviceConnection?: { readonly config?: { readonly hostPort?: string } };
}

interface RecipeWorkflow {
  readonly openMetadataServerConfig?: { readonly hostPort?: string };
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Address({ text }: { readonly text: string | undefined }) {
  if (!text) return null;
  return (
    <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {text}
    </Text>
  );
}
