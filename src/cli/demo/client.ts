import { setTimeout as pause } from 'node:timers/promises';
import type { Ms } from '../../base/index.js';
import { DemoFailed } from './failed.js';

export type TimelineEntry = { readonly seq: number; readonly at: string; readonly type: string; readonly data: Readonly<Record<string, unknown>> };
export type Call = {
  readonly id: string; readonly state: string; readonly cause: string | null; readonly queue: string | null; readonly agent: string | null;
  readonly timeline: readonly TimelineEntry[];
};

/** The REST API as an application outside would use it. */
export interface DemoClient {
  /** What works less well than it should, as /healthz says it. */
  degraded(): Promise<readonly string[]>;
  /** The newest call there is. */
  newestCall(): Promise<Call | undefined>;
  call(id: string): Promise<Call>;
  /** Undefined while it is not there yet. */
  recording(id: string): Promise<Uint8Array | undefined>;
}

export function createClient(base: string, token: string): DemoClient {
  const get = (path: string) => fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const json = async <T>(path: string): Promise<T> => {
    const response = await get(path);
    if (!response.ok) throw new DemoFailed(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    degraded: async () => (await json<{ degraded: string[] }>('/healthz')).degraded,
    newestCall: async () => (await json<{ items: Call[] }>('/v1/calls?limit=1')).items[0],
    call: (id) => json<Call>(`/v1/calls/${id}`),
    async recording(id) {
      const response = await get(`/v1/calls/${id}/recording`);
      if (response.status === 404 || response.status === 409) return undefined;
      if (!response.ok) throw new DemoFailed(`GET the recording: ${response.status} ${await response.text()}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** Asks until there is an answer. @throws DemoFailed naming what never came */
export async function until<T>(what: string, ms: Ms, ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + ms; ;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new DemoFailed(`${what}: not within ${ms} ms`);
    await pause(50);
  }
}
