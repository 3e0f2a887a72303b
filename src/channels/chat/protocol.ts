import { z } from 'zod';

const clientId = z.string().min(1).max(100);
const text = (most: number) => z.string().max(most);
/** The language of a browser, as far as we speak it. */
export const language = z.string().max(35).transform((tag) => (tag.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'));
export const formValues = z.record(z.string().max(40), text(2_000)).refine((all) => Object.keys(all).length <= 30, 'too many fields');

/** What a visitor's socket may say; one JSON object a frame. */
export const Frame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello'), token: text(100), after: z.int().min(0).default(0), conversation: text(100).optional() }),
  z.strictObject({ type: z.literal('start'), client_id: clientId, form: formValues.default({}), page: text(1_000).optional(), invitation: text(40).optional() }),
  z.strictObject({ type: z.literal('say'), client_id: clientId, text: text(4_000).default(''), file: text(100).optional() }),
  z.strictObject({ type: z.literal('typing'), on: z.boolean() }),
  z.strictObject({ type: z.literal('read'), seq: z.int().min(0) }),
  z.strictObject({ type: z.literal('page'), url: z.url({ protocol: /^https?$/ }).max(1_000), title: text(300).optional() }),
  z.strictObject({ type: z.literal('consent'), browsing: z.boolean() }),
  z.strictObject({ type: z.literal('end') }),
  z.strictObject({ type: z.literal('rate'), rating: z.int().min(1).max(5), comment: text(1_000).optional() }),
  z.strictObject({ type: z.literal('transcript'), email: z.email().max(200) }),
  z.strictObject({ type: z.literal('call_me'), client_id: clientId, number: z.string().regex(/^\+?[0-9]{3,15}$/) }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type Frame = z.output<typeof Frame>;

/** Undefined: it is none of ours. */
export function readFrame(data: string): Frame | undefined {
  try {
    const parsed = Frame.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // not even JSON
  }
}
