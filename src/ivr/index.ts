export type { Known } from './dialplan/check/index.js';
export { dialplanJsonSchema } from './dialplan/json-schema.js';
export { checkDialplans, flowNames, loadDialplans, type Dialplans, type DialplansOptions } from './dialplan/dialplans.js';
export type { DialplanFault } from './dialplan/faults.js';
export type { Arrival, Entry } from './dialplan/entries.js';
export type { Chosen } from './dialplan/serving.js';
export {
  BadDialplanName, createArchive, createDialplanDesk, DialplanChanged, NoSuchDialplan, NoSuchVersion, type Archive, type DialplanDesk, type DialplanVersion, type DialplanView, type Edit,
} from './dialplan/versions/index.js';
export type { FlowEnd, Meant, Plan, Variables } from './machine/index.js';
export type {
  AttributeValue, CallbackEnd, CallbackRequest, DeskEnd, DeskOrder, DeskTicket, DialEnd, DialRequest, HangUpCause, Heard, ListenRequest, Played, PlayEnd, QueueEnd, QueueRequest, RecordEnd, RecordRequest,
  ScriptEnd, ScriptRequest, SkillNeed, Sound, TransferRequest, Value, Verbs, Wish,
} from './ports.js';
export type { Understander } from './errands.js';
export { runFlow, type FlowRun } from './run.js';
export { checkScripts, createScriptRunner, loadScripts, scriptNames, scriptWorker, withScripts, type ScriptLibrary, type ScriptService } from './scripts/index.js';
export { bestEntry } from './dialplan/entries.js';
export { calendarForm, calendarForms, toCalendar, type Calendar, type CalendarForm } from './hours/index.js';
export { draw, DRAW_FORMATS, type DrawFormat, type DrawOptions } from './draw/index.js';
export { createHttp, permitted, systemLookup, type HttpClient, type HttpOptions } from './http/index.js';
export {
  createDoubles, createSentences, deskEnd, createWorkbench, dialplanAt, placeText, readDoubles, runTests, simulateCall, testFiles, traceOf, type CaseResult, type Coverage, type Line, type Outcome, type Place, type SimulatedCall, type TestsResult, type TraceFact, type Workbench, type World,
} from './simulate/index.js';
export { checkCorpora, learn, loadUnderstanding, respond, type CorpusFault, type Understanding, type UnderstandingOptions } from './understanding/index.js';
export { compile as compileExpression, evaluate as evaluateExpression } from './expressions/index.js';
