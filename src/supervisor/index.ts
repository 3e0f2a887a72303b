export { AlreadyRunning, ChildFailed, PortTaken } from './errors.js';
export { freePorts, mustBeFree } from './ports.js';
export { APP_NODE_FLAGS } from './plan.js';
export { claim, isOurs, type RunFiles } from './run-files.js';
export { startSupervisor, type Supervisor, type SupervisorDeps } from './supervisor.js';
