// The page "field work", made for a phone: an outlet or a technician sees what is assigned to him, brings it on, and reports with pictures.
import { ask, attached, button, element, fault, form, lang, send, sendFiles, start, time } from '/linked/parts.js';

const WORDS = {
  en: {
    title: 'Field work', none: 'Nothing is assigned to you.', over: 'This link is wrong or has expired. Please use the newest mail you have.', failed: 'That did not work. Please try again.', all: 'All tickets', other: '中文', due: 'Due', late: 'Late',
    say: 'Report', send: 'Send', sending: 'Sending…', files: 'Pictures, videos or documents', public: 'The customer may read it', customer: 'Customer', house: 'Service centre', worker: 'You', other_worker: 'Outside', inside: 'not for the customer',
    name: 'Name', phone: 'Phone', place: 'Place', move: 'Bring it to', to_do: 'To do', done: 'Done',
  },
  'zh-CN': {
    title: '外勤工单', none: '暂无分派给您的工单。', over: '链接有误或已过期，请使用最新邮件中的链接。', failed: '操作失败，请重试。', all: '全部工单', other: 'English', due: '截止', late: '已超时',
    say: '处理情况', send: '提交', sending: '正在提交…', files: '图片、视频或文件', public: '客户可见', customer: '客户', house: '服务中心', worker: '您', other_worker: '外部人员', inside: '客户不可见',
    name: '姓名', phone: '电话', place: '地点', move: '变更为', to_do: '待办', done: '已完成',
  },
};
const ROOT = '/v1/field-work';
const words = () => WORDS[lang()];

const isDone = ({ kind }) => kind === 'resolved' || kind === 'closed';
const due = (ticket) => (ticket.due_at === null || isDone(ticket) ? [] : [' · ', ticket.breached ? element('span', { class: 'late' }, words().late) : `${words().due} `, ' ', time(ticket.due_at)]);
const stateOf = (ticket) => element('p', {}, element('span', { class: 'state' }, ticket.state_label[lang()]), ' ', element('span', { class: 'small' }, ticket.type_label[lang()]), ...(ticket.place === null ? [] : [` · ${ticket.place}`]), ...due(ticket));

function listed({ worker, items }) {
  const part = (title, some) => (some.length === 0 ? [] : [element('h3', {}, title), ...some.map((ticket) => element('article', {}, button(`${ticket.number} · ${ticket.subject}`, () => show(ticket.id), { class: 'list' }), stateOf(ticket)))]);
  return [element('h2', {}, worker.label[lang()]), ...(items.length === 0 ? [element('p', {}, words().none)] : []), ...part(words().to_do, items.filter((one) => !isDone(one))), ...part(words().done, items.filter(isDone))];
}

const row = (name, value) => (value === null || value === '' ? [] : [element('dt', {}, name), element('dd', {}, value)]);
const facts = (ticket) => element('dl', {}, ...row(words().name, ticket.requester.name), ...row(words().phone, ticket.requester.phone === null ? null : element('a', { href: `tel:${ticket.requester.phone}` }, ticket.requester.phone)),
  ...row(words().place, ticket.place), ...ticket.fields.flatMap((one) => row(one.label[lang()], one.value[lang()])));

function said(comment) {
  const who = comment.mine ? words().worker : { customer: words().customer, house: words().house, worker: words().other_worker }[comment.by];
  return element('article', {}, element('p', { class: 'small' }, who, ' · ', time(comment.at), ...(comment.visibility === 'internal' ? [` · ${words().inside}`] : [])), element('p', {}, comment.text), ...attached(comment.files));
}

function moves(ticket) {
  if (ticket.moves.length === 0) return [];
  const all = element('div', { class: 'moves', role: 'group', 'aria-label': words().move });
  const go = async (to) => {
    all.querySelector('.fault')?.remove();
    for (const one of all.children) one.disabled = true;
    try {
      await send(`${ROOT}/tickets/${ticket.id}/transitions`, { to });
      await show(ticket.id);
    } catch (error) {
      for (const one of all.children) one.disabled = false;
      all.append(fault(error, words()));
    }
  };
  all.append(...ticket.moves.map(({ name, label }) => button(label[lang()], () => go(name), { class: 'big', 'data-to': name })));
  return [element('p', { class: 'small' }, words().move), all];
}

function reportForm(ticket) {
  const text = element('textarea', { name: 'text', required: '', maxlength: '20000', 'aria-label': words().say, placeholder: words().say });
  const files = element('input', { type: 'file', name: 'files', multiple: '', accept: 'image/*,video/*,.pdf', 'aria-label': words().files });
  const visible = element('input', { type: 'checkbox', name: 'public' });
  return form(words(), [text, element('p', {}, files), element('label', {}, visible, ` ${words().public}`)], async () => {
    await send(`${ROOT}/tickets/${ticket.id}/comments`, { text: text.value, visibility: visible.checked ? 'public' : 'internal', files: await sendFiles(`${ROOT}/files`, files.files) });
    await show(ticket.id);
  });
}

const whole = (ticket) => [
  button(words().all, () => show()), element('h2', {}, `${ticket.number} · ${ticket.subject}`), stateOf(ticket), facts(ticket), ...(ticket.text === '' ? [] : [element('p', { class: 'text' }, ticket.text)]), ...attached(ticket.files),
  ...moves(ticket), ...ticket.comments.map(said), reportForm(ticket),
];

const show = start(WORDS, async (id) => (id === undefined ? listed(await ask(`${ROOT}/tickets`)) : whole(await ask(`${ROOT}/tickets/${id}`))));
