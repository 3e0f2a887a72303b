import { z } from '@hono/zod-openapi';
import type { ObjectsDesk, ObjectView } from '../objects/index.js';
import { SECTIONS } from '../config/index.js';
import { objectRoutes, owned, ownership } from './objects.js';

const Section = z
  .object({
    name: z.enum(SECTIONS as [string, ...string[]]).openapi({ description: 'numbers: country, emergency numbers, abroad, feature codes; timing; registration; privacy; recording; conversations' }), ...owned,
    settings: z.record(z.string(), z.unknown()).openapi({ description: 'the keys of config/system.yaml, or of `recording` and `conversations` in config/recordings.yaml', example: { international: { allowed: true, prefixes: ['+44'] } } }),
  })
  .openapi('HouseSection');

const shown = (view: ObjectView) => ({ name: view.id, ...ownership(view), settings: view.form });

/** /v1/settings/house: what holds for the whole house and may change while it works. */
export const houseRoutes = (desk: ObjectsDesk) =>
  objectRoutes(desk, { kind: 'setting', tag: 'settings', read: 'settings.read', write: 'settings.write', noun: { en: 'section of settings', 'zh-CN': '全局设置分组' }, View: Section, shown, listed: true });
