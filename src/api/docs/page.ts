import { html, raw } from 'hono/html';
import { operations, shapes, type Description, type Lang, type Shown } from './describe.js';

const words = {
  en: {
    title: 'Strowger REST API', other: '中文', otherLang: 'zh-CN', intro: 'JSON in snake_case, times in ISO 8601 UTC. Errors are application/problem+json with a stable code and a hint. Every path may also answer 400 (malformed), 401, 403, 429 and 503; a change 409, 413, 415 and 422 too. Every change takes an Idempotency-Key.',
    token: 'Every path but those marked "open" needs the header', open: 'open', inputs: 'Parameters', body: 'Body', answers: 'Answers', shapes: 'Shapes', machine: 'For programs:',
  },
  'zh-CN': {
    title: 'Strowger REST 接口', other: 'English', otherLang: 'en', intro: 'JSON 字段用 snake_case，时间为 ISO 8601 UTC。错误为 application/problem+json，带稳定的 code 和 hint。任何路径还可能返回 400（格式错误）、401、403、429、503；改动还可能返回 409、413、415、422。任何改动都可带 Idempotency-Key。',
    token: '除标注“公开”的路径外，均需请求头', open: '公开', inputs: '参数', body: '请求体', answers: '应答', shapes: '数据结构', machine: '供程序使用：',
  },
} as const;

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; } body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; text-transform: capitalize; } section { border-top: 1px solid #8886; padding: .5rem 0 1rem; } h3 { margin: .5rem 0; font-weight: 600; }
code { font: .95em ui-monospace, monospace; overflow-wrap: anywhere; } .method { display: inline-block; min-width: 3.5rem; font-weight: 700; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #8883; }
.open { font-size: .8em; border: 1px solid #8886; border-radius: .3rem; padding: 0 .4rem; }`;

/** The API for people: one page without script and without anything from elsewhere. */
export function page(description: Description, lang: Lang) {
  const w = words[lang];
  const all = operations(description, lang);
  const tags = [...new Set(all.map((o) => o.tag))];
  return html`<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${w.title}</title><style>${raw(style)}</style></head>
<body><p><a href="?lang=${w.otherLang}" lang="${w.otherLang}" hreflang="${w.otherLang}">${w.other}</a></p>
<h1>${w.title} <small>${description.info.version}</small></h1>
<p>${w.intro} ${w.token} <code>Authorization: Bearer TOKEN</code>. ${w.machine} <a href="/openapi.json">/openapi.json</a></p>
${tags.map((tag) => html`<h2>${tag}</h2>${all.filter((o) => o.tag === tag).map((o) => operation(o, w))}`)}
<h2>${w.shapes}</h2>
${shapes(description).map(({ name, fields }) => html`<section id="${name}"><h3>${name}</h3>${table(fields.map((f) => [f.name, f.type, f.text]))}</section>`)}
</body></html>`;
}

const operation = (o: Shown, w: (typeof words)[Lang]) => html`<section>
<h3><span class="method">${o.method}</span> <code>${o.path}</code> ${o.open ? html`<span class="open">${w.open}</span>` : ''}</h3><p>${o.summary}</p>
${o.inputs.length > 0 ? html`<h4>${w.inputs}</h4>${table(o.inputs.map((p) => [`${p.name}${p.required ? ' *' : ''}`, p.type, p.text]))}` : ''}
${o.body ? html`<h4>${w.body}</h4><p><code>${o.body}</code></p>` : ''}
<h4>${w.answers}</h4>${table(o.answers.map((a) => [a.status, a.type, a.text]))}</section>`;

const table = (rows: readonly (readonly [string, string, string])[]) =>
  html`<table>${rows.map(([name, type, text]) => html`<tr><td><code>${name}</code></td><td><code>${type}</code></td><td>${text}</td></tr>`)}</table>`;
