import type { MiddlewareHandler } from 'hono';

/** An operation that will go: docs/api-policy.md. Days as `2026-12-01`. */
export interface Deprecation {
  readonly since: string;
  /** Until then it works as before. */
  readonly sunset: string;
  /** What to use: `GET /v1/…`. */
  readonly instead: string;
}

/** The least time between the two, as the policy promises. */
const NOTICE_DAYS = 180;
const DAY_MS = 86_400_000;

/** @throws Error where the notice is shorter than the policy promises: such a route is not built */
export function checkNotice({ since, sunset, instead }: Deprecation): void {
  const days = (Date.parse(sunset) - Date.parse(since)) / DAY_MS;
  if (!(days >= NOTICE_DAYS)) throw new Error(`deprecated on ${since}, gone on ${sunset} (use ${instead}): the policy promises ${NOTICE_DAYS} days`);
}

/** Deprecation (RFC 9745 §2), Sunset (RFC 8594 §3) and where to read on, on every answer of the operation, refusals too. */
export const announced = ({ since, sunset }: Deprecation): MiddlewareHandler => async (c, next) => {
  await next();
  c.header('deprecation', `@${Date.parse(since) / 1_000}`);
  c.header('sunset', new Date(sunset).toUTCString());
  c.header('link', '</docs>; rel="deprecation"; type="text/html"', { append: true });
};

/** What the OpenAPI document says of it. */
export const described = ({ since, sunset, instead }: Deprecation) => ({ deprecated: true, 'x-deprecated-since': since, 'x-sunset': sunset, 'x-instead': instead });
