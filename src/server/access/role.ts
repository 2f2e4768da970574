/** What somebody may do, least first; each may do what stands before it. */
export const roles = ['viewer', 'operator', 'admin'] as const;

/**
 * viewer: sees everything but secrets. operator: also makes, changes, runs and stops pipelines. admin: also recipes that
 * reach into this machine (commands, files, variables), and what the audit log says.
 */
export type Role = (typeof roles)[number];

export function isRole(text: unknown): text is Role {
  return roles.some((role) => role === text);
}

/** True where `held` is at least `needed`. */
export function mayAct(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}
