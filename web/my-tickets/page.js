// The page "my tickets": a customer sees how his tickets stand, and answers.
import { ask, attached, button, element, form, lang, send, sendFiles, start, time } from '/linked/parts.js';

const WORDS = {
  en: {
    title: 'My tickets', none: 'There is nothing here.', over: 'This link is wrong or has expired. Please use the newest mail you have.', failed: 'That did not work. Please try again.', all: 'All my tickets', other: '中文',
    say: 'Your answer', send: 'Send', files: 'Pictures, videos or documents', us: 'Support', you: 'You', opened: 'Opened', changed: 'Last change', merged: 'It was merged into another ticket.', sending: 'Sending…',
  },
  'zh-CN': {
    title: '我的工单', none: '这里暂无内容。', over: '链接有误或已过期，请使用最新邮件中的链接。', failed: '操作失败，请重试。', all: '全部工单', other: 'English',
    say: '您的回复', send: '发送', files: '图片、视频或文件', us: '客服', you: '您', opened: '创建时间', changed: '最近更新', merged: '此工单已合并到另一工单。', sending: '正在发送…',
  },
};
const ROOT = '/v1/my-tickets';
const words = () => WORDS[lang()];

const head = (ticket) => [
  element('h2', {}, `${ticket.number} · ${ticket.subject}`),
  element('p', {}, element('span', { class: 'state' }, ticket.state_label[lang()]), ' ', element('span', { class: 'small' }, ticket.type_label[lang()])),
];
function listed(tickets) {
  if (tickets.length === 0) return [element('p', {}, words().none)];
  return tickets.map((ticket) => element('article', {}, button(`${ticket.number} · ${ticket.subject}`, () => show(ticket.id)), element('p', {}, element('span', { class: 'state' }, ticket.state_label[lang()]), ' ', time(ticket.updated_at))));
}
const said = (comment) => element('article', {}, element('p', { class: 'small' }, comment.mine ? words().you : words().us, ' · ', time(comment.at)), element('p', {}, comment.text), ...attached(comment.files));

function answerForm(ticket) {
  const text = element('textarea', { name: 'text', required: '', maxlength: '20000', 'aria-label': words().say, placeholder: words().say });
  const files = element('input', { type: 'file', name: 'files', multiple: '', 'aria-label': words().files });
  return form(words(), [text, element('p', {}, files)], async () => {
    await send(`${ROOT}/tickets/${ticket.id}/comments`, { text: text.value, files: await sendFiles(`${ROOT}/files`, files.files) });
    await show(ticket.id);
  });
}
const whole = (ticket, several) => [
  ...(several ? [button(words().all, () => show())] : []), ...head(ticket), element('p', { class: 'small' }, `${words().opened} `, time(ticket.created_at), ` · ${words().changed} `, time(ticket.updated_at)),
  ...(ticket.text === '' ? [] : [element('p', {}, ticket.text)]), ...attached(ticket.files), ...ticket.comments.map(said), ticket.merged ? element('p', {}, words().merged) : answerForm(ticket),
];

const show = start(WORDS, async (id) => {
  const { items } = await ask(`${ROOT}/tickets`);
  const one = id ?? (items.length === 1 ? items[0].id : undefined);
  return one === undefined ? listed(items) : whole(await ask(`${ROOT}/tickets/${one}`), items.length > 1);
});
