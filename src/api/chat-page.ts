import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';

const FOLDER = new URL('../../web/chat/', import.meta.url);
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;
const FILES: readonly (readonly [path: string, file: string, type: keyof typeof TYPES])[] = [
  ['/chat/', 'index.html', 'html'], ...['chat.js', 'line.js', 'store.js', 'view.js', 'words.js', 'widget.js'].map((file) => [`/chat/${file}`, file, 'js'] as const), ['/chat/chat.css', 'chat.css', 'css'],
];

/** The widget: a page of ours that sites may frame, and the script that does. No token: it tells nothing. */
export function addChatPage(app: Pick<Hono, 'get'>, origins: () => readonly string[]): void {
  const known = new Map<string, string>();
  const read = (file: string): string => {
    const text = known.get(file) ?? readFileSync(new URL(file, FOLDER), 'utf8');
    known.set(file, text);
    return text;
  };
  app.get('/chat', (c) => c.redirect('/chat/', 308));
  for (const [path, file, type] of FILES) {
    app.get(path, (c) => {
      c.header('content-security-policy', `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'${origins().map((one) => ` ${one}`).join('')}`);
      c.header('cache-control', 'no-cache');
      if (file === 'widget.js') c.header('cross-origin-resource-policy', 'cross-origin');
      return c.body(read(file), 200, { 'content-type': TYPES[type] });
    });
  }
}
