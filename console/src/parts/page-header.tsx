import { Anchor, Box, Breadcrumbs, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { texts } from '../texts/texts.ts';

interface PageHeaderProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Pages above this one. */
  readonly above?: readonly { readonly label: string; readonly path: string }[];
  /** Beside the title: a state. */
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page: where one is, its name, what can be done. Also names the browser's tab. */
export function PageHeader({ title, lead, above = [], badge, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · ${texts.product}`;
  }, [title]);
  return (
    <Box component="header" mb="lg">
      {above.length > 0 && (
        <Breadcrumbs mb={6} separatorMargin={6}>
          {above.map(({ label, path }) => (
            <Anchor key={path} component={Link} to={path} size="sm">
              {label}
            </Anchor>
          ))}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box miw={0}>
          <Group gap="sm">
            <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {badge}
          </Group>
          {lead && (
            <Text c="dimmed" mt={4} component="div">
              {lead}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </Box>
  );
}
