import type { IncomingMessage } from 'node:http';
import { badRequest } from './atlas-error.ts';
import type { Json } from './stored-entity.ts';

/**
 * Reads a request's body.
 * @throws {AtlasError} 400 when it is no JSON object
 */
export async function readJson(req: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Json;
    }
  } catch {
    // Answered below, like any other body that is not an object.
  }
  throw badRequest('The body is not a JSON object');
}
