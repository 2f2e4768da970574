import { Group, Paper, type PaperProps, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './card.module.css';

interface CardProps extends PaperProps {
  readonly title?: string;
  /** At the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page, with or without a title of its own. */
export function Card({ title, actions, children, ...paper }: CardProps) {
  return (
    <Paper component="section" p="lg" withBorder {...paper} className={classes.card!} aria-label={title}>
      {title && (
        <Group justify="space-between" mb="md" gap="sm">
          <Title order={2} size="h5">
            {title}
          </Title>
          {actions}
        </Group>
      )}
      {children}
    </Paper>
  );
}
