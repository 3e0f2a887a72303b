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
    name: 'dialplan schema', usage: 'dialplan schema',
    summary: { en: 'print the JSON Schema of dialplans, for editors', 'zh-CN': '输出拨号方案的 JSON Schema，供编辑器补全' },
    load: async () => (await import('./dialplan-schema.js')).dialplanSchema,
  },
  {
    name: 'dialplan simulate', usage: 'dialplan simulate [TESTS…] [--json] | dialplan simulate --to 4000 [--from NUMBER] [--at TIME] [--dialplan FILE] [--doubles TESTS.yaml] [--tags a,b]',
    summary: { en: 'run conversation tests; with --to: be the caller, in the terminal', 'zh-CN': '运行对话测试；加 --to 则在终端里亲自当来电者' },
    load: async () => (await import('./dialplan-simulate.js')).dialplanSimulate,
  },
  {
    name: 'dialplan draw', usage: 'dialplan draw [FILE] [--format svg|mermaid] [--flow NAME] [--lang zh-CN|en] [--visited FLOW/STEP,…] [--out FILE]',
    summary: { en: 'draw the flows of a dialplan as SVG or Mermaid', 'zh-CN': '把拨号方案的流程画成 SVG 或 Mermaid' },
    load: async () => (await import('./dialplan-draw.js')).dialplanDraw,
  },
  {
    name: 'dialplan publish', usage: 'dialplan publish FILE [--as NAME] [--comment TEXT] [--json]',
    summary: { en: 'check a dialplan, keep it as a version and put it in service', 'zh-CN': '检查拨号方案，存为版本并发布' },
    load: async () => (await import('./dialplan-versions.js')).dialplanPublish,
  },
  {
    name: 'dialplan rollback', usage: 'dialplan rollback NAME [--to VERSION] [--comment TEXT] [--json]',
    summary: { en: 'go back to what callers had before', 'zh-CN': '回滚到上一个生效版本' },
    load: async () => (await import('./dialplan-versions.js')).dialplanRollback,
  },
  {
    name: 'dialplan versions', usage: 'dialplan versions [NAME] [--json]',
    summary: { en: 'versions of dialplans: who changed what, when and why', 'zh-CN': '拨号方案的版本：谁、何时、为何修改' },
    load: async () => (await import('./dialplan-versions.js')).dialplanVersions,
  },
  {
    name: 'dialplan diff', usage: 'dialplan diff NAME [FROM] [TO]',
    summary: { en: 'what differs between two versions', 'zh-CN': '比较两个版本' },
    load: async () => (await import('./dialplan-versions.js')).dialplanDiff,
  },
  {
    name: 'nlu evaluate', usage: 'nlu evaluate CORPUS.json [--json]',
    summary: { en: 'train on a corpus\'s training items and judge its test items', 'zh-CN': '用语料的训练句训练，用测试句评测' },
    load: async () => (await import('./nlu-evaluate.js')).nluEvaluate,
  },
  {
    name: 'nlu classify', usage: 'nlu classify TEXT [--lang zh-CN|en] [--intents NAME,NAME] [--json]',
    summary: { en: 'say what a sentence is taken for', 'zh-CN': '显示一句话被理解成什么' },
    load: async () => (await import('./nlu-classify.js')).nluClassify,
  },
  {
    name: 'acd simulate', usage: 'acd simulate SCENARIO.yaml [--seed N] [--json] | acd simulate --replay FILE [--config FOLDER] [--day 2026-11-20] [--time-zone ZONE] [--seed N] [--json]',
    summary: { en: 'run a scenario or a day\'s log through the queue engine', 'zh-CN': '用场景或某日日志对排队引擎做仿真' },
    load: async () => (await import('./acd-simulate.js')).acdSimulate,
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
    name: 'models add', usage: 'models add PATH|URL [--language zh-CN|en] [--sha256 HEX] [--json]',
    summary: { en: 'install a speech model (Vosk)', 'zh-CN': '安装语音识别模型（Vosk）' },
    load: async () => (await import('./models-add.js')).modelsAdd,
  },
  {
    name: 'audit verify', usage: 'audit verify [--json]',
    summary: { en: 'check that nobody changed, added, removed or cut off a row of the audit log', 'zh-CN': '核验审计日志：有无改动、添加、删除或截断' },
    load: async () => (await import('./audit-verify.js')).auditVerify,
  },
  {
    name: 'backup', usage: 'backup FOLDER [--json]',
    summary: { en: 'copy database, recordings, files, keys, configuration and dialplans into a new folder, while everything runs', 'zh-CN': '运行中备份：数据库、录音、文件、密钥、配置和拨号方案' },
    load: async () => (await import('./backup/index.js')).backup,
  },
  {
    name: 'restore', usage: 'restore FOLDER [--replace] [--json]',
    summary: { en: 'put a backup in the place of this installation, which must not run', 'zh-CN': '从备份恢复（须先停止运行）' },
    load: async () => (await import('./backup/index.js')).restore,
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
  'trace',
];
