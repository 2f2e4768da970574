import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api/api-error.ts';
import { texts } from '../texts/texts.ts';

interface FailureAlertProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong and what to do, with a way to try again. */
export function FailureAlert({ error, onRetry }: FailureAlertProps) {
  const message = error instanceof Error ? error.message : String(error);
  const help = error instanceof ApiError ? error.help : undefined;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={texts.failure.title} role="alert">
      <Text size="sm">{message}</Text>
      {help && (
        <Text size="sm" mt={4}>
          {help}
        </Text>
      )}
      {onRetry && (
        <Button size="xs" variant="default" mt="sm" onClick={onRetry}>
          {texts.failure.retry}
        </Button>
      )}
    </Alert>
  );
}
