import { Avatar, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SessionAnswer, SessionState } from '../../../src/server/console-api/console-types.ts';
import { sessionKey, signOut } from '../api/session.ts';
import { notifyFailure } from '../parts/notify.ts';
import { texts } from '../texts/texts.ts';

/** Who is signed in, with which role, and the way out. */
export function UserMenu({ user }: { readonly user: SessionAnswer }) {
  const queryClient = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      // Nothing of what this user saw stays for the next one.
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
      queryClient.setQueryData<SessionState>(sessionKey, (state) => state && { ...state, session: null });
    },
    onError: notifyFailure,
  });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton>
          <VisuallyHidden>{texts.session.menu(user.name)}</VisuallyHidden>
          <Avatar name={user.name} color="initials" radius="xl" size={34} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {user.name}
          </Text>
          <Text size="xs">{texts.session.roles[user.role]}</Text>
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave.mutate()}>
          {texts.session.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
