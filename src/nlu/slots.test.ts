import { describe, expect, it } from 'vitest';
import { findEntities } from './entities/index.js';
import { answer, type Answered, type Form, type Talk } from './slots.js';
import type { Language, ListEntity } from './types.js';

const now = { atMs: Date.parse('2026-11-20T02:00:00Z'), timeZone: 'Asia/Shanghai' };
const cities: ListEntity = { name: 'city', values: [{ value: 'beijing', synonyms: ['北京', 'Peking'] }, { value: 'nanjing', synonyms: ['南京'] }, { value: 'lanzhou', synonyms: ['兰州'] }] };
const visit: Form = { slots: [{ name: 'day', entity: 'date' }, { name: 'hour', entity: 'time' }, { name: 'place', entity: 'city' }] };
const order: Form = { slots: [{ name: 'order', entity: 'order_id' }, { name: 'phone', entity: 'phone' }] };

/** A conversation: each sentence is a turn. */
const talk = (form: Form, from: Talk, language: Language, ...sentences: string[]): Answered =>
  sentences.reduce<Answered>((state, text) => answer(form, state, findEntities(text, language, now, [cities])), { ...from, missing: [], refused: false });

describe('slots across turns', () => {
  it('take what was asked and what was said besides', () => {
    const first = talk(visit, { values: {}, asked: 'day' }, 'zh-CN', '下周三下午三点');
    expect(first).toMatchObject({ values: { day: '2026-11-25', hour: '15:00' }, missing: ['place'] });
    expect(talk(visit, { ...first, asked: 'place' }, 'zh-CN', '北京吧').missing).toEqual([]);
  });
  it('are filled by a bare answer that has no intent at all', () => {
    expect(talk(visit, { values: {}, asked: 'day' }, 'en', 'Tuesday').values).toEqual({ day: '2026-11-24' });
  });
  it('stay as they are when the caller says something else', () => {
    const before: Talk = { values: { day: '2026-11-25' }, asked: 'hour' };
    expect(talk(visit, before, 'en', "what's the weather like")).toMatchObject({ values: before.values, asked: 'hour', missing: ['hour', 'place'] });
  });
  it('take digits for an order ID where one was asked for, and keep it text', () => {
    expect(talk(order, { values: {}, asked: 'order' }, 'zh-CN', '一二三').values).toEqual({ order: '123' });
    expect(talk(order, { values: {}, asked: 'order' }, 'en', '2025550123').values).toEqual({ order: '2025550123' });
    expect(talk(order, { values: {} }, 'en', 'order A B 1 2 3, my phone is 202 555 0123').values).toEqual({ order: 'AB123', phone: '2025550123' });
  });
  it('are not overwritten by what fits another slot', () => {
    expect(talk(visit, { values: { day: '2026-11-25' }, asked: 'hour' }, 'en', 'tomorrow at nine').values).toEqual({ day: '2026-11-25', hour: '09:00' });
  });
});

describe('choosing from what was read out', () => {
  const offered: Talk = { values: {}, asked: 'place', offered: ['beijing', 'nanjing', 'lanzhou'] };
  it.each<[string, Language, string]>([['第二个', 'zh-CN', 'nanjing'], ['the second one', 'en', 'nanjing'], ['最后一个', 'zh-CN', 'lanzhou'], ['南京', 'zh-CN', 'nanjing'], ['Peking please', 'en', 'beijing'], ['no, the third one', 'en', 'lanzhou']])(
    '%s (%s) takes %s', (text, language, place) => expect(talk(visit, offered, language, text).values).toEqual({ place }));

  it('yes takes the only one, but says nothing among three', () => {
    expect(talk(visit, { ...offered, offered: ['nanjing'] }, 'en', 'yes please').values).toEqual({ place: 'nanjing' });
    expect(talk(visit, offered, 'en', 'yes')).toMatchObject({ values: {}, offered: ['beijing', 'nanjing', 'lanzhou'], refused: false });
  });
  it('"not that one" leaves the others, and at last none', () => {
    const once = talk(visit, offered, 'en', 'not that one');
    expect(once).toMatchObject({ offered: ['nanjing', 'lanzhou'], refused: false });
    expect(talk(visit, once, 'zh-CN', '不是这个', '不要').refused).toBe(true);
  });
  it('a number past the end chooses nothing', () => {
    expect(talk(visit, offered, 'en', 'the seventh one')).toMatchObject({ values: {}, asked: 'place' });
  });
});
