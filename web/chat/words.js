/** What the widget says. */
export const WORDS = {
  'zh-CN': {
    title: '在线客服', connecting: '正在连接…', offline: '连接已断开，正在重连…', closed: '现在不在服务时间', place: (n) => `您排在第 ${n} 位`, wait: (low, high) => `预计等待 ${low}–${high} 分钟`, queued: '正在为您接通客服',
    with: (name) => `${name} 正在为您服务`, ended: '会话已结束', again: '重新开始', send: '发送', end: '结束会话', attach: '附件', begin: '开始咨询', leave: '留言', left: (n) => `留言已收到，工单号 ${n}`, text: '请输入消息', typing: (name) => `${name ?? '客服'} 正在输入…`,
    unread: (n) => `${n} 条新消息`, read: '已读', sent: '已送达', waiting: '发送中', failed: '未送达', yes: '同意', no: '不同意', rate: '提交评价', comment: '补充意见（选填）', thanks: '感谢您的评价', transcript: '将聊天记录发到邮箱', email: '邮箱', done: '已提交', call: '请给我回电', number: '电话号码', called: '我们会给您回电',
    events: { joined: (n) => `${n} 加入会话`, left: () => '一位客服离开会话', assigned: (n) => `${n} 为您服务`, handed_back: () => '正在为您转接其他客服', transferred: () => '正在为您转接', callback: () => '已登记回电', called: () => '您已来电', ended: () => '会话已结束' }, required: '必填',
  },
  en: {
    title: 'Chat with us', connecting: 'Connecting…', offline: 'Connection lost, trying again…', closed: 'We are closed just now', place: (n) => `You are number ${n}`, wait: (low, high) => `about ${low}–${high} min`, queued: 'Finding somebody for you',
    with: (name) => `You are talking with ${name}`, ended: 'This conversation has ended', again: 'Start again', send: 'Send', end: 'End chat', attach: 'Attach', begin: 'Start chat', leave: 'Leave a message', left: (n) => `We have your message: ticket ${n}`, text: 'Write a message',
    typing: (name) => `${name ?? 'Somebody'} is writing…`, unread: (n) => (n === 1 ? '1 new message' : `${n} new messages`), read: 'read', sent: 'delivered', waiting: 'sending', failed: 'not delivered', yes: 'Yes', no: 'No', rate: 'Send', comment: 'Anything else? (optional)', thanks: 'Thank you', transcript: 'Mail me this conversation', email: 'E-mail', done: 'Done',
    call: 'Call me back', number: 'Phone number', called: 'We will call you',
    events: { joined: (n) => `${n} has joined`, left: () => 'Somebody has left', assigned: (n) => `${n} is here for you`, handed_back: () => 'Finding somebody else for you', transferred: () => 'Handing you over', callback: () => 'A call back is booked', called: () => 'You are calling us', ended: () => 'The conversation has ended' }, required: 'required',
  },
};
