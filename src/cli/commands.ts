import type { Command } from './command.js';

export const commands: readonly Command[] = [
  {
    name: 'start', usage: 'start',
    summary: { en: 'start everything: SIP edge, media server, application', 'zh-CN': '启动全部：SIP 边缘、媒体服务器、应用' },
    load: async () => (await import('./start.js')).start,
  },
  {
    name: 'demo', usage: 'demo [--lang zh-CN|en] [--json]',
    summary: { en: 'a scripted caller reaches a scripted agent; under a minute', 'zh-CN': '脚本来电者呼叫脚本坐席，一分钟之内看完全程' },
    load: async () => (await import('./demo/index.js')).demo,
  },
  {
    name: 'init', usage: 'init [FOLDER] [--lang zh-CN|en]',
    summary: { en: 'write the example config/ and dialplans/ into a folder', 'zh-CN': '把示例 config/ 和 dialplans/ 写入文件夹' },
    load: async () => (await import('./init/index.js')).init,
  },
  {
    name: 'doctor', usage: 'doctor [--json]',
    summary: { en: 'check this machine, the configuration and the ports', 'zh-CN': '检查本机、配置和端口' },
    load: async () => (await import('./doctor/index.js')).doctor,
  },
  {
    name: 'dialplan check', usage: 'dialplan check [FILE…] [--json]',
    summary: { en: 'check dialplans; faults with file:line:column', 'zh-CN': '检查拨号方案，错误带 文件:行:列' },
    load: async () => (await import('./dialplan-check.js')).dialplanCheck,
  },
  {
    name: 'trunk test', usage: 'trunk test [NAME] [--json]',
    summary: { en: 'ask the hosts of a trunk whether they answer', 'zh-CN': '探测中继各主机是否应答' },
    load: async () => (await import('./trunk-test.js')).trunkTest,
  },
  {
    name: 'numbers explain', usage: 'numbers explain NUMBER [--from EXTENSION] [--json]',
    summary: { en: 'say what happens when NUMBER is dialled, and why', 'zh-CN': '说明拨打某号码会发生什么及原因' },
    load: async () => (await import('./numbers-explain.js')).numbersExplain,
  },
  {
    name: 'edge', usage: 'edge --control HOST:PORT --secret S --sip udp:HOST:PORT [--sip tcp:HOST:PORT]',
    summary: { en: 'the SIP edge alone (speaks the drachtio protocol)', 'zh-CN': '只运行 SIP 边缘（drachtio 协议）' },
    load: async () => (await import('./servers.js')).edge,
  },
  {
    name: 'media', usage: 'media --esl HOST:PORT --secret S --sip HOST:PORT --rtp A-B --sounds DIR --profile NAME',
    summary: { en: 'the media server alone (speaks the FreeSWITCH event socket)', 'zh-CN': '只运行媒体服务器（FreeSWITCH 事件套接字协议）' },
    load: async () => (await import('./servers.js')).media,
  },
  {
    name: 'app', usage: 'app', hidden: true,
    summary: { en: 'the application alone', 'zh-CN': '只运行应用' },
    load: async () => (await import('./servers.js')).app,
  },
];

/** Promised for later versions: named here so that the answer is not "unknown command". */
export const later: readonly string[] = [
  'dialplan simulate', 'dialplan draw', 'dialplan publish', 'dialplan rollback', 'nlu evaluate', 'nlu classify', 'acd simulate', 'trace', 'models add',
  'backup', 'restore', 'audit verify',
];
