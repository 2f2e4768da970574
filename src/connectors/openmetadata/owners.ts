import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import type { OwnerReference } from '../../reconcile/target-asset.ts';

/** An owner by name, and by mail where that is known: another server may call the same person by another name. */
export async function ownerWords(
  client: OpenMetadataClient,
  { type, name }: OwnerReference,
  signal: AbortSignal,
): Promise<{ owner?: string; ownerMail?: string }> {
  if (name === undefined) return {};
  const email = type === 'user' ? (await client.getUser(name, signal))?.email : undefined;
  return { owner: name, ...(email && { ownerMail: email }) };
}
