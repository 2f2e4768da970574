import { Button } from '@mantine/core';
import { IconMapPinOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../parts/empty-state.tsx';
import { texts } from '../texts/texts.ts';

export function NotFound() {
  return (
    <EmptyState
      icon={IconMapPinOff}
      title={texts.notFound.title}
      help={texts.notFound.help}
      action={
        <Button component={Link} to="/pipelines">
          {texts.notFound.home}
        </Button>
      }
    />
  );
}
