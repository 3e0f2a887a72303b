import { z } from '@hono/zod-openapi';
import { AUDIT_SORTS, type Audit, type AuditFilter, type AuditRow } from '../access/index.js';
import { csvCell } from '../base/index.js';
import { refusals } from './problem.js';
import { iso, listOf, moment, pageQuery, route, routes, sortOf, Time } from './routes.js';

const anything = z.unknown().nullable();
const Entry = z
  .object({
    seq: z.int(), at: Time, actor: z.string(), actor_name: z.string(), action: z.string().openapi({ example: 'user.change' }), object: z.string(), outcome: z.enum(['done', 'refused', 'failed']),
    before: anything, after: anything, source: z.string(), request_id: z.string().nullable(), hash: z.string().openapi({ description: 'HMAC over this row and the hash before it' }),
  })
  .openapi('AuditEntry');
const word = z.string().min(1).max(500);
const listAudit = route('audit.read', {
  method: 'get', path: '/', tags: ['access'], summary: 'Who did and saw what, newest first; as JSON, JSON lines or CSV', 'x-summary-zh-CN': '审计日志：谁做了什么、看了什么，最新在前；可导出 JSON Lines 或 CSV',
  request: {
    query: z.object({
      ...pageQuery, sort: sortOf(...AUDIT_SORTS), actor: word.optional(), action: word.optional(), object: word.optional(), outcome: z.enum(['done', 'refused', 'failed']).optional(),
      since: moment.optional(), until: moment.optional(), format: z.enum(['json', 'jsonl', 'csv']).prefault('json').openapi({ description: 'jsonl and csv are everything the filter finds, streamed' }),
    }),
  },
  responses: {
    200: { description: 'A page, or the whole export', content: { 'application/json': { schema: listOf(Entry) }, 'application/jsonl': { schema: z.string() }, 'text/csv': { schema: z.string() } } },
    ...refusals({ 400: 'A parameter or the cursor is wrong' }),
  },
});

/** /v1/audit */
export const auditRoutes = (audit: Audit) =>
  routes().openapi(listAudit, (c) => {
    const { limit, cursor, sort, format, ...filter } = c.req.valid('query');
    if (format === 'json') {
      const { items, nextCursor } = audit.list(filter, { limit, cursor, sort });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    }
    const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8';
    return c.body(exported(audit, filter, sort, format), 200, { 'content-type': type, 'content-disposition': `attachment; filename="audit.${format}"`, 'cache-control': 'no-store' });
  });

const shown = (row: AuditRow): z.output<typeof Entry> => ({
  seq: row.seq, at: iso(row.at), actor: row.actor, actor_name: row.actor_name, action: row.action, object: row.object, outcome: row.outcome, before: parsed(row.before), after: parsed(row.after), source: row.source,
  request_id: row.request, hash: row.hash,
});
const parsed = (text: string | null): unknown => (text === null ? null : (JSON.parse(text) as unknown));

/** So few rows a turn that nobody else waits. */
const atOnce = 200;
const columns = ['seq', 'at', 'actor', 'actor_name', 'action', 'object', 'outcome', 'before', 'after', 'source', 'request_id', 'hash'] as const;

function exported(audit: Audit, filter: AuditFilter, sort: (typeof AUDIT_SORTS)[number], format: 'jsonl' | 'csv'): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let cursor: string | undefined;
  let begun = false;
  return new ReadableStream({
    pull(to) {
      const { items, nextCursor } = audit.list(filter, { limit: atOnce, cursor, sort });
      const lines = items.map(shown).map((row) => (format === 'jsonl' ? JSON.stringify(row) : columns.map((name) => csvCell(row[name])).join(',')));
      const head = begun || format === 'jsonl' ? [] : [columns.join(',')];
      const text = [...head, ...lines].map((line) => `${line}\n`).join('');
      begun = true;
      cursor = nextCursor;
      if (text !== '') to.enqueue(encoder.encode(text));
      if (nextCursor === undefined) to.close();
    },
  });
}
