import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useLocation } from 'react-router';
import { sessionQuery } from '../api/session.ts';
import mark from '../images/mark.svg';
import { FailureAlert } from '../parts/failure-alert.tsx';
import { texts } from '../texts/texts.ts';
import classes from './frame.module.css';
import { Loading } from './loading.tsx';
import { navigation } from './navigation.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import { UserMenu } from './user-menu.tsx';

/** Head, side bar and the page, for who is signed in; everybody else is sent to the sign-in page. */
export function Frame() {
  const [open, { toggle, close }] = useDisclosure(false);
  const session = useQuery(sessionQuery);
  const { pathname, search } = useLocation();
  if (session.isPending) return <Loading />;
  if (session.isError) return <FailureAlert error={session.error} onRetry={() => void session.refetch()} />;
  const { session: who } = session.data;
  if (!who) return <Navigate to="/sign-in" replace state={{ from: `${pathname}${search}` }} />;
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'md', collapsed: { mobile: !open } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="skip-link" href="#content">
        {texts.navigation.skip}
      </a>
      <AppShell.Header className={classes.head!}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={texts.navigation.open}
              aria-expanded={open}
            />
            <Link to="/pipelines" className={classes.brand}>
              <img src={mark} alt="" width={28} height={28} />
              <Text fw={700} size="lg" component="span">
                {texts.product}
              </Text>
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ThemeSwitch />
            <UserMenu user={who} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.side!}>
        <nav aria-label={texts.navigation.label}>
          {navigation.map(({ label, path, icon: Icon }) => {
            const here = pathname === path || pathname.startsWith(`${path}/`);
            return (
              <NavLink
                key={path}
                component={Link}
                to={path}
                label={label}
                leftSection={<Icon size={20} stroke={1.7} />}
                active={here}
                aria-current={here ? 'page' : undefined}
                onClick={close}
                className={classes.entry!}
              />
            );
          })}
        </nav>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main!}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
