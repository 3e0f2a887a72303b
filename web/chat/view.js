/** What is on the page. Words of people are always text, never markup. */
const $ = (id) => document.getElementById(id);
const make = (tag, { className, text, ...more } = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), more);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  element.append(...inside);
  return element;
};
/** Only addresses of the house. */
const link = (path) => new URL(path, new URL('/', location.href)).href;

export function createView(words) {
  const items = new Map();
  const list = $('messages');
  const content = (message) => {
    const { file } = message;
    if (!file) return [];
    const inner = file.kind === 'image' ? make('img', { src: link(file.url), alt: file.name, loading: 'lazy' }) : file.name;
    return [make('a', { href: link(file.url), target: '_blank', rel: 'noopener noreferrer' }, inner)];
  };
  const eventWords = ({ text, data }) => words.events[text]?.(data?.name ?? '') ?? '';
  const put = (key, message) => {
    const before = items.get(key);
    const text = message.kind === 'event' ? eventWords(message) : message.text;
    const item = make('li', { className: [message.from, message.state ?? ''].join(' ').trim() }, ...(text ? [make('span', { text })] : []), ...content(message));
    if (message.from === 'agent' && message.name) item.prepend(make('small', { text: message.name }));
    if (message.from === 'visitor') item.append(make('small', { className: 'mark', text: words[message.state ?? 'sent'] }));
    item.dataset.seq = String(message.seq ?? '');
    const low = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    if (before) before.replaceWith(item);
    else list.append(item);
    items.set(key, item);
    if (low || message.from === 'visitor') list.scrollTop = list.scrollHeight;
  };
  const field = (f, values = {}) => {
    const input = f.kind === 'choice' ? make('select', { name: f.name }, make('option', { value: '', text: '' }), ...f.choices.map((c) => make('option', { value: c.name, text: c.label }))) : make('input', { name: f.name, type: { email: 'email', phone: 'tel' }[f.kind] ?? 'text', maxLength: f.max_length });
    input.required = f.required;
    input.value = values[f.name] ?? '';
    return make('label', { text: `${f.label}${f.required ? ` (${words.required})` : ''}` }, input);
  };
  return {
    $, put, make,
    clear() {
      items.clear();
      list.replaceChildren();
    },
    /** Everything up to here has been read by an agent. */
    read(seq) {
      for (const item of list.querySelectorAll('li.visitor')) if (item.dataset.seq !== '' && Number(item.dataset.seq) <= seq) item.querySelector('.mark').textContent = words.read;
    },
    status: (text) => void ($('status').textContent = text),
    /** For those who hear the page. */
    announce: (text) => void ($('unread').textContent = text),
    typing(text) {
      $('typing').textContent = text ?? '';
      $('typing').hidden = !text;
    },
    /** A form with these fields; `done` gets what was filled in. */
    ask(id, { title, fields, button, extra = [], done }) {
      const form = $(id);
      form.replaceChildren(...(title ? [make('strong', { text: title })] : []), ...fields.map((f) => field(f)), ...extra, make('button', { type: 'submit', text: button }));
      form.hidden = false;
      form.onsubmit = (event) => {
        event.preventDefault();
        for (const input of form.querySelectorAll('.wrong')) input.classList.remove('wrong');
        done(Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== '')));
      };
    },
    wrong(id, names) {
      for (const name of names) $(id).elements.namedItem(name)?.classList.add('wrong');
    },
    hide: (...ids) => ids.forEach((id) => void ($(id).hidden = true)),
    show: (...ids) => ids.forEach((id) => void ($(id).hidden = false)),
  };
}
