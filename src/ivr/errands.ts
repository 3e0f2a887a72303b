import type { Ms } from '../base/index.js';
import type { HttpAnswer, HttpClient } from './http/index.js';
import type { FlowEffect, FlowEvent, Meant } from './machine/index.js';
import type { DeskEnd, ScriptEnd, Verbs } from './ports.js';
import type { After } from './stage.js';
import type { Language } from '../speech/tts/index.js';

type Post = (event: FlowEvent) => void;

/** Makes sense of a sentence; see `./understanding`. */
export interface Understander {
  understand(request: { readonly text: string; readonly language: Language; readonly intents: readonly string[] }): Promise<Meant>;
}

/** How long we wait for what a sentence means. It takes milliseconds, but for a moment after the start, when models are made. */
const MEANING_LEASE: Ms = 4_500;
/** It takes milliseconds, unless the disk is very busy. */
const DESK_LEASE: Ms = 5_000;
/** What a request may take beyond its own time-outs: waits between attempts. */
const BACK_OFF: Ms = 10_000;

export interface ErrandOptions {
  readonly verbs: Verbs;
  readonly understanding: Understander | undefined;
  readonly http: HttpClient | undefined;
  readonly log: { error(fields: object, message: string): void };
  readonly subject: string;
  readonly after: After;
}

/** What is fetched, worked out or listened to beside the stage. Always answers; what throws is as if it had no answer. */
export function createErrands({ verbs, understanding, http, log, subject, after }: ErrandOptions) {
  let current = new AbortController();
  let pending = 0;
  let deafen = (): void => undefined;
  /** The answer, or `otherwise` when the lease is over or it failed. */
  const leased = <T>(name: string, leaseMs: Ms | undefined, start: () => Promise<T>, otherwise: T, ended: (how: T) => void): void => {
    const { signal } = current;
    let open = true;
    const close = (): void => {
      open = false;
      pending -= 1;
      cancel();
      signal.removeEventListener('abort', close);
    };
    const settle = (how: T): void => {
      if (!open) return;
      close();
      ended(how);
    };
    const cancel = leaseMs === undefined ? (): void => undefined : after(leaseMs, () => {
      log.error({ verb: name, subject, leaseMs }, 'an errand of the flow took too long');
      settle(otherwise);
    });
    pending += 1;
    signal.addEventListener('abort', close, { once: true });
    Promise.resolve().then(start).then(settle, (error: unknown) => {
      log.error({ err: error, verb: name, subject }, 'an errand of the flow failed');
      settle(otherwise);
    });
  };
  return {
    understand({ id, text, language, intents }: Extract<FlowEffect, { do: 'understand' }>, post: Post): void {
      const start = (): Promise<Meant | undefined> => (understanding ? understanding.understand({ text, language, intents }) : Promise.resolve(undefined));
      leased<Meant | undefined>('understand', MEANING_LEASE, start, undefined, (meant) => post({ type: 'understood', id, meant }));
    },
    http({ id, request }: Extract<FlowEffect, { do: 'http' }>, post: Post): void {
      const { signal } = current;
      const none: HttpAnswer = { ok: false, why: 'refused', detail: http ? 'no answer in time' : 'no client' };
      const longest = (request.timeoutMs + BACK_OFF) * ((request.retries ?? 0) + 1);
      leased('http', longest, () => (http ? http.request(request, signal) : Promise.resolve(none)), none, (answer) => {
        if (!answer.ok) log.error({ url: hostOf(request.url), why: answer.why, status: answer.status, detail: answer.detail, subject }, 'a service did not answer well');
        post({ type: 'http.ended', id, answer });
      });
    },
    script({ id, to }: Extract<FlowEffect, { do: 'script' }>, post: Post): void {
      const none: ScriptEnd = { how: 'failed', why: 'failed' };
      const { signal } = current;
      leased('script', undefined, () => verbs.script?.(to, signal) ?? Promise.resolve<ScriptEnd>({ how: 'failed', why: 'no_runner' }), none, (how) => post({ type: 'script.ended', id, how }));
    },
    desk({ id, order }: Extract<FlowEffect, { do: 'desk' }>, post: Post): void {
      const start = (): Promise<DeskEnd> => verbs.desk?.(order) ?? Promise.resolve<DeskEnd>({ how: 'failed', why: 'no_desk' });
      leased<DeskEnd>('desk', DESK_LEASE, start, { how: 'failed', why: 'no answer in time' }, (how) => {
        if (how.how === 'failed') log.error({ order: order.do, why: how.why, subject }, 'the desk did not do what a flow wanted');
        post({ type: 'desk.ended', id, how });
      });
    },
    listen({ id, to }: Extract<FlowEffect, { do: 'listen' }>, post: Post): void {
      deafen();
      try {
        deafen = verbs.listen(to, (what) => post({ type: 'heard', id, what }));
      } catch (error) {
        log.error({ err: error, subject }, 'nobody listens to the caller');
        post({ type: 'heard', id, what: { kind: 'unavailable', why: 'failed' } });
      }
    },
    stopListening(): void {
      deafen();
      deafen = () => undefined;
    },
    /** The answer to what is under way is not wanted any more. */
    drop(): void {
      if (pending === 0) return;
      current.abort('not wanted any more');
      current = new AbortController();
    },
  };
}

/** Addresses may hold what a caller said; hosts do not. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
