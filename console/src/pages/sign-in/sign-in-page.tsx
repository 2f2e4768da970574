import { Alert, Button, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect } from 'react';
import { Navigate, useLocation } from 'react-router';
import type { SessionState } from '../../../../src/server/console-api/console-types.ts';
import { ApiError } from '../../api/api-error.ts';
import { sessionKey, sessionQuery, signIn } from '../../api/session.ts';
import { Loading } from '../../frame/loading.tsx';
import mark from '../../images/mark.svg';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { texts } from '../../texts/texts.ts';
import classes from './sign-in-page.module.css';

/** Where somebody wanted to go before they were asked who they are: pages of the console only. */
function wantedPath(state: unknown): string {
  const from = (state as { from?: unknown } | null)?.from;
  return typeof from === 'string' && /^\/(?!\/)/.test(from) ? from : '/pipelines';
}

export function Component() {
  const location = useLocation();
  const queryClient = useQueryClient();
  const session = useQuery(sessionQuery);
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: (answer) =>
      queryClient.setQueryData<SessionState>(sessionKey, (state) => state && { ...state, session: answer }),
  });
  useEffect(() => {
    document.title = `${texts.signIn.title} · ${texts.product}`;
  }, []);
  const ways = session.data?.ways;
  if (session.data?.session) return <Navigate to={wantedPath(location.state)} replace />;
  if (session.isPending) return <Loading />;

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    enter.mutate({ name: String(form.get('username')), password: String(form.get('password')) });
  };
  return (
    <main className={classes.page}>
      <Paper withBorder shadow="sm" p="xl" className={classes.card!}>
        <Stack gap="lg">
          <div>
            <img src={mark} alt="" width={44} height={44} />
            <Title order={1} size="h2" mt="md">
              {texts.signIn.title}
            </Title>
            <Text c="dimmed" mt={4}>
              {texts.signIn.lead}
            </Text>
          </div>
          {session.isError && <FailureAlert error={session.error} onRetry={() => void session.refetch()} />}
          {enter.isError && <SignInFailure error={enter.error} />}
          {ways?.basic && (
            <form onSubmit={submit}>
              <Stack>
                <TextInput label={texts.signIn.username} name="username" autoComplete="username" required autoFocus />
                <PasswordInput
                  label={texts.signIn.password}
                  name="password"
                  autoComplete="current-password"
                  required
                  visibilityToggleButtonProps={{ 'aria-label': texts.signIn.showPassword }}
                />
                <Button type="submit" loading={enter.isPending} fullWidth>
                  {texts.signIn.submit}
                </Button>
              </Stack>
            </form>
          )}
          {ways?.oidc && (
            <>
              {ways.basic && <Divider label={texts.signIn.or} />}
              <Button component="a" href={ways.oidc} variant="default" fullWidth>
                {texts.signIn.withProvider}
              </Button>
            </>
          )}
        </Stack>
      </Paper>
    </main>
  );
}

/** A wrong password needs no more words than that; anything else says what it is. */
function SignInFailure({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiError) || error.status !== 401) return <FailureAlert error={error} />;
  return (
    <Alert color="red" variant="light" role="alert">
      {texts.signIn.wrong}
    </Alert>
  );
}
