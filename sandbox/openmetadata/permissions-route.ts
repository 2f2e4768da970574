import { ok, type Route } from './reply.ts';

const operations = ['Create', 'Delete', 'ViewAll', 'EditAll', 'EditDescription', 'EditOwner', 'EditTags'] as const;

/** What the user may do with a type of entity: the stand-in's people and its bot may do everything. */
export const permissionsRoute: Route = ([resource, more], request) => {
  if (request.method !== 'GET' || resource === undefined || more !== undefined) {
    return undefined;
  }
  return ok({ resource, permissions: operations.map((operation) => ({ operation, access: 'allow' })) });
};
