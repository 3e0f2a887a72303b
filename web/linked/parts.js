// What the pages opened by a signed link share: what is signed stands behind the # of the link and is sent as a header, never in an address.
const link = location.hash.slice(1);
const state = { lang: navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en' };

/** The language of the page. */
export const lang = () => state.lang;

/** An element with text and attributes; nothing is ever taken as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
export const time = (iso) => element('time', { datetime: iso, class: 'small' }, new Date(iso).toLocaleString(state.lang));
export const attached = (files) => files.map((file) => element('p', {}, element('a', { href: file.url, rel: 'noreferrer', target: '_blank' }, file.name)));
export function button(text, act, attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}

/** Asks one of our paths as the holder of the link. Throws with the `status` of a refusal. */
export async function ask(path, init = {}) {
  const response = await fetch(path, { ...init, headers: { 'x-ticket-link': link, ...init.headers } });
  const body = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw Object.assign(new Error(body?.detail ?? body?.title ?? response.statusText), { status: response.status });
  return body;
}
export const send = (path, body) => ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Sends the files that were chosen; their IDs. */
export async function sendFiles(path, files) {
  const ids = [];
  for (const file of files) ids.push((await ask(`${path}?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file })).id);
  return ids;
}

export function fault(error, words) {
  const known = error.status === 401 ? words.over : error.status >= 400 && error.status < 500 ? `${words.failed} ${error.message}` : words.failed;
  return element('p', { class: 'fault', role: 'alert' }, known);
}

/** A form that says it is busy while `done` sends it, and what went wrong. */
export function form(words, parts, done) {
  const go = element('button', { type: 'submit', class: 'big' }, words.send);
  const made = element('form', {}, ...parts, element('p', {}, go));
  made.addEventListener('submit', async (event) => {
    event.preventDefault();
    made.querySelector('.fault')?.remove();
    go.disabled = true;
    go.textContent = words.sending;
    try {
      await done();
    } catch (error) {
      made.append(fault(error, words));
      go.disabled = false;
      go.textContent = words.send;
    }
  });
  return made;
}

/** Draws the page by `draw(id)` now, and again when the other language is chosen; `title` for the top of the page. */
export function start(words, draw) {
  const main = document.querySelector('main');
  let shown;
  const fields = () => [...main.querySelectorAll('[name]')];
  /** `typed`: what stands in the fields is not lost by it. */
  const show = async (id, typed = false) => {
    shown = id;
    const said = words[state.lang];
    document.documentElement.lang = state.lang;
    document.title = said.title;
    document.querySelector('h1').textContent = said.title;
    document.querySelector('#language').textContent = said.other;
    try {
      const drawn = await draw(id);
      const before = new Map(typed ? fields().map((field) => [field.name, field]) : []);
      main.replaceChildren(...drawn);
      for (const field of fields()) {
        const old = before.get(field.name);
        if (!old) continue;
        if (field.type === 'file') field.files = old.files;
        else if (field.type === 'checkbox') field.checked = old.checked;
        else field.value = old.value;
      }
    } catch (error) {
      main.replaceChildren(fault(error, said));
    }
  };
  document.querySelector('#language').addEventListener('click', () => {
    state.lang = state.lang === 'en' ? 'zh-CN' : 'en';
    void show(shown, true);
  });
  void show();
  return (id) => show(id);
}
