import type { Text } from '../io.js';

/** What the demo says, in both languages. `{…}` is filled in. */
export const words = {
  starting: { en: 'Starting SIP edge, media server and application on free loopback ports …', 'zh-CN': '正在空闲的回环端口上启动 SIP 边缘、媒体服务器和应用……' },
  running: { en: 'Running after {s} s. SIP {sip}, HTTP {http}', 'zh-CN': '{s} 秒后启动完毕。SIP {sip}，HTTP {http}' },
  registered: { en: 'Agent phone 1001 and caller phone 1201 are registered (digest).', 'zh-CN': '坐席话机 1001 和来电话机 1201 已注册（摘要认证）。' },
  tones: { en: 'The caller sends a tone of {caller} Hz, the agent one of {agent} Hz.', 'zh-CN': '来电者发送 {caller} Hz 音，坐席发送 {agent} Hz 音。' },
  prompts: { en: 'The prompts in Chinese and English are spoken by the local voice.', 'zh-CN': '中英文提示音由本地语音合成。' },
  dials: { en: '1201 dials 4000', 'zh-CN': '1201 拨打 4000' },
  presses: { en: '1201 presses 1 (Chinese) during the menu', 'zh-CN': '1201 在菜单播放中按 1（中文）' },
  rings: { en: 'the phone of agent 1001 rings: caller {from}, call {call}', 'zh-CN': '坐席 1001 的话机振铃：来电 {from}，通话 {call}' },
  answers: { en: 'agent 1001 picks up', 'zh-CN': '坐席 1001 接听' },
  hangsUp: { en: 'the caller hangs up', 'zh-CN': '来电者挂机' },
  recording: { en: 'Recording', 'zh-CN': '录音' },
  picture: { en: 'one bar = half a second', 'zh-CN': '每格半秒' },
  left: { en: 'left,  customer', 'zh-CN': '左声道，客户' },
  right: { en: 'right, agent   ', 'zh-CN': '右声道，坐席' },
  checks: { en: 'Checked', 'zh-CN': '核对' },
  agentHears: { en: 'the agent hears the caller', 'zh-CN': '坐席听到来电者' },
  callerHears: { en: 'the caller hears the agent', 'zh-CN': '来电者听到坐席' },
  leftOnly: { en: 'left holds the caller\'s tone only ({db} dB apart)', 'zh-CN': '左声道只有来电者的音（相差 {db} dB）' },
  rightOnly: { en: 'right holds the agent\'s tone only ({db} dB apart)', 'zh-CN': '右声道只有坐席的音（相差 {db} dB）' },
  completed: { en: 'the call went through queue support to agent 1001 and ended as completed', 'zh-CN': '通话经队列 support 到达坐席 1001，以 completed 结束' },
  inTime: { en: 'all within 60 s (took {s} s)', 'zh-CN': '全程在 60 秒内（用时 {s} 秒）' },
  good: { en: 'All of it is right.', 'zh-CN': '全部正确。' },
  bad: { en: 'Something is wrong; the log is {log}', 'zh-CN': '有问题；日志在 {log}' },
} as const satisfies Record<string, Text>;

export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
