import type { AuditEntry } from './audit/audit.js';
import { AccessRefused } from './errors.js';
import { FIELDS, PERMISSIONS, type Principal, type Scope } from './permissions.js';
import { beyond, type Rights } from './roles.js';

/** Who asks for a change, from where, and how far his permission for it reaches. */
export interface By {
  readonly principal: Principal;
  readonly scope: Scope;
  readonly source: string;
  readonly request?: string | undefined;
}

export const entryBy = ({ principal, source, request }: Omit<By, 'scope'>, action: string, object: string, values: { readonly before?: unknown; readonly after?: unknown } = {}): AuditEntry =>
  ({ actor: principal.id, actorName: principal.name, action, object, outcome: 'done', source, request, ...values });

export const rightsOf = (principal: Principal): Rights => ({
  permissions: Object.fromEntries(PERMISSIONS.flatMap((p) => {
    const scope = principal.may(p);
    return scope === undefined ? [] : [[p, scope]];
  })),
  fields: FIELDS.filter((f) => principal.sees(f)),
});

/** Nobody gives what he has not, nor takes over somebody who may more. @throws AccessRefused access.beyond_own_rights */
export function notBeyond(rights: Rights, { principal }: By, what: string): void {
  const more = beyond(rights, rightsOf(principal));
  if (more.length > 0) throw new AccessRefused('access.beyond_own_rights', `${what} may more than you: ${more.slice(0, 5).join(', ')}${more.length > 5 ? ', …' : ''}`, 'somebody who may all of that can do it, as an administrator');
}

export const etagOf = (version: number): string => `"v${version}"`;
/** RFC 9110 §13.1.1; undefined: not asked for. @throws AccessRefused access.stale */
export function checkMatch(version: number, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch.trim() === '*' || ifMatch.split(',').some((tag) => tag.trim() === etagOf(version))) return;
  throw new AccessRefused('access.stale', 'it was changed meanwhile', 'GET it again and repeat the change with its new ETag');
}
