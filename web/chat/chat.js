import { openLine } from './line.js';
import { kept } from './store.js';
import { createView } from './view.js';
import { WORDS } from './words.js';

const asked = new URL(location.href).searchParams;
const language = asked.get('lang') ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
const words = WORDS[language.startsWith('zh') ? 'zh-CN' : 'en'];
document.documentElement.lang = language;
document.title = words.title;
const view = createView(words);
const { $ } = view;
const inFrame = asked.has('frame') && window.parent !== window;
const api = (path) => new URL(`../v1/chat${path}`, location.href).href;

const state = { settings: undefined, conversation: null, consent: false, last: 0, read: 0, page: undefined, invitation: undefined, rated: false, online: false, open: !inFrame };
/** Numbers of what agents have said; what of it is unread follows from the read mark. */
const theirs = new Set();
/** Sent, and not confirmed: kept over reloads, sent again after each welcome. */
let outbox = kept.read().outbox ?? [];
let line;

const clientId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
const tellParent = (message) => inFrame && window.parent.postMessage(message, '*');
const keepOutbox = () => kept.write({ outbox });

async function session(customerToken) {
  // Who was logged in here and is no longer takes his conversation with him.
  const token = kept.read().vouched && !customerToken ? undefined : kept.read().token;
  const response = await fetch(api('/sessions'), {
    method: 'POST', headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify({ language, ...(customerToken ? { customer_token: customerToken } : {}) }),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  const made = await response.json();
  if (made.visitor !== kept.read().visitor) {
    outbox = [];
    kept.write({ outbox });
  }
  kept.write({ token: made.token, visitor: made.visitor, vouched: Boolean(customerToken) });
  state.settings = made.settings;
}

function show(message) {
  if (message.seq <= state.last && message.seq !== undefined && document.querySelector(`#messages li[data-seq="${message.seq}"]`)) return;
  if (message.client_id) {
    outbox = outbox.filter((one) => one.client_id !== message.client_id);
    keepOutbox();
  }
  state.last = Math.max(state.last, message.seq);
  if (message.from === 'agent') theirs.add(message.seq);
  view.put(message.client_id ?? `seq ${message.seq}`, { ...message, state: 'sent' });
  if (message.from === 'agent') view.typing(undefined);
  markRead();
}

function say(text, file) {
  const one = { type: 'say', client_id: clientId(), text, ...(file ? { file: file.id } : {}) };
  outbox.push(file ? { ...one, shown: file } : one);
  keepOutbox();
  view.put(one.client_id, { from: 'visitor', kind: file ? 'file' : 'text', text, file, state: 'waiting' });
  line?.send(one);
}

/** Whoever has the chat closed, or another page before it, has read nothing. */
const isSeen = () => state.open && document.visibilityState === 'visible';
function markRead() {
  if (isSeen() && state.last > state.read && state.conversation && line?.send({ type: 'read', seq: state.last })) state.read = state.last;
  countUnread();
}
let unread = 0;
function countUnread() {
  const count = [...theirs].filter((seq) => seq > state.read).length;
  if (count === unread) return;
  if (count > unread || count === 0) view.announce(count > 0 ? words.unread(count) : '');
  unread = count;
  document.title = count > 0 ? `(${count}) ${words.title}` : words.title;
  tellParent({ type: 'strowger:unread', count });
}

function status() {
  const { conversation: c, settings } = state;
  if (!state.online) return view.status(words.offline);
  if (!c) return view.status(settings.open ? settings.greeting : words.closed);
  if (c.state === 'ended') return view.status(words.ended);
  if (c.state === 'talking') return view.status(words.with(c.agent ?? words.title));
  const { place } = state;
  const wait = place?.wait_low_s != null ? ` · ${words.wait(Math.max(1, Math.round(place.wait_low_s / 60)), Math.max(1, Math.round(place.wait_high_s / 60)))}` : '';
  view.status(place?.position ? `${words.place(place.position)}${wait}` : words.queued);
}

function layout() {
  const { conversation: c, settings, consent } = state;
  const live = c !== null && c.state !== 'ended';
  $('say').hidden = $('end').hidden = !live;
  $('consent').querySelector('p').textContent = settings.consent ?? '';
  $('consent').hidden = !settings.consent || consent || kept.read().asked;
  view.hide('before', 'rating', 'transcript', 'call');
  status();
  if (live) {
    if (settings.call_back && c.state === 'talking') askCall();
    return;
  }
  if (c === null) return settings.open ? askBefore() : askOffline();
  const refused = ['closed', 'full', 'unstaffed', 'emergency'].includes(c.end_why);
  if (refused && settings.offline) return askOffline();
  if (settings.rating && !c.rated && !state.rated && c.agent !== null) askRating();
  if (settings.transcripts && c.agent !== null) view.ask('transcript', { title: words.transcript, fields: [{ name: 'email', label: words.email, kind: 'email', required: true, max_length: 200 }], button: words.send, done: ({ email }) => line.send({ type: 'transcript', email }) });
  askBefore();
}

function askBefore() {
  view.ask('before', { fields: state.settings.form, button: state.conversation ? words.again : words.begin, done: (form) => line.send({ type: 'start', client_id: clientId(), form, ...(state.page ? { page: state.page.url } : {}), ...(state.invitation ? { invitation: state.invitation } : {}) }) });
}
function askOffline() {
  if (!state.settings.offline) return;
  const text = view.make('textarea', { name: 'message', required: true, maxLength: 5_000, rows: 4 });
  view.ask('before', {
    title: words.closed, fields: state.settings.form, extra: [text], button: words.leave,
    async done({ message, ...form }) {
      const response = await fetch(api('/offline'), { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${kept.read().token}` }, body: JSON.stringify({ form, text: message }) });
      const answer = await response.json();
      if (response.ok) {
        view.hide('before');
        return view.status(words.left(answer.ticket));
      }
      view.wrong('before', (answer.errors ?? []).map((e) => e.pointer.replace('/form/', '')));
      view.status(answer.title);
    },
  });
}
function askRating() {
  const stars = view.make('div', { className: 'stars' }, ...[1, 2, 3, 4, 5].map((n) => view.make('label', { text: String(n) }, view.make('input', { type: 'radio', name: 'rating', value: String(n), required: true }))));
  view.ask('rating', {
    title: state.settings.rating, fields: [], extra: [stars, view.make('input', { name: 'comment', maxLength: 1_000, placeholder: words.comment })], button: words.rate,
    done({ rating, comment }) {
      line.send({ type: 'rate', rating: Number(rating), ...(comment ? { comment } : {}) });
      state.rated = true;
      view.hide('rating');
      view.status(words.thanks);
    },
  });
}
function askCall() {
  view.ask('call', { fields: [{ name: 'number', label: words.number, kind: 'phone', required: true, max_length: 16 }], button: words.call, done: ({ number }) => line.send({ type: 'call_me', client_id: clientId(), number: number.replace(/[^+0-9]/g, '') }) });
}

const HEAR = {
  welcome({ settings, consent, conversation, messages, more }) {
    Object.assign(state, { settings, consent, online: true });
    if (conversation?.id !== state.conversation?.id) forget();
    state.conversation = conversation;
    state.read = Math.max(state.read, conversation?.read_by_visitor ?? 0);
    messages.forEach(show);
    for (const one of outbox) view.put(one.client_id, { from: 'visitor', kind: 'text', text: one.text, file: one.shown, state: 'waiting' });
    if (conversation) view.read(conversation.read_by_agent);
    layout();
    if (more) line.send(hello());
    else if (conversation) resend();
    if (state.page) line.send({ type: 'page', ...state.page });
    markRead();
  },
  started({ conversation }) {
    if (conversation.id !== state.conversation?.id) forget();
    state.conversation = conversation;
    layout();
  },
  message: show,
  ack({ client_id: id, ...rest }) {
    const one = outbox.find((m) => m.client_id === id);
    if (one) show({ ...rest, client_id: id, from: 'visitor', kind: one.file ? 'file' : 'text', text: one.text, ...(one.shown ? { file: one.shown } : {}) });
  },
  state({ type: _type, ...conversation }) {
    const before = state.conversation?.state;
    state.conversation = conversation;
    if (conversation.state !== 'queued') state.place = undefined;
    if (before !== conversation.state) layout();
    else status();
  },
  place(place) {
    state.place = place;
    status();
  },
  read({ by, seq }) {
    if (by === 'agent') return view.read(seq);
    // Here, or on another device of his.
    state.read = Math.max(state.read, seq);
    countUnread();
  },
  typing: ({ by, name, on }) => by === 'agent' && view.typing(on ? words.typing(name) : undefined),
  invitation({ name, text }) {
    state.invitation = name;
    view.put(`invitation ${name}`, { from: 'agent', kind: 'text', text });
    tellParent({ type: 'strowger:invitation' });
  },
  done({ what }) {
    view.hide(what === 'transcript' ? 'transcript' : 'call');
    view.status(what === 'call_me' ? words.called : words.done);
  },
  error({ code, message, client_id: id, fields, for: of }) {
    if (code === 'chat.no_session') {
      kept.write({ token: undefined });
      line.close();
      return begin();
    }
    if (fields) view.wrong('before', fields);
    if (of === 'say' && !HOPELESS.includes(code)) {
      clearTimeout(state.again);
      state.again = setTimeout(resend, 5_000);
    } else if (of === 'say') {
      const one = outbox.find((m) => m.client_id === id);
      outbox = outbox.filter((m) => m.client_id !== id);
      keepOutbox();
      if (one) view.put(id, { from: 'visitor', kind: 'text', text: one.text, state: 'failed' });
    }
    if (code === 'chat.closed') {
      state.settings.open = false;
      return layout();
    }
    if (of !== 'read' && of !== 'typing' && of !== 'page') view.status(message);
  },
};
/** What is not taken however often it is sent. */
const HOPELESS = ['conversations.over', 'conversations.refused', 'conversations.not_joined', 'chat.refused', 'chat.no_conversation', 'files.no_such_file', 'files.too_many'];
/** At least once: what was stored already is answered with its number again. */
function resend() {
  for (const { shown: _shown, ...one } of outbox) line.send(one);
}
function forget() {
  Object.assign(state, { last: 0, read: 0, place: undefined, rated: false });
  theirs.clear();
  countUnread();
  view.clear();
}
const hello = () => ({ type: 'hello', token: kept.read().token, after: state.last });

async function begin(customerToken = state.customerToken) {
  state.customerToken = customerToken;
  view.status(words.connecting);
  for (let pause = 500; ; pause = Math.min(15_000, pause * 2)) {
    try {
      await session(customerToken);
      break;
    } catch {
      view.status(words.offline); // it goes on trying
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  line = openLine({
    hello, heard: (frame) => HEAR[frame.type]?.(frame),
    state() {
      state.online = false;
      status();
    },
  });
}

$('title').textContent = words.title;
$('end').textContent = words.end;
$('send').textContent = words.send;
$('attach').querySelector('span').textContent = `📎 ${words.attach}`;
$('text').placeholder = words.text;
$('end').onclick = () => line.send({ type: 'end' });
$('say').onsubmit = (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (text) say(text.slice(0, state.settings.text_length));
  $('text').value = '';
};
$('text').onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $('say').requestSubmit();
  }
};
let wrote = 0;
let stopped;
$('text').oninput = () => {
  clearTimeout(stopped);
  stopped = setTimeout(() => ((wrote = 0), line.send({ type: 'typing', on: false })), 3_000);
  if (Date.now() - wrote < 2_000) return;
  wrote = Date.now();
  line.send({ type: 'typing', on: true });
};
$('file').onchange = async () => {
  const [file] = $('file').files;
  $('file').value = '';
  if (!file) return;
  const response = await fetch(`${api('/files')}?name=${encodeURIComponent(file.name)}`, { method: 'POST', headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${kept.read().token}` }, body: file });
  const answer = await response.json();
  if (response.ok) say('', answer);
  else view.status(answer.title);
};
const [yes, no] = $('consent').querySelectorAll('button');
yes.textContent = words.yes;
no.textContent = words.no;
const consent = (browsing) => {
  kept.write({ asked: true });
  state.consent = browsing;
  line.send({ type: 'consent', browsing });
  view.hide('consent');
  if (browsing && state.page) line.send({ type: 'page', ...state.page });
};
yes.onclick = () => consent(true);
no.onclick = () => consent(false);
document.addEventListener('visibilitychange', markRead);

if (inFrame) {
  let begun = false;
  addEventListener('message', ({ source, data }) => {
    if (source !== window.parent || typeof data !== 'object' || data === null) return;
    if (data.type === 'strowger:who' && !begun) {
      begun = true;
      void begin(data.customerToken);
    }
    if (data.type === 'strowger:open') {
      state.open = data.open === true;
      markRead();
    }
    if (data.type === 'strowger:page' && typeof data.url === 'string' && /^https?:/.test(data.url)) {
      state.page = { url: data.url.slice(0, 1_000), title: String(data.title ?? '').slice(0, 300) };
      if (state.consent && state.online) line?.send({ type: 'page', ...state.page });
    }
  });
  tellParent({ type: 'strowger:ready' });
} else void begin(new URLSearchParams(location.hash.slice(1)).get('customer_token') ?? undefined);
