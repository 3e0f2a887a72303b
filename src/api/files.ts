import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Files, FileView } from '../desk/files/index.js';
import { Malformed, Unauthorized } from './errors.js';
import type { TextDesk } from './ports.js';
import { refusals } from './problem.js';
import { iso, route, routes, Time } from './routes.js';

export const File = z
  .object({
    id: z.string(), name: z.string(), type: z.string().openapi({ example: 'image/png' }), kind: z.enum(['image', 'video', 'audio', 'document', 'archive', 'text']), bytes: z.int().min(0),
    width: z.int().nullable(), height: z.int().nullable(), about: z.string().nullable().openapi({ example: 'conversation:conv_0192' }), by: z.string(), at: Time,
  })
  .openapi('File');
const Link = z.object({ url: z.string().openapi({ example: '/files/file_0192?token=…' }), expires_at: Time }).openapi('FileLink');
const LINK_S = 3_600;
/** Without a body nothing fills in what is left out. */
const secondsIn = ({ seconds }: { readonly seconds?: number }): number => seconds ?? LINK_S;
const id = z.object({ id: z.string().max(100) });
const raw = { schema: z.string().openapi({ format: 'binary' }) };
const binary = { 'application/octet-stream': raw };
const bytes = { '*/*': raw };

const upload = route('conversations.write', {
  method: 'post', path: '/', tags: ['files'], summary: 'Send a file; its message, comment or note then names it', 'x-summary-zh-CN': '上传文件；随后由消息或备注引用',
  description: 'The body is the file as it is, `Content-Type: application/octet-stream`. What it is is told by its content; images are drawn anew without EXIF.',
  request: { query: z.object({ name: z.string().min(1).max(255) }), body: { required: true, content: binary } },
  responses: { 201: { description: 'The file', content: { 'application/json': { schema: File } } }, ...refusals({ 413: 'Too large', 415: 'A kind that is not taken', 422: 'Damaged, or a bomb', 429: 'Too many', 503: 'Too many pictures at once' }) },
});
const getFile = route('conversations.read', {
  method: 'get', path: '/{id}', tags: ['files'], summary: 'What a file is', 'x-summary-zh-CN': '文件信息', request: { params: id },
  responses: { 200: { description: 'The file', content: { 'application/json': { schema: File } } }, ...refusals({ 404: 'There is no such file' }) },
});
const getContent = route('conversations.read', {
  method: 'get', path: '/{id}/content', tags: ['files'], summary: 'Its bytes', 'x-summary-zh-CN': '文件内容', request: { params: id },
  responses: { 200: { description: 'As an attachment, of the type that it is', content: bytes }, ...refusals({ 404: 'There is no such file' }) },
});
const makeLink = route('conversations.read', {
  method: 'post', path: '/{id}/link', tags: ['files'], summary: 'A link that opens it without a log-in, for a while', 'x-summary-zh-CN': '生成限时免登录链接',
  request: { params: id, body: { required: false, content: { 'application/json': { schema: z.strictObject({ seconds: z.number().min(1).max(604_800).default(LINK_S) }) } } } },
  responses: { 201: { description: 'The link', content: { 'application/json': { schema: Link } } }, ...refusals({ 404: 'There is no such file', 422: 'The body is wrong' }) },
});
const openLink = route('open', {
  method: 'get', path: '/files/{id}', tags: ['files'], summary: 'Its bytes, by a signed link', 'x-summary-zh-CN': '凭签名链接取得文件', security: [], request: { params: id, query: z.object({ token: z.string().max(100).optional() }) },
  responses: { 200: { description: 'As an attachment, of the type that it is', content: bytes }, ...refusals({ 400: 'A parameter is wrong', 401: 'The link is wrong or has expired', 404: 'There is no such file' }) },
});

/** Who sends: the same for all files of one principal, so that another cannot attach them. */
export const senderOf = (c: Context): string => {
  const { agent, id: principal } = c.get('principal');
  return agent === null ? `user:${principal}` : `agent:${agent}`;
};

/** /v1/files */
export const fileRoutes = ({ files, mayOpen }: Pick<TextDesk, 'files' | 'mayOpen'>) => {
  const seen = (c: Context, file: string): FileView => {
    const found = files.get(file);
    return mayOpen({ principal: c.get('principal'), scope: c.get('scope'), sender: senderOf(c) }, found) ? found : files.get(''); // says that there is none
  };
  return routes()
    .openapi(upload, async (c) => c.json(shownFile(await files.add({ content: bodyOf(c), name: c.req.valid('query').name, by: senderOf(c) })), 201))
    .openapi(getFile, (c) => c.json(shownFile(seen(c, c.req.valid('param').id)), 200))
    .openapi(getContent, (c) => sendFile(files, seen(c, c.req.valid('param').id)))
    .openapi(makeLink, (c) => {
      const { id: file } = seen(c, c.req.valid('param').id);
      const until = Date.now() + Math.round(secondsIn(c.req.valid('json')) * 1_000);
      return c.json({ url: `/files/${file}?token=${files.links.sign(file, until)}`, expires_at: iso(until) }, 201, { 'cache-control': 'no-store' });
    });
};
/** /files/{id}?token= */
export const fileLinkRoutes = ({ files }: Pick<TextDesk, 'files'>) =>
  routes().openapi(openLink, (c) => {
    const { id: file } = c.req.valid('param');
    if (!files.links.valid(file, c.req.valid('query').token ?? '', Date.now())) throw new Unauthorized('this link is wrong or has expired');
    return sendFile(files, files.get(file));
  });

/** The body as it comes, never all of it in memory. @throws Malformed */
export function bodyOf(c: Context): AsyncIterable<Uint8Array> {
  if (!c.req.raw.body) throw new Malformed('there is no body', { hint: 'send the bytes of the file' });
  return c.req.raw.body;
}

/** Never shown as a page of ours: a picture may be shown in place, all else is saved. */
export function sendFile(files: Files, file: FileView): Response {
  const name = encodeURIComponent(file.name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return new Response(Readable.toWeb(createReadStream(files.path(file.id))), {
    status: 200,
    headers: {
      'content-type': file.type, 'content-length': String(file.bytes), 'x-content-type-options': 'nosniff', 'cache-control': 'private, max-age=3600', 'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; sandbox", 'content-disposition': `${file.kind === 'image' ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`, 'cross-origin-resource-policy': 'cross-origin',
    },
  });
}

export const shownFile = ({ id: file, name, type, kind, bytes, width, height, about, by, at }: FileView): z.output<typeof File> => ({ id: file, name, type, kind, bytes, width, height, about, by, at: iso(at) });
