import { HttpClient } from '../http/http-client.ts';
import { tlsOptions } from '../http/tls-options.ts';
import { signIn } from '../openmetadata/auth/sign-in.ts';
import { withExtraHeaders } from '../openmetadata/extra-headers.ts';
import type { OpenReplayTarget } from './replay-command.ts';

const patchType = { 'content-type': 'application/json-patch+json' };

/** Sends requests to the recipe's OpenMetadata as they stand in the dead letters. */
export const openReplayTarget: OpenReplayTarget = (server, redactor) => {
  const redact = (text: string): string => redactor.redact(text);
  const auth = signIn(server, { redact, learn: (secret) => redactor.learn(secret) });
  const http = new HttpClient({
    baseUrl: server.hostPort,
    name: 'OpenMetadata',
    authorize: async (refresh) => {
      const own = { accept: 'application/json', 'content-type': 'application/json' };
      return withExtraHeaders({ ...own, ...(await auth.authorize(refresh)) }, server.extraHeaders ?? {});
    },
    tls: tlsOptions(server),
    redact,
  });
  return {
    send: async ({ method, path, body }) => {
      const headers = method === 'PATCH' ? patchType : {};
      await http.request({ method: method as 'PUT', path, body, headers });
    },
    close: () => http.close(),
  };
};
