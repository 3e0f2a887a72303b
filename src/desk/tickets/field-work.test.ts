import { describe, expect, it } from 'vitest';
import { NoSuchTicket, NoSuchTransition, TicketRefused } from './index.js';
import { agent, boss, house } from './house.fixture.js';

const label = (en: string) => ({ 'zh-CN': en, en });
/** The shipped set-up with two outlets in Shenzhen and one in Guangzhou, which repairs go to by their place. */
async function outlets() {
  const made = await house(true);
  const { h, desk } = made;
  const worker = (name: string, places: string[]) => ({ name, label: label(name), email: `${name}@outlet.example`, language: 'en' as const, places });
  h.setup = {
    ...h.setup, workers: [worker('futian', ['shenzhen']), worker('nanshan', ['shenzhen']), worker('tianhe', ['guangzhou'])], mail: { ...h.setup.mail, page: 'https://help.example' },
    assignment: [{ when: { tags: ['repair'] }, team: 'repairs', queue: 'support', to: 'worker' }, { when: {}, team: 'support', queue: undefined, to: 'team' }],
  };
  const of = (name: string) => desk.fieldWork.worker(name)!;
  const repair = (place: string | null) => desk.create({ type: 'question', subject: 'A tap drips', channel: 'api', tags: ['repair'], place, requester: { name: '张伟', email: 'zhang@example.com', phone: '+8613800138000' } }, boss);
  return { ...made, of, repair };
}
const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('workers outside of the house', () => {
  it('get what comes from their place, in turns; where there is none at the place it waits in the queue', async () => {
    const { desk, repair } = await outlets();
    expect(['shenzhen', 'shenzhen', 'guangzhou', 'shenzhen'].map((place) => repair(place).assignee)).toEqual(['worker:futian', 'worker:nanshan', 'worker:tianhe', 'worker:futian']);
    const far = repair('lhasa');
    expect([far.assignee, far.team, desk.waits.of(far.id)?.queue]).toEqual([null, 'repairs', 'support']);
  });

  it('are written to with a link that opens what is assigned to them alone, and nothing once the file names them no more', async () => {
    const { desk, h, of, repair } = await outlets();
    const [mine, other] = [repair('shenzhen'), repair('guangzhou')];
    const mail = h.mails.find(({ to }) => to === 'futian@outlet.example')!;
    const [, token = ''] = /https:\/\/help\.example\/field-work#(\S+)/.exec(mail.text)!;
    expect(mail.subject).toBe(`[${mine.number}] A ticket was assigned to you`); // in his language, not that of the ticket
    expect(desk.pageLinks.open(token, h.now)).toEqual({ of: 'worker', id: 'futian' });
    expect(desk.fieldWork.list(of('futian')).map(({ id }) => id)).toEqual([mine.id]);
    expect(codeOf(() => desk.fieldWork.get(of('futian'), other.id))).toBeInstanceOf(NoSuchTicket);
    desk.patch(mine.id, { assignee: '1001' }, boss, undefined);
    expect(codeOf(() => desk.fieldWork.move(of('futian'), mine.id, 'open'))).toBeInstanceOf(NoSuchTicket);
    h.setup = { ...h.setup, workers: [] };
    expect(desk.fieldWork.worker('futian')).toBeUndefined();
  });

  it('bring it where their role may, which the customer is told of; they are not told of what they did themselves', async () => {
    const { desk, h, of, repair } = await outlets();
    const { id } = repair('guangzhou');
    expect(desk.fieldWork.moves(of('tianhe'), desk.fieldWork.get(of('tianhe'), id))).toEqual(['open', 'waiting', 'resolved']);
    h.mails.length = 0;
    expect(desk.fieldWork.move(of('tianhe'), id, 'resolved').kind).toBe('resolved');
    expect(h.mails.map(({ to }) => to)).toEqual(['zhang@example.com']);
    expect(codeOf(() => desk.fieldWork.move(of('tianhe'), id, 'closed'))).toBeInstanceOf(NoSuchTransition); // a manager's
    expect(h.facts.at(-1)).toMatchObject({ type: 'ticket.notified' });
    expect(desk.history(desk.get(id, boss), boss).find(({ field }) => field === 'state')?.by).toBe('worker:tianhe');
  });

  it('read what is public and what they said themselves; what is said in the house neither reaches them by mail nor on the page', async () => {
    const { desk, h, of, repair } = await outlets();
    const { id } = repair('guangzhou');
    h.mails.length = 0;
    desk.say(id, { text: 'among us', visibility: 'internal' }, agent('1001', { scope: 'all' }));
    desk.say(id, { text: 'we send somebody', visibility: 'public' }, agent('1001', { scope: 'all' }));
    h.files = [{ id: 'fil_1', name: 'tap.jpg', type: 'image/jpeg', kind: 'image', bytes: 9, width: 1, height: 1, about: null, by: 'worker:tianhe', at: h.now }];
    desk.fieldWork.say(of('tianhe'), id, { text: 'part ordered', visibility: 'internal', files: ['fil_1'] });
    const ticket = desk.fieldWork.get(of('tianhe'), id);
    expect(desk.fieldWork.comments(of('tianhe'), ticket).map(({ text }) => text)).toEqual(['we send somebody', 'part ordered']);
    expect(h.mails.map(({ to, text }) => [to, /among us|part ordered/.test(text)])).toEqual([['zhang@example.com', false], ['tianhe@outlet.example', false]]);
    expect(desk.mine.comments(ticket).map(({ text }) => text)).toEqual(['we send somebody']);
    const stolen = codeOf(() => desk.fieldWork.say(of('futian'), repair('shenzhen').id, { text: 'x', visibility: 'public', files: ['fil_1'] }));
    expect(stolen).toBeInstanceOf(TicketRefused);
  });

  it('see those to be done first, then what they resolved in the last thirty days', async () => {
    const { desk, h, of, repair } = await outlets();
    const [first, second, third] = [repair('guangzhou'), repair('guangzhou'), repair('guangzhou')];
    desk.fieldWork.move(of('tianhe'), first.id, 'resolved');
    expect(desk.fieldWork.list(of('tianhe')).map(({ id }) => id)).toEqual([second.id, third.id, first.id]);
    h.now += 31 * 86_400_000;
    expect(desk.fieldWork.list(of('tianhe')).map(({ id }) => id)).toEqual([second.id, third.id]);
  });

  it('must be named in the file before something is assigned to them', async () => {
    const { desk, repair } = await outlets();
    expect(codeOf(() => desk.patch(repair('lhasa').id, { assignee: 'worker:nobody' }, boss, undefined))).toMatchObject({ faults: [{ pointer: '/assignee', hint: 'there are futian, nanshan, tianhe' }] });
  });
});
