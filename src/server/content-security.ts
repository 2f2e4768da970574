import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Headers that keep a browser from doing what the console never asks for. Scripts come from here alone; a `<style>` of a
 * page needs the page's nonce (`<meta name="csp-nonce">`). Nothing is evaluated, and nobody frames us.
 */
export async function secureHeaders(app: FastifyInstance, { secure }: { readonly secure: boolean }): Promise<void> {
  await app.register(helmet, {
    enableCSPNonces: false,
    contentSecurityPolicy: { useDefaults: false, directives: policy(secure) },
    // Sent over http it would be ignored; behind a proxy the browser speaks https.
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    crossOriginEmbedderPolicy: false,
  });
}

function policy(secure: boolean, styles: readonly string[] = []): Record<string, readonly string[] | null> {
  return {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", ...styles],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    objectSrc: ["'none'"],
    upgradeInsecureRequests: secure ? [] : null,
  };
}

/** The policy as a header's value. @param styles sources of styles beside our own files */
export function policyText(secure: boolean, styles: readonly string[]): string {
  return Object.entries(policy(secure, styles))
    .filter((entry): entry is [string, readonly string[]] => entry[1] !== null)
    .map(([name, values]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), ...values].join(' '))
    .join(';');
}
