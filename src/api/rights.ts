import { z } from '@hono/zod-openapi';
import { FIELDS, PERMISSIONS, type Rights } from '../access/index.js';

const scope = z.enum(['own', 'team', 'all']);
export const Permissions = z.partialRecord(z.enum(PERMISSIONS), scope).openapi('Permissions', { description: 'what is allowed, and how far: one\'s own, one\'s teams\', everything', example: { 'calls.read': 'team', 'queues.read': 'all' } });
export const Fields = z.array(z.enum(FIELDS)).openapi('Fields', { description: 'what is shown unmasked', example: ['calls.numbers'] });
export const shownRights = ({ permissions, fields }: Rights): { permissions: z.output<typeof Permissions>; fields: z.output<typeof Fields> } => ({ permissions: { ...permissions }, fields: [...fields] });
