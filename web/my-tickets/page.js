// The page "my tickets": what is signed stands behind the # of its link and is sent as a header, never in an address.
const words = {
  en: {
    title: 'My tickets', none: 'There is nothing here.', over: 'This link is wrong or has expired. Please use the newest mail you have.', failed: 'That did not work. Please try again.', all: 'All my tickets', other: '中文',
    say: 'Your answer', send: 'Send', files: 'Pictures, videos or documents', us: 'Support', you: 'You', opened: 'Opened', changed: 'Last change', merged: 'It was merged into another ticket.', sending: 'Sending…',
  },
  'zh-CN': {
    title: '我的工单', none: '这里暂无内容。', over: '链接有误或已过期，请使用最新邮件中的链接。', failed: '操作失败，请重试。', all: '全部工单', other: 'English',
    say: '您的回复', send: '发送', files: '图片、视频或文件', us: '客服', you: '您', opened: '创建时间', changed: '最近更新', merged: '此工单已合并到另一工单。', sending: '正在发送…',
  },
};
const main = document.querySelector('main');
const link = location.hash.slice(1);
let lang = navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
let shown;

/** An element with text and attributes; nothing is ever taken as HTML. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
const time = (iso) => element('time', { datetime: iso, class: 'small' }, new Date(iso).toLocaleString(lang));

async function ask(path, init = {}) {
  const response = await fetch(`/v1/my-tickets${path}`, { ...init, headers: { 'x-ticket-link': link, ...init.headers } });
  const body = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw Object.assign(new Error(body?.detail ?? body?.title ?? response.statusText), { status: response.status });
  return body;
}
function fault(error) {
  const known = error.status === 401 ? words[lang].over : error.status >= 400 && error.status < 500 ? `${words[lang].failed} ${error.message}` : words[lang].failed;
  return element('p', { class: 'fault', role: 'alert' }, known);
}

const head = (ticket) => [
  element('h2', {}, `${ticket.number} · ${ticket.subject}`),
  element('p', {}, element('span', { class: 'state' }, ticket.state_label[lang]), ' ', element('span', { class: 'small' }, ticket.type_label[lang])),
];

function listed(tickets) {
  if (tickets.length === 0) return [element('p', {}, words[lang].none)];
  return tickets.map((ticket) => {
    const open = element('button', { type: 'button' }, `${ticket.number} · ${ticket.subject}`);
    open.addEventListener('click', () => show(ticket.id));
    return element('article', {}, open, element('p', {}, element('span', { class: 'state' }, ticket.state_label[lang]), ' ', time(ticket.updated_at)));
  });
}

const attached = (files) => files.map((file) => element('p', {}, element('a', { href: file.url, rel: 'noreferrer', target: '_blank' }, file.name)));
const said = (comment) => element('article', {}, element('p', { class: 'small' }, comment.mine ? words[lang].you : words[lang].us, ' · ', time(comment.at)), element('p', {}, comment.text), ...attached(comment.files));

function answerForm(ticket) {
  const text = element('textarea', { name: 'text', required: '', maxlength: '20000', 'aria-label': words[lang].say, placeholder: words[lang].say });
  const files = element('input', { type: 'file', name: 'files', multiple: '', 'aria-label': words[lang].files });
  const send = element('button', { type: 'submit' }, words[lang].send);
  const form = element('form', {}, text, element('p', {}, files), send);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    send.disabled = true;
    send.textContent = words[lang].sending;
    try {
      const ids = [];
      for (const file of files.files) {
        const kept = await ask(`/files?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file });
        ids.push(kept.id);
      }
      await ask(`/tickets/${ticket.id}/comments`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: text.value, files: ids }) });
      await show(ticket.id);
    } catch (error) {
      form.append(fault(error));
      send.disabled = false;
      send.textContent = words[lang].send;
    }
  });
  return form;
}

function whole(ticket, several) {
  const back = element('button', { type: 'button' }, words[lang].all);
  back.addEventListener('click', () => show());
  return [
    ...(several ? [back] : []), ...head(ticket), element('p', { class: 'small' }, `${words[lang].opened} `, time(ticket.created_at), ` · ${words[lang].changed} `, time(ticket.updated_at)),
    ...(ticket.text === '' ? [] : [element('p', {}, ticket.text)]), ...attached(ticket.files), ...ticket.comments.map(said), ticket.merged ? element('p', {}, words[lang].merged) : answerForm(ticket),
  ];
}

async function show(id) {
  shown = id;
  document.documentElement.lang = lang;
  document.title = words[lang].title;
  document.querySelector('h1').textContent = words[lang].title;
  document.querySelector('#language').textContent = words[lang].other;
  try {
    const { items } = await ask('/tickets');
    const one = id ?? (items.length === 1 ? items[0].id : undefined);
    main.replaceChildren(...(one === undefined ? listed(items) : whole(await ask(`/tickets/${one}`), items.length > 1)));
  } catch (error) {
    main.replaceChildren(fault(error));
  }
}
document.querySelector('#language').addEventListener('click', () => {
  lang = lang === 'en' ? 'zh-CN' : 'en';
  void show(shown);
});
void show();
