import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface GatewayRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage['headers'];
  /** Name in the client's certificate, where it has one. */
  readonly certificate: string | undefined;
}

export interface KnoxGateway {
  /** Address of Atlas behind the gateway. */
  readonly atlas: string;
  readonly tokenUrl: string;
  readonly seen: GatewayRequest[];
  close(): Promise<void>;
}

export interface KnoxGatewayOptions {
  /** Where Atlas is; it is signed in at with admin and admin, as a gateway does for its users. */
  readonly behind: string;
  readonly tls: ServerOptions;
  /** Whether a request for Atlas gets in. */
  readonly admits: (request: GatewayRequest) => boolean;
  /** Answer of the token service to the n-th request for a token. */
  readonly token?: (request: GatewayRequest, count: number) => object | undefined;
}

/** A gateway as Knox is one: TLS, a token service, and Atlas behind its own path. */
export async function startKnoxGateway({ behind, tls, admits, token }: KnoxGatewayOptions): Promise<KnoxGateway> {
  const seen: GatewayRequest[] = [];
  let tokens = 0;
  const atlasPath = '/gateway/company/atlas';
  const tokenPath = '/gateway/company/knoxtoken/api/v1/token';

  function serve(incoming: IncomingMessage, response: ServerResponse): void {
    const path = incoming.url ?? '';
    const peer = (incoming.socket as { getPeerCertificate?(): { subject?: { CN?: string } } }).getPeerCertificate?.();
    const { headers } = incoming;
    const one = { path, authorization: headers.authorization, headers, certificate: peer?.subject?.CN };
    seen.push(one);
    if (path === tokenPath) {
      tokens += 1;
      const body = token?.(one, tokens);
      response.writeHead(body ? 200 : 401, { 'content-type': 'application/json' });
      response.end(body ? JSON.stringify(body) : undefined);
      return;
    }
    if (!path.startsWith(atlasPath) || !admits(one)) {
      incoming.resume();
      response.writeHead(401).end();
      return;
    }
    const forwarded = request(
      `${behind}${path.slice(atlasPath.length)}`,
      { method: incoming.method, headers: { ...headers, authorization: `Basic ${btoa('admin:admin')}` } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    incoming.pipe(forwarded);
  }

  const server = createServer(tls, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    atlas: origin + atlasPath,
    tokenUrl: origin + tokenPath,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
