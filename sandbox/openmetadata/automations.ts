import { randomUUID } from 'node:crypto';
import { ApiError, notFound } from './api-error.ts';
import { maskConnection } from './connections.ts';
import type { Context } from './context.ts';
import { type Doc, isDoc } from './doc.ts';
import { applyPatch } from './json-patch.ts';
import { ok, type Reply, type Request } from './reply.ts';
import { readJson, readPatch, wrongMethod } from './request-body.ts';

/** `/automations/workflows`: what the page's “Test connection” makes, triggers, looks at and removes. Kept in memory. */
export class Automations {
  readonly #byName = new Map<string, Doc>();

  /** Undefined for paths that are none of these. */
  answer(rest: readonly string[], request: Request, context: Context): Reply | undefined {
    const { method } = request;
    if (rest.length === 0 && (method === 'POST' || method === 'PUT')) return this.#create(request, context);
    const workflow = this.#find(rest);
    if (method === 'GET') return ok(shown(workflow, request));
    if (method === 'DELETE') {
      this.#byName.delete(String(workflow['name']));
      return ok(shown(workflow, request));
    }
    if (method !== 'PATCH') throw wrongMethod();
    const patched = applyPatch(workflow, readPatch(request));
    this.#byName.set(String(workflow['name']), { ...patched, updatedAt: Date.now(), updatedBy: request.actor.name });
    return ok(shown(this.#byName.get(String(workflow['name']))!, request));
  }

  byId(id: string): Doc {
    return this.#find([id]);
  }

  #create(request: Request, context: Context): Reply {
    const body = readJson(request);
    if (!isDoc(body) || typeof body['name'] !== 'string' || typeof body['workflowType'] !== 'string') {
      throw new ApiError(400, '[name must not be null, workflowType must not be null]');
    }
    const before = this.#byName.get(body['name']);
    if (before !== undefined && request.method === 'POST') throw new ApiError(409, 'Entity already exists');
    const id = String(before?.['id'] ?? randomUUID());
    const workflow: Doc = {
      id,
      fullyQualifiedName: body['name'],
      ...body,
      version: 0.1,
      updatedAt: Date.now(),
      updatedBy: request.actor.name,
      href: context.links.address('automations/workflows', id),
      deleted: false,
    };
    this.#byName.set(body['name'], workflow);
    return { status: before === undefined ? 201 : 200, body: shown(workflow, request) };
  }

  #find(rest: readonly string[]): Doc {
    const [first, second] = rest;
    const found =
      first === 'name' && second !== undefined
        ? this.#byName.get(second)
        : [...this.#byName.values()].find((each) => each['id'] === first);
    if (found === undefined) throw notFound('workflow', second ?? first ?? '');
    return found;
  }
}

/** Secrets are for bots only. */
function shown(workflow: Doc, { actor }: Request): Doc {
  return actor.isBot ? workflow : { ...workflow, request: maskConnection(workflow['request']) };
}
