import { Anchor, CloseButton, Group, Paper, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { CatalogueKind } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import { assetPath } from '../catalogue/catalogue-paths.ts';
import { KindIcon } from '../catalogue/kind-icon.tsx';
import { kindWords } from '../texts/catalogue-texts.ts';
import { lineageTexts as texts } from '../texts/lineage-texts.ts';
import { ColumnPair } from './column-pair.tsx';
import classes from './lineage.module.css';
import type { Lineage } from './lineage-graph.ts';

interface ChosenPanelProps {
  readonly pipelineId: string;
  readonly lineage: Lineage;
  /** Id of a node, or `FROM TO` of a link. */
  readonly chosen: string;
  readonly onClose: () => void;
}

/** What is known of a box or an arrow that was clicked. */
export function ChosenPanel({ pipelineId, lineage, chosen, onClose }: ChosenPanelProps) {
  return (
    <Paper withBorder shadow="md" p="md" className={classes.panel!} component="aside" aria-live="polite">
      <CloseButton className={classes.close!} aria-label={texts.close} onClick={onClose} />
      {lineage.nodes.has(chosen) ? (
        <ChosenNode pipelineId={pipelineId} lineage={lineage} id={chosen} />
      ) : (
        <ChosenLink pipelineId={pipelineId} lineage={lineage} id={chosen} />
      )}
    </Paper>
  );
}

interface ChosenProps {
  readonly pipelineId: string;
  readonly lineage: Lineage;
  readonly id: string;
}

function ChosenNode({ pipelineId, lineage, id }: ChosenProps) {
  const node = lineage.nodes.get(id);
  if (!node) return null;
  const name = { kind: node.kind as CatalogueKind, fqn: node.fqn };
  return (
    <>
      <Group gap={8} wrap="nowrap" pr={28}>
        <KindIcon kind={node.kind} />
        <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
          {node.name}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {kindWords[name.kind]?.one}
      </Text>
      <Text size="xs" mt={4} style={{ overflowWrap: 'anywhere' }}>
        {node.fqn}
      </Text>
      <Group gap="md" mt="sm">
        <Anchor component={Link} to={assetPath(pipelineId, name)} size="sm">
          {texts.open}
        </Anchor>
        {id !== lineage.root && (
          <Anchor component={Link} to={assetPath(pipelineId, name, 'lineage')} size="sm">
            {texts.openLineage}
          </Anchor>
        )}
      </Group>
    </>
  );
}

function ChosenLink({ pipelineId, lineage, id }: ChosenProps) {
  const link = lineage.links.get(id);
  if (!link) return null;
  const [from, to] = [lineage.nodes.get(link.from)?.name ?? '', lineage.nodes.get(link.to)?.name ?? ''];
  return (
    <>
      <Text size="xs" c="dimmed">
        {texts.connection}
      </Text>
      <Text fw={650} pr={28} style={{ overflowWrap: 'anywhere' }}>
        <ColumnPair pair={{ from: [from], to }} />
      </Text>
      {link.pipeline && (
        <Text size="sm" mt="xs">
          {texts.job}{' '}
          <Anchor component={Link} to={assetPath(pipelineId, link.pipeline)} size="sm">
            {link.pipeline.name}
          </Anchor>
        </Text>
      )}
      <Text size="xs" c="dimmed" mt="sm">
        {link.columns.length === 0 ? texts.noColumns : texts.columnPairs}
      </Text>
      <ul className={classes.pairs}>
        {link.columns.map((pair) => (
          <li key={`${pair.from.join()} ${pair.to}`}>
            <ColumnPair pair={pair} />
          </li>
        ))}
      </ul>
      {link.sql && (
        <>
          <Text size="xs" c="dimmed" mt="sm">
            {texts.sql}
          </Text>
          <pre className={classes.sql}>{link.sql}</pre>
        </>
      )}
    </>
  );
}
