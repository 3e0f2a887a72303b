import { formatFault } from '../config/index.js';
import { placeText, type Coverage, type Line, type Place, type TestsResult } from '../ivr/index.js';
import type { Io, Lang } from './io.js';

/** Seconds since the first ring, as `1:05.3`. */
const clock = (ms: number): string => `${Math.floor(ms / 60_000)}:${((ms % 60_000) / 1_000).toFixed(1).padStart(4, '0')}`;

/** A conversation as people read it: keys that follow each other are one line. */
export function transcript(lines: readonly Line[], lang: Lang): readonly string[] {
  const told: string[] = [];
  let keys: { readonly atMs: number; readonly pressed: string } | undefined;
  const flush = (): void => {
    if (keys) told.push(timed(keys.atMs, `» [${keys.pressed}]`));
    keys = undefined;
  };
  for (const [i, line] of lines.entries()) {
    if (line.kind === 'pressed') keys = { atMs: keys?.atMs ?? line.atMs, pressed: `${keys?.pressed ?? ''}${line.key}` };
    else if (line.kind !== 'waits' || lines[i + 1]?.kind !== 'pressed') {
      flush();
      told.push(timed(line.atMs, words(line, lang)));
    }
  }
  flush();
  return told;
}
const timed = (atMs: number, text: string): string => `${clock(atMs).padStart(8)}  ${text}`;

const DESK = {
  create_ticket: { 'zh-CN': '建工单', en: 'opens a ticket' }, find_ticket: { 'zh-CN': '查工单', en: 'looks up a ticket' }, send_message: { 'zh-CN': '发消息', en: 'sends a message' },
} as const;

function words(line: Exclude<Line, { kind: 'pressed' }>, lang: Lang): string {
  const en = lang === 'en';
  switch (line.kind) {
    case 'said': return `« ${line.text}`;
    case 'spoke': return `» ${line.text}${line.lost ? (en ? '   (nobody listens)' : '   （没有人在听）') : ''}`;
    case 'flow': return `${en ? 'flow' : '流程'} ${line.flow}`;
    case 'hushed': return en ? '· the prompt is cut short' : '· 提示音被打断';
    case 'understood': return `· ${line.intent} ${line.confidence.toFixed(2)} → ${line.verdict}`;
    case 'http': return `· ${line.method} ${line.url} → ${line.outcome}`;
    case 'script': return `· ${en ? 'script' : '脚本'} ${line.name} → ${line.outcome}`;
    case 'desk': return `· ${DESK[line.order.do][lang]} ${shortened(JSON.stringify(line.order))} → ${line.outcome}`;
    case 'knows': return `· ${line.name} = ${shortened(JSON.stringify(line.value))}`;
    case 'language': return `· ${en ? 'language' : '语言'} ${line.language}`;
    case 'waits': return en ? `· waits ${line.ms / 1_000} s` : `· 等待 ${line.ms / 1_000} 秒`;
    case 'person': return en ? `· a person is wanted (${line.by})` : `· 要求人工（${line.by}）`;
    case 'silent': return en ? `· no speech: ${line.why}` : `· 无语音识别：${line.why}`;
    case 'failed': return en ? `! step ${line.step} of ${line.flow} failed: ${line.why}` : `! ${line.flow} 第 ${line.step} 步失败：${line.why}`;
    case 'left': return `→ ${en ? placeText(line.place) : placeInChinese(line.place)}`;
    case 'over': return en ? `■ over: ${line.how}` : `■ 结束：${line.how}`;
  }
}
function placeInChinese(place: Place): string {
  switch (place.by) {
    case 'queue': return `进入队列 ${place.queues.join(' + ')}（优先级 ${place.priority}，语言 ${place.language ?? '未选'}，${JSON.stringify(place.attributes)}）`;
    case 'dial': case 'transfer': return `呼叫 ${place.extension ?? place.number ?? ''}`;
    case 'callback': return `已在队列 ${place.queue} 预约回呼`;
    case 'record': return '正在给来电者录音';
    case 'hang_up': return '流程挂机';
    case 'caller': return '来电者挂机';
    case 'failed': return '流程出错，已致歉';
  }
}
const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

/** What conversation tests found: each fault with its place, the talk of a test that failed, and what no test came to. */
export function reportTests({ cases, faults, coverage }: TestsResult, tookMs: number, io: Io): void {
  for (const fault of faults) io.out(formatFault(fault));
  for (const one of cases.filter((c) => c.faults.length > 0)) {
    io.out(`✗ ${one.name}`);
    for (const fault of one.faults) io.out(formatFault(fault));
    for (const line of transcript(one.lines, io.lang)) io.out(line);
  }
  for (const one of coverage) reportCoverage(one, io);
  const failed = cases.filter((c) => c.faults.length > 0).length;
  const seconds = (tookMs / 1_000).toFixed(1);
  io.out(io.lang === 'en' ? `${cases.length - failed} of ${cases.length} conversations went as they should (${seconds} s)` : `${cases.length} 个对话测试，${cases.length - failed} 个通过（${seconds} 秒）`);
}

function reportCoverage({ dialplan, steps, reached, missed }: Coverage, io: Io): void {
  io.out(io.lang === 'en' ? `${dialplan}: ${reached} of ${steps} steps reached` : `${dialplan}：共 ${steps} 步，走到 ${reached} 步`);
  for (const { line, column, flow, step, do: kind } of missed) io.out(`  ${dialplan}:${line}:${column} ${io.lang === 'en' ? `never reached: step ${step} of ${flow} (${kind})` : `从未走到：${flow} 第 ${step} 步（${kind}）`}`);
}

export const testsJson = ({ cases, faults, coverage }: TestsResult, tookMs: number): object => ({
  passed: cases.filter((c) => c.faults.length === 0).length,
  failed: cases.filter((c) => c.faults.length > 0).length,
  took_ms: Math.round(tookMs),
  faults,
  cases: cases.map(({ file, name, faults: wrong, lines }) => ({ file, name, passed: wrong.length === 0, call_ms: lines.at(-1)?.atMs ?? 0, faults: wrong })),
  coverage,
});
