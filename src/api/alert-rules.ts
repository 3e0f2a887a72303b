import { z } from '@hono/zod-openapi';
import { alertForm } from '../config/index.js';
import type { ObjectsDesk, ObjectView } from '../objects/index.js';
import { objectRoutes, owned, ownership } from './objects.js';

const Form = z.object(alertForm.shape).openapi('AlertForm', { description: 'A threshold as config/alerts.yaml has it, every default filled in. Durations in seconds.' });
const AlertRule = z.object({ name: z.string(), ...owned, settings: Form }).openapi('AlertRule');
const New = z.looseObject({ name: z.string() }).openapi('NewAlertRule', {
  description: 'name, figure, above or below, and any other key of an alert: queue, for_s, at_least', example: { name: 'unhappy', figure: 'satisfaction', queue: 'support', below: 3.5, at_least: 10 },
});

const shown = (view: ObjectView) => ({ name: view.id, ...ownership(view), settings: view.form });

/** /v1/alert-rules: thresholds on live figures. What they raised is /v1/alerts. */
export const alertRuleRoutes = (desk: ObjectsDesk) =>
  objectRoutes(desk, { kind: 'alert', tag: 'reports', read: 'queues.read', write: 'queues.write', noun: { en: 'alert rule', 'zh-CN': '告警规则' }, View: AlertRule, shown, New, listed: true });
