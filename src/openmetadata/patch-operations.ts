import { RecordError } from '../errors.ts';
import type { PatchOperation } from '../reconcile/patch.ts';
import type { Capabilities } from './capabilities.ts';

/** Id of a glossary term by its FQN; undefined where there is none. */
export type FindTerm = (fqn: string) => Promise<string | undefined>;

/** Up to 1.4 there is one owner: the list's first place is the owner itself, the list as a whole too. */
function ownerOperation(operation: PatchOperation): PatchOperation {
  const rest = operation.path.slice('/owners'.length).replace(/^\/(?:\d+|-)/, '');
  const { value } = operation;
  const one = Array.isArray(value) ? (value as readonly unknown[])[0] : value;
  return { ...operation, path: `/owner${rest}`, ...(value !== undefined && { value: one }) };
}

/** Reconcile knows related terms by their FQNs; an entity holds references, later servers inside typed relations. */
async function relationOperations(
  operation: PatchOperation,
  capabilities: Capabilities,
  findTerm: FindTerm,
): Promise<PatchOperation[]> {
  const { op, path, value } = operation;
  const typed = capabilities.typedTermRelations;
  const test = (at: string, fqn: unknown): PatchOperation => {
    return { op, path: `${at}${typed ? '/term' : ''}/fullyQualifiedName`, value: fqn };
  };
  if (op === 'remove') return [operation];
  if (op === 'test')
    return Array.isArray(value) ? value.map((fqn, i) => test(`${path}/${i}`, fqn)) : [test(path, value)];
  const reference = async (fqn: unknown): Promise<unknown> => {
    const id = await findTerm(String(fqn));
    if (id === undefined) {
      throw new RecordError('target.term-missing', `OpenMetadata has no glossary term “${fqn}” to relate to.`, {
        help: 'The term was not carried over, or somebody removed it meanwhile. Run the ingestion again.',
      });
    }
    const term = { id, type: 'glossaryTerm' };
    return typed ? { relationType: 'relatedTo', term } : term;
  };
  return [
    { op: 'add', path, value: Array.isArray(value) ? await Promise.all(value.map(reference)) : await reference(value) },
  ];
}

function isBelow(path: string, key: string): boolean {
  return path === key || path.startsWith(`${key}/`);
}

/**
 * A patch in the words of the server's version, from reconcile's own, which are those of the latest.
 * @throws RecordError `target.term-missing` for a related term that is not there
 */
export async function patchOperations(
  patch: readonly PatchOperation[],
  capabilities: Capabilities,
  findTerm: FindTerm,
): Promise<readonly PatchOperation[]> {
  const operations: PatchOperation[] = [];
  for (const operation of patch) {
    const { path } = operation;
    // A list that was never filled is absent in some answers, where `replace` is refused; `add` replaces too.
    if (path === '/synonyms' && operation.op === 'replace') operations.push({ ...operation, op: 'add' });
    else if (isBelow(path, '/relatedTerms'))
      operations.push(...(await relationOperations(operation, capabilities, findTerm)));
    else if (isBelow(path, '/owners') && capabilities.ownerKey === 'owner') operations.push(ownerOperation(operation));
    else if (path === '/viewDefinition') operations.push({ ...operation, path: `/${capabilities.viewKey}` });
    else operations.push(operation);
  }
  return operations;
}
