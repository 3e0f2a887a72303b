import type { FigureName, Group } from '../figures.js';

export interface Names {
  readonly en: string;
  readonly 'zh-CN': string;
}
const names = (en: string, zh: string): Names => ({ en, 'zh-CN': zh });

/** What people call the figures; definitions are in docs/reports.md. */
export const FIGURE_NAMES: Readonly<Record<FigureName, Names>> = {
  contacts: names('Contacts', '联络量'), contact_share: names('Share of contacts', '联络占比'), outbound: names('Outbound calls', '呼出量'),
  offered: names('Offered', '进线量'), answered: names('Answered', '接起量'), abandoned: names('Abandoned', '放弃量'), short_abandoned: names('Short abandons', '短时放弃量'), diverted: names('Diverted', '转出量'),
  answer_rate: names('Answer rate', '接通率'), abandonment_rate: names('Abandonment rate', '放弃率'), service_level: names('Service level', '服务水平'), service_level_answered: names('Service level of answered', '接起服务水平'),
  asa_s: names('Average speed of answer', '平均应答速度'), wait_p50_s: names('Median wait', '等待中位数'), wait_p90_s: names('Wait, nine of ten', '等待九分位'), longest_wait_s: names('Longest wait', '最长等待'), abandoned_wait_s: names('Wait before abandoning', '放弃前等待'),
  handled: names('Handled', '处理量'), handled_share: names('Share of handled', '处理占比'), aht_s: names('Average handling time', '平均处理时长'), talk_s: names('Talk time', '通话时长'), hold_s: names('Hold time', '保持时长'), wrap_s: names('Wrap-up time', '话后时长'),
  transfers: names('Transfers', '转接量'), transfer_rate: names('Transfer rate', '转接率'), fcr: names('First contact resolution', '首次解决率'), repeats: names('Repeat contacts', '重复联络量'), repeat_rate: names('Repeat rate', '重复联络率'),
  self_served: names('Self-served', '自助完成量'), self_service_share: names('Self-service share', '自助率'), menu_left: names('Left the menu', '菜单中离开'), survey_answers: names('Survey answers', '评价数'), satisfaction: names('Satisfaction', '满意度'),
  first_response_s: names('First response time', '首次响应时间'), response_s: names('Mean response time', '平均响应时间'), responses: names('Responses', '响应数'),
  offers: names('Offers', '派发数'), offers_missed: names('Offers missed', '未接派发'), offers_declined: names('Offers declined', '拒接派发'),
  available_s: names('Available', '空闲时长'), ringing_s: names('Ringing', '振铃时长'), talking_s: names('Talking', '通话状态时长'), wrap_up_s: names('Wrap-up', '话后状态时长'), away_s: names('Away', '离开时长'), training_s: names('Training', '培训时长'), occupancy: names('Occupancy', '占用率'),
  tickets_created: names('Tickets created', '新建工单'), tickets_resolved: names('Tickets resolved', '解决工单'), tickets_reopened: names('Tickets reopened', '重开工单'), cycle_s: names('Cycle time', '流转周期'), work_s: names('Resolution time', '解决用时'),
  resolved_in_time: names('Resolved in time', '按时解决率'), ticket_response_s: names('Ticket response time', '工单响应时间'), responded_in_time: names('Responded in time', '按时响应率'),
};
export const GROUP_NAMES: Readonly<Record<Group, Names>> = {
  hour: names('hour', '小时'), day: names('day', '日'), week: names('week', '周'), month: names('month', '月'), hour_of_day: names('hour of the day', '一天中的小时'), weekday: names('weekday', '星期'),
  queue: names('queue', '队列'), channel: names('channel', '渠道'), agent: names('agent', '坐席'), number: names('number', '号码'), region: names('region', '地区'), tag: names('tag', '标签'), product: names('product', '产品'), type: names('type', '类型'),
};
