import { notifications } from '@mantine/notifications';
import { ApiError } from '../api/api-error.ts';
import { texts } from '../texts/texts.ts';

/** Says for a moment that something worked. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'teal' });
}

/** Says what did not work, until it is closed. */
export function notifyFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const help = error instanceof ApiError ? error.help : undefined;
  notifications.show({
    title: texts.failure.title,
    message: help ? `${message} ${help}` : message,
    color: 'red',
    autoClose: false,
  });
}
