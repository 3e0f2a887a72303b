import { z } from 'zod';

export interface RecordingsConfig {
  /** Which calls are recorded. A call that passes a queue counts as `queue`, whatever its direction. */
  readonly calls: { readonly queue: boolean; readonly inbound: boolean; readonly outbound: boolean; readonly internal: boolean };
  /** From the moment two people are joined, or from the first answer (menu and music too). */
  readonly from: 'bridge' | 'answer';
  /** Whether what is recorded is written down: while they talk, from the file afterwards, or not at all. */
  readonly transcripts: 'live' | 'after' | 'off';
  /** Of calls whose caller chose no language. */
  readonly transcriptLanguage: 'zh-CN' | 'en';
  /** Spoken before a recorded call goes on; undefined: none is spoken. */
  readonly notice: Notice | undefined;
  /** How long they are kept; undefined: for ever. */
  readonly keepDays: number | undefined;
}
export interface Notice {
  readonly 'zh-CN': string;
  readonly en: string;
}

const defaults = { 'zh-CN': '通话将被录音。', en: 'This call is recorded.' } as const;
const words = z.string().min(1).max(500);
/** What is said before a recording begins; false: nothing. A language left out is said in the usual words. */
export const noticeForm = z.union([z.literal(false), z.strictObject({ 'zh-CN': words.prefault(defaults['zh-CN']), en: words.prefault(defaults.en) })]);
export const toNotice = (notice: z.output<typeof noticeForm>): Notice | undefined => (notice === false ? undefined : notice);

/** What is recorded, as people write it. */
export const recordingForm = z.strictObject({
  from: z.enum(['bridge', 'answer']).prefault('bridge'),
  calls: z
    .strictObject({ queue: z.boolean().prefault(true), inbound: z.boolean().prefault(true), outbound: z.boolean().prefault(false), internal: z.boolean().prefault(false) })
    .prefault({}),
  transcripts: z.enum(['live', 'after', 'off']).prefault('live'),
  transcript_language: z.enum(['zh-CN', 'en']).prefault('zh-CN'),
  notice: noticeForm.prefault({}),
  keep_days: z.int().min(0).max(36_500).prefault(0),
});
export type RecordingForm = z.output<typeof recordingForm>;

export const toRecordings = (r: RecordingForm): RecordingsConfig => ({ from: r.from, calls: r.calls, transcripts: r.transcripts, transcriptLanguage: r.transcript_language, notice: toNotice(r.notice), keepDays: r.keep_days === 0 ? undefined : r.keep_days });

/** How long conversations of written words are kept. */
export interface ConversationsConfig {
  /** After their end; undefined: for ever. */
  readonly keepDays: number | undefined;
}
export const conversationsForm = z.strictObject({ keep_days: z.int().min(0).max(36_500).prefault(0) });
export type ConversationsForm = z.output<typeof conversationsForm>;
export const toConversations = (c: ConversationsForm): ConversationsConfig => ({ keepDays: c.keep_days === 0 ? undefined : c.keep_days });

export const recordingsFile = z.strictObject({ recording: recordingForm.prefault({}), conversations: conversationsForm.prefault({}) });
