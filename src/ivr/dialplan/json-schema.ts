import { z } from 'zod';
import type { StepKind } from '../machine/index.js';
import { FLOW_NAME, flowName } from './fields.js';
import { fileSchema, stepSchemas } from './schema.js';

type Json = Readonly<Record<string, unknown>>;

/** Shown by editors beside a step's name. */
const ABOUT: Readonly<Record<StepKind, string>> = {
  say: '说一段话 · speaks a text', play: '播放录音文件 · plays a sound', ask: '提问：按键或说话 · asks for a key or a spoken wish', collect: '收一串数字 · asks for digits', branch: '按条件分支 · goes where a condition leads',
  hours: '按营业时间分支 · goes where opening hours lead', http: '调用接口 · asks a service', set: '选语言、记变量 · chooses the language, remembers values', queue: '排队等坐席 · waits for an agent', dial: '拨打并等通话结束 · rings a phone',
  transfer: '转走，不再回来 · gives the caller away', record: '录音 · records the caller', survey: '满意度调查 · asks for marks', callback: '预约回呼 · books a callback', language: '选择语言 · asks for the language', call: '调用子流程 · does another flow and comes back',
  goto: '转到另一个流程 · goes on in another flow', script: '运行 TypeScript 脚本 · runs a TypeScript script', hang_up: '挂机 · hangs up',
  ticket: '建工单或查进度 · opens a ticket, or tells how one stands', message: '发邮件或消息 · sends a mail or a message',
};

/** The schema of a dialplan file (JSON Schema draft 7), for completion in editors: `# yaml-language-server: $schema=…`. */
export function dialplanJsonSchema(): Json {
  const file = written(fileSchema);
  const items = { anyOf: (Object.entries(stepSchemas) as [StepKind, z.ZodType][]).map(([kind, schema]) => step(kind, schema)) };
  const flows = { type: 'object', propertyNames: { pattern: FLOW_NAME.source }, additionalProperties: { type: 'array', maxItems: 500, items } };
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Strowger dialplan', ...file, properties: { ...(file['properties'] as Json), flows } };
}

function step(kind: StepKind, schema: z.ZodType): Json {
  // A step without parameters may be a bare key: `hang_up:`.
  const parameters = schema.safeParse({}).success ? { anyOf: [written(schema), { type: 'null' }] } : written(schema);
  return { type: 'object', properties: { [kind]: { description: ABOUT[kind], ...parameters }, on_error: written(flowName) }, required: [kind], additionalProperties: false };
}

/** What people write, before defaults and conversions. */
function written(schema: z.ZodType): Json {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
  return rest;
}
