import { Badge, Group } from '@mantine/core';
import { IconTag, IconVocabulary } from '@tabler/icons-react';
import type { AssetLabel } from '../../../../src/server/console-api/catalogue/catalogue-types.ts';
import classes from './label-badges.module.css';
import { OriginMark } from './origin-mark.tsx';

interface LabelBadgesProps {
  readonly labels: readonly AssetLabel[];
  /** Of the explanation: `tags`, or `columns.NAME.tags`. */
  readonly field: string;
}

/** Tags and terms, each with where it comes from. */
export function LabelBadges({ labels, field }: LabelBadgesProps) {
  return (
    <Group gap={6}>
      {labels.map(({ fqn, source }) => (
        <span key={`${source} ${fqn}`} className={classes.label}>
          <Badge
            variant="light"
            color={source === 'Glossary' ? 'grape' : 'meridian'}
            tt="none"
            fw={550}
            radius="sm"
            title={fqn}
            leftSection={source === 'Glossary' ? <IconVocabulary size={12} /> : <IconTag size={12} />}
            classNames={{ root: classes.badge!, label: classes.text! }}
          >
            {fqn}
          </Badge>
          <OriginMark field={field} value={fqn} of={fqn} />
        </span>
      ))}
    </Group>
  );
}
