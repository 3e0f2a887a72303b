import type { Language } from '../../src/speech/tts/index.js';

/** What is written, and what a listener should write down who knows the words of test/models. */
export type Sentence = readonly [written: string, heard: string];

export const SENTENCES: Readonly<Record<Language, readonly Sentence[]>> = {
  en: [
    ['I want to cancel my order.', 'i want to cancel my order'], ['Hello, how can I help you?', 'hello how can i help you'], ['Please hold.', 'please hold'], ['For technical support please hold.', 'for technical support please hold'],
    ['Thank you, goodbye.', 'thank you goodbye'], ['Your number is 73951.', 'your number is seven three nine five one'], ['Call me back on Monday at 5.', 'call me back on monday at five'], ['Press 1 for sales.', 'press one for sales'],
    ['Press 2 for customer service.', 'press two for customer service'], ['You can talk to an agent.', 'you can talk to an agent'], ['Your order will arrive tomorrow morning.', 'your order will arrive tomorrow morning'], ['The price is wrong.', 'the price is wrong'],
    ['What is your phone number?', 'what is your phone number'], ['It was not delivered.', 'it was not delivered'], ['Please say that again.', 'please say that again'], ['I would like to speak to the manager.', 'i would like to speak to the manager'],
    ['Your appointment is on Wednesday afternoon.', 'your appointment is on wednesday afternoon'], ['Can I get a refund?', 'can i get a refund'], ['My internet is not working.', 'my internet is not working'], ['There is a problem with my invoice.', 'there is a problem with my invoice'],
    ['It does cost $10.', 'it does cost ten dollars'], ['You have been waiting for 3 days.', 'you have been waiting for three days'], ['Reset my password, please.', 'reset my password please'], ['The number is 4096.', 'the number is four zero nine six'],
    ['Good morning, this is customer support.', 'good morning this is customer support'], ['Do you have my address?', 'do you have my address'], ['Your subscription will continue next Friday.', 'your subscription will continue next friday'], ['I will call you on Sunday.', 'i will call you on sunday'],
    ['That is not correct.', 'that is not correct'], ['When do you open today?', 'when do you open today'], ['You are the 3rd new customer.', 'you are the third new customer'], ['Transfer me to the billing department.', 'transfer me to the billing department'],
    ['How long do I have to wait?', 'how long do i have to wait'], ['The order number is 8-6-5-3-1.', 'the order number is eight six five three one'], ['My bill is too high.', 'my bill is too high'], ['Please leave a message.', 'please leave a message'],
    ['I forgot my password.', 'i forgot my password'], ['Track the delivery.', 'track the delivery'], ['Go back to the main menu.', 'go back to the main menu'], ['Have a good day.', 'have a good day'],
  ],
  'zh-CN': [
    ['我想取消订单。', '我想取消订单'], ['您好，请问什么时候发货？', '您好请问什么时候发货'], ['转人工客服', '转人工客服'], ['请重置密码', '请重置密码'], ['返回主菜单，请按9。', '返回主菜单请按九'], ['银行卡挂失', '银行卡挂失'],
    ['订单号码是12345。', '订单号码是幺二三四五'], ['价格是200', '价格是两百'], ['产品质量有问题', '产品质量有问题'], ['手机号码是 3-69-08', '手机号码是三六九零八'], ['快递明天下午到', '快递明天下午到'], ['查询信用卡账单', '查询信用卡账单'],
    ['请问多少钱？', '请问多少钱'], ['我要投诉快递', '我要投诉快递'], ['开发票请按3', '开发票请按三'], ['验证码是4096', '验证码是四零九六'], ['物流在哪里', '物流在哪里'], ['宽带坏了，需要维修', '宽带坏了需要维修'],
    ['谢谢，再见', '谢谢再见'], ['请等一下', '请等一下'], ['明天上午9点', '明天上午九点'], ['星期二下午2点', '星期二下午两点'], ['修改收到的地址', '修改收到的地址'], ['我要退货', '我要退货'], ['余额是5百', '余额是五百'], ['会员积分有优惠', '会员积分有优惠'],
    ['缴费请按4', '缴费请按四'], ['我的账户余额', '我的账户余额'], ['请帮我查一下物流', '请帮我查一下物流'], ['合同继续，流量套餐取消', '合同继续流量套餐取消'], ['身份证号码有问题', '身份证号码有问题'], ['不好，听不清', '不好听不清'],
    ['请再说一遍', '请再说一遍'], ['非常满意', '非常满意'], ['还没收到快递', '还没收到快递'], ['预约安装', '预约安装'], ['技术支持请按7', '技术支持请按七'], ['结束请按6', '结束请按六'], ['电话是 8-5-3-0', '电话是八五三零'], ['是真人客服吗', '是真人客服吗'],
  ],
};
