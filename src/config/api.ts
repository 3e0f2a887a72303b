import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { seconds } from './fields.js';

/** The HTTP door. */
export interface ApiConfig {
  /** Web pages of these origins may call the API; none: only pages of this house. */
  readonly corsOrigins: readonly string[];
  /** Requests a second of one principal, and how many at once. */
  readonly perSecond: number;
  readonly burst: number;
  /** How often a silent event stream says that it is alive, and how long a reader may take nothing. */
  readonly heartbeatMs: Ms;
  readonly slowReaderMs: Ms;
}
/** Deliveries to other servers. */
export interface WebhooksConfig {
  readonly timeoutMs: Ms;
  readonly firstRetryMs: Ms;
  readonly longestRetryMs: Ms;
  readonly attempts: number;
  readonly disableAfterMs: Ms;
}

const origin = z.string().regex(/^https?:\/\/[^\s/?#*]+$/, 'an origin as https://shop.example, without path');

export const apiForm = z
  .strictObject({
    cors_origins: z.array(origin).max(50).prefault([]),
    requests_per_second: z.number().min(1).max(100_000).prefault(200),
    burst: z.int().min(1).max(100_000).prefault(1_000),
    heartbeat_seconds: seconds(0.05, 300).prefault(15),
    slow_reader_seconds: seconds(0.05, 600).prefault(30),
  })
  .prefault({})
  .transform((a): ApiConfig => ({ corsOrigins: a.cors_origins, perSecond: a.requests_per_second, burst: a.burst, heartbeatMs: a.heartbeat_seconds, slowReaderMs: a.slow_reader_seconds }));

export const webhooksForm = z
  .strictObject({
    timeout_seconds: seconds(0.1, 60).prefault(15),
    first_retry_seconds: seconds(0.01, 600).prefault(5),
    longest_retry_seconds: seconds(0.01, 86_400).prefault(7_200),
    attempts: z.int().min(1).max(50).prefault(8),
    disable_after_hours: z.number().min(0.0001).max(24 * 30).prefault(24),
  })
  .prefault({})
  .transform((w): WebhooksConfig => ({ timeoutMs: w.timeout_seconds, firstRetryMs: w.first_retry_seconds, longestRetryMs: w.longest_retry_seconds, attempts: w.attempts, disableAfterMs: Math.round(w.disable_after_hours * 3_600_000) }));
