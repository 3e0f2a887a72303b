export type { CountedContact, Figures, ReportAnswer, ReportRow, Reports } from './asking/answers.js';
export type { Filters, ReportQuestion } from './asking/question.js';
export { NoSuchReport, ReportRefused } from './errors.js';
export { FIGURES, GROUPS, REPORT_NAMES, REPORTS, type Figure, type FigureName, type Group, type Report, type ReportName, type Unit } from './figures.js';
export { createInsight, type Insight, type InsightOptions } from './insight.js';
export { createLive, type Live, type LiveFigures, type LiveOptions } from './live/live.js';
export type { LiveQueue, QueueNow, Today } from './live/figures.js';
export type { RaisedAlert } from './live/alerts.js';
export { DIMENSIONS, type Dimension } from './measures.js';
