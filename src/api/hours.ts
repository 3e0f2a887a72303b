import { z } from '@hono/zod-openapi';
import { calendarForm } from '../ivr/index.js';
import type { ObjectsDesk, ObjectView } from '../objects/index.js';
import { objectRoutes, owned, ownership } from './objects.js';

const Form = z.object({ name: z.string(), ...calendarForm.shape }).openapi('CalendarForm', { description: 'Opening hours as a file in dialplans/calendars has them' });
const Calendar = z.object({ name: z.string(), ...owned, settings: Form }).openapi('Calendar');
const New = z.looseObject({ name: z.string() }).openapi('NewCalendar', { example: { name: 'office', time_zone: 'Asia/Shanghai', weekly: { 'mon-fri': '09:00-18:00' }, public_holidays: 'china' } });

const shown = (view: ObjectView) => ({ name: view.id, ...ownership(view), settings: view.form });

/** /v1/calendars: opening hours that flows ask by name. Those of a queue are its own: /v1/queues/{id}/settings. */
export const calendarRoutes = (desk: ObjectsDesk) =>
  objectRoutes(desk, { kind: 'calendar', tag: 'calendars', read: 'settings.read', write: 'settings.write', noun: { en: 'calendar', 'zh-CN': '营业时间' }, View: Calendar, shown, New, listed: true });
