import { createHmac } from 'node:crypto';
import { ConnectionError, ResponseError } from '../errors.ts';

export interface WebhookTarget {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Key of the signature. */
  readonly secret?: string;
  /** Milliseconds until the answer must have come; 10,000 unless set. */
  readonly timeoutMs?: number;
}

/** Header with `sha256=` and the HMAC of the body, in hexadecimal digits: whoever has the key sees that it is from us. */
export const signatureHeader = 'x-meridian-signature';

/**
 * Posts a message as JSON. Redirects are not followed: the address is the one that was set.
 *
 * @throws ConnectionError `webhook.unreachable`, ResponseError `webhook.refused`
 */
export async function postWebhook(target: WebhookTarget, message: object): Promise<void> {
  const body = JSON.stringify(message);
  const { host } = new URL(target.url);
  let response: Response;
  try {
    response = await fetch(target.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(target.timeoutMs ?? 10_000),
      headers: {
        'user-agent': 'meridian',
        ...target.headers,
        'content-type': 'application/json',
        ...(target.secret !== undefined && { [signatureHeader]: signatureOf(body, target.secret) }),
      },
      body,
    });
  } catch (cause) {
    // What the address holds may be a secret itself: the host alone is told.
    throw new ConnectionError('webhook.unreachable', `The webhook at ${host} cannot be reached.`, {
      help: 'Check notices.webhooks in the settings, and that this machine may reach that address.',
      cause,
    });
  }
  await response.body?.cancel();
  if (response.ok) return;
  throw new ResponseError('webhook.refused', `The webhook at ${host} answered ${response.status}.`, {
    status: response.status,
    body: '',
    help: 'Check address and headers of notices.webhooks in the settings.',
  });
}

export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
