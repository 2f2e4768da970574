import { Group, Paper, Text, Title } from '@mantine/core';
import { MarkdownText } from '../../parts/markdown-text.tsx';
import { catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { OriginMark } from './origin-mark.tsx';

export function DescriptionCard({ description }: { readonly description: string | undefined }) {
  return (
    <Paper withBorder p="md">
      <Group gap={6} mb={4}>
        <Title order={2} size="h5">
          {texts.asset.description}
        </Title>
        <OriginMark field="description" of={texts.asset.description} />
      </Group>
      {description ? (
        <MarkdownText text={description} />
      ) : (
        <Text c="dimmed" size="sm">
          {texts.asset.noDescription}
        </Text>
      )}
    </Paper>
  );
}
