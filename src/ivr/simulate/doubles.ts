import type { HttpAnswer, HttpSpec } from '../http/index.js';
import type { DeskEnd, DeskOrder, ScriptEnd, ScriptRequest } from '../ports.js';
import type { DeskDouble, DeskDoubles, HttpDoubles, ScriptDoubles } from './form.js';
import type { Taking, World } from './types.js';

type Double = HttpDoubles[string][number];

export interface Doubles {
  readonly http: World['http'];
  readonly script: World['script'];
  readonly desk: World['desk'];
  /** What was asked for and has no double. */
  readonly missing: () => readonly string[];
}

/** `*` stands for anything. What is asked is compared as it is sent, and as people read it. */
export function matchesRequest(pattern: string, method: string, url: string): boolean {
  const [verb, ...rest] = pattern.split(' ');
  if (verb !== method) return false;
  const wanted = new RegExp(`^${rest.join(' ').split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*?')}$`, 'su');
  return wanted.test(url) || wanted.test(readable(url));
}
function readable(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url; // a "%" that encodes nothing
  }
}

/** Answers from the test instead of the network: of several to one request, one after another; the last stays. */
export function createDoubles(http: HttpDoubles, scripts: ScriptDoubles, desk: DeskDoubles): Doubles {
  const asked = new Map<string, number>();
  const missing: string[] = [];
  return {
    http({ method, url, expect }: HttpSpec): Taking<HttpAnswer> {
      const key = Object.keys(http).find((pattern) => matchesRequest(pattern, method, url));
      const answers = key === undefined ? [] : (http[key] ?? []);
      const times = asked.get(key ?? '') ?? 0;
      asked.set(key ?? '', times + 1);
      const answer = answers[Math.min(times, answers.length - 1)];
      if (answer) return { answer: httpAnswer(answer, expect ?? 'json'), tookMs: answer.takes * 1_000 };
      missing.push(`${method} ${url}`);
      return { answer: { ok: false, why: 'refused', detail: 'the test has no double for it' }, tookMs: 0 };
    },
    script({ name }: ScriptRequest): Taking<ScriptEnd> {
      const double = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
      if (!double) {
        missing.push(`script ${name}`);
        return { answer: { how: 'failed', why: 'the test has no double for it' }, tookMs: 0 };
      }
      const answer: ScriptEnd = double.flow !== undefined ? { how: 'flow', flow: double.flow } : double.fails !== undefined ? { how: 'failed', why: double.fails } : { how: 'returned', value: double.returns ?? null };
      return { answer, tookMs: double.takes * 1_000 };
    },
    desk: (order) => ({ answer: deskEnd(order, desk[order.do]), tookMs: 20 }),
    missing: () => missing,
  };
}

function httpAnswer({ status, json, text, fails }: Double, expect: 'json' | 'text'): HttpAnswer {
  if (fails !== undefined) return { ok: false, why: fails, detail: 'as the test says' };
  if (status < 200 || status > 299) return { ok: false, why: 'status', status, detail: `answered ${status}`, ...(json === undefined ? {} : { json }) };
  if (expect === 'text') return { ok: true, status, text: text ?? JSON.stringify(json ?? '') };
  return text === undefined ? { ok: true, status, json: json ?? null } : { ok: false, why: 'not_json', status, detail: 'the answer is not JSON' };
}

/** What a simulated desk says: tickets are made, messages are sent, and nobody has a ticket yet. */
const NEW = { id: 'tkt_simulated', number: '1001', state: 'new', kind: 'open', state_zh: '新建', state_en: 'New' } as const;

/** As the test says, else as a desk does that has just been opened. */
export function deskEnd(order: DeskOrder, double: DeskDouble = {}): DeskEnd {
  if (double.fails !== undefined) return { how: 'failed', why: double.fails };
  if (double.none === true) return { how: 'none' };
  const ticket = { ...NEW, ...('type' in order && order.type !== undefined ? { type: order.type } : {}), ...('subject' in order && order.subject !== undefined ? { subject: order.subject } : {}), ...double.ticket };
  if (order.do === 'find_ticket') return double.ticket ? { how: 'done', ticket } : { how: 'none' };
  return order.do === 'create_ticket' ? { how: 'done', ticket } : { how: 'done' };
}
