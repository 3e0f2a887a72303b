export { dialplan, isGone, isStepFailed, type CallFacts, type DialplanCall, type DialplanScript, type StepVerb } from './api.js';
export { checkScripts, loadScripts, scriptNames, type Script, type ScriptLibrary, type ScriptsOptions } from './library.js';
export { withScripts, type ScriptCaller, type ScriptService } from './verb.js';
export { createScriptRunner, scriptWorker, type ScriptLimits, type ScriptRunner } from './runner.js';
