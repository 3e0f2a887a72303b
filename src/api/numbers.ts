import { z } from '@hono/zod-openapi';
import { numberForm, outboundForm, type ObjectsDesk, type ObjectView } from '../objects/index.js';
import { objectRoutes, owned, ownership } from './objects.js';
import { routes } from './routes.js';

const ID = z.string().openapi({ example: 'carrier-a:+8675512345678' });
const NumberForm = z.object(numberForm.shape).openapi('NumberForm', { description: 'A number (or pattern) that a carrier sends, and where it leads: an entry of the dialplan or an extension' });
const NumberView = z.object({ id: ID, ...owned, settings: NumberForm }).openapi('Number');
const NewNumber = z.looseObject({ trunk: z.string(), number: z.string() }).openapi('NewNumber', { example: { trunk: 'carrier-a', number: '+8675512345678', entry: '4000' } });
const RouteForm = z.object(outboundForm.shape).openapi('RouteForm', { description: 'A pattern of numbers outside that a trunk takes, as under `outbound` in config/trunks.yaml' });
const RouteView = z.object({ id: ID, ...owned, settings: RouteForm }).openapi('Route');
const NewRoute = z.looseObject({ trunk: z.string(), pattern: z.string() }).openapi('NewRoute', { description: 'trunk, pattern and any other key of an outbound route: priority, weight, cost, caller_id, format, strip, prepend' });

const shown = (view: ObjectView) => ({ id: view.id, ...ownership(view), settings: view.form });

/** /v1/numbers: calls in. /v1/routes: calls out. Policy for numbers abroad and emergency numbers: /v1/settings/house/numbers. */
export const numberRoutes = (desk: ObjectsDesk) =>
  routes()
    .route('/numbers', objectRoutes(desk, { kind: 'number', tag: 'numbers', read: 'numbers.read', write: 'numbers.write', noun: { en: 'number', 'zh-CN': '号码' }, View: NumberView, shown, New: NewNumber, listed: true }))
    .route('/routes', objectRoutes(desk, { kind: 'route', tag: 'numbers', read: 'numbers.read', write: 'numbers.write', noun: { en: 'outbound route', 'zh-CN': '外呼路由' }, View: RouteView, shown, New: NewRoute, listed: true }));
