import type { Lang, Text } from '../io.js';

/** A file of the example: comments in the language asked for between pieces of YAML. */
type Piece = Text | string;
const files: Readonly<Record<string, readonly Piece[]>> = {
  'config/queues.yaml': [
    {
      en: 'Queues. Durations are seconds. The shipped dialplan sends callers to "support".',
      'zh-CN': '队列。时长单位为秒。示例拨号方案把来电送到 "support"。',
    },
    'queues:\n  - name: support\n    strategy: longest_idle\n    offer_seconds: 15\n    wrap_up_seconds: 0\n    max_unanswered: 2\n    announce_position_seconds: 20\n',
  ],
  'config/extensions.yaml': [
    {
      en: 'Telephones. The demo extensions (1001… agents, 1201… phones, STROWGER_DEMO_AGENTS and STROWGER_DEMO_PHONES) need no entry here.\nA password is written here, or as "${NAME}", which is looked up in the environment and in secrets.env.',
      'zh-CN': '话机。演示分机（1001… 为坐席，1201… 为普通话机，由 STROWGER_DEMO_AGENTS 和 STROWGER_DEMO_PHONES 控制）无需写在这里。\n密码可直接写，也可写成 "${NAME}"，从环境变量或 secrets.env 读取。',
    },
    'extensions: []\n#  - number: "2001"\n#    name: Lin Mei\n#    password: "${EXT_2001_PASSWORD}"\n#    may_call: { outside: true, international: false }\n',
  ],
  'config/agents.yaml': [
    { en: 'Agents: who takes calls, at which extension, from which queues.', 'zh-CN': '坐席：谁接听、用哪个分机、服务哪些队列。' },
    'agents: []\n#  - id: lin\n#    name: Lin Mei\n#    extension: "2001"\n#    queues: [support]\n#    on_register: available\n',
  ],
  'config/trunks.yaml': [
    {
      en: 'Trunks to carriers: by registration (register) or by address (peers). Check one with: strowger trunk test NAME\nHosts with the lower priority number are tried first. Calls abroad are refused until system.yaml allows them.',
      'zh-CN': '运营商中继：注册式（register）或按地址认证（peers）。用 strowger trunk test 名称 检查。\npriority 数字小的主机优先。在 system.yaml 允许之前，国际电话一律拒绝。',
    },
    'trunks: []\n#  - name: carrier-a\n#    register: { username: me, password: "${CARRIER_A_PASSWORD}" }   # or: peers: [203.0.113.10/32]\n#    hosts:\n#      - { uri: "sip:sip1.carrier.example", priority: 1, weight: 10 }\n#      - { uri: "sip:sip2.carrier.example", priority: 2 }\n'
    + '#    numbers: { "+867551234xxxx": { entry: "4000" } }\n#    outbound: [ { pattern: "+86x.", priority: 1, caller_id: "+8675512340000" } ]\n#    max_calls: 30\n#    max_cps: 5\n',
  ],
  'config/recordings.yaml': [
    { en: 'What is recorded, from when, and what is said before.', 'zh-CN': '录哪些通话、从何时开始、之前播放什么提示。' },
    'recording:\n  from: bridge\n  calls: { queue: true, inbound: true, outbound: false, internal: false }\n  notice: { zh-CN: 通话将被录音。, en: This call is recorded. }\n',
  ],
  'config/system.yaml': [
    { en: 'Everything else; each line is the default.', 'zh-CN': '其他设置；每行均为默认值。' },
    'home_country: CN\ninternational: { allowed: false }\nemergency_numbers: ["110", "119", "120", "122", "112", "911", "999"]\nfeatures: { available: "*45", away: "*46" }\ndrain_seconds: 30\nrtp_timeout_seconds: 60\nring_timeout_seconds: 60\nmask_numbers: true\nlog_level: info\n',
  ],
  'dialplans/main.yaml': [
    {
      en: 'What a caller hears; check it with: strowger dialplan check\nUntil a language is set, every text is spoken in all its languages.',
      'zh-CN': '来电者听到的内容；用 strowger dialplan check 检查。\n在设定语言之前，每句话都用所有语言播放。',
    },
    `version: 1
entries:
  - number: "4000"
    flow: welcome
flows:
  welcome:
    - say: { zh-CN: 您好，欢迎致电。, en: Hello and welcome. }
    - ask:
        prompt: { zh-CN: 中文请按一，人工请按零。, en: "For English press two, for the operator press zero." }
        keys: { "1": chinese, "2": english, "0": operator }
        tries: 2
        timeout: 5
        otherwise: unspoken
  chinese:
    - set: { language: zh-CN }
    - queue: { name: support }
  english:
    - set: { language: en }
    - queue: { name: support }
  unspoken:
    - queue: { name: support }
  operator:
    - dial: { extension: "1001" }
    - hang_up: {}
`,
  ],
};

const comment = (text: string): string => text.split('\n').map((line) => `# ${line}\n`).join('');

/** The example as files: path and text, comments in `lang`. */
export const exampleFiles = (lang: Lang): readonly { readonly path: string; readonly text: string }[] =>
  Object.entries(files).map(([path, pieces]) => ({ path, text: pieces.map((piece) => (typeof piece === 'string' ? piece : comment(piece[lang]))).join('') }));
