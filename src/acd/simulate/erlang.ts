/** What queueing theory says of a queue with Poisson arrivals, exponential handling and `agents` alike. Seconds. */
export interface QueueOfTheory {
  readonly arrivalsPerHour: number;
  readonly meanHandlingS: number;
  /** Null: nobody gives up (Erlang C); else exponential (Erlang A). */
  readonly meanPatienceS: number | null;
  readonly agents: number;
  readonly thresholdS: number;
}
export interface Theory {
  readonly model: 'Erlang C' | 'Erlang A';
  /** Answered within the threshold, of all who came. */
  readonly serviceLevel: number;
  /** Mean wait of those who were answered. */
  readonly asaS: number;
  readonly abandonedShare: number;
  readonly occupancy: number;
  /** Of all who came, those who found no agent free. */
  readonly waitingShare: number;
}

/** Undefined where there is no steady state: more work than the agents can do, and nobody gives up. */
export const theoryOf = (q: QueueOfTheory): Theory | undefined => (q.meanPatienceS === null ? erlangC(q) : erlangA(q, q.meanPatienceS));

/** Erlang B by its recursion, then C: stable for any number of agents. */
function erlangC({ arrivalsPerHour, meanHandlingS, agents, thresholdS }: QueueOfTheory): Theory | undefined {
  const load = (arrivalsPerHour / 3600) * meanHandlingS;
  if (load >= agents) return undefined;
  let blocked = 1;
  for (let n = 1; n <= agents; n += 1) blocked = (load * blocked) / (n + load * blocked);
  const waits = blocked / (1 - (load / agents) * (1 - blocked));
  const pace = (agents - load) / meanHandlingS;
  return { model: 'Erlang C', serviceLevel: 1 - waits * Math.exp(-pace * thresholdS), asaS: waits / pace, abandonedShare: 0, occupancy: load / agents, waitingShare: waits };
}

/** M/M/c+M as a birth and death process; waits by the number found in line, each step of which ends with a service or somebody's giving up. */
function erlangA({ arrivalsPerHour, meanHandlingS, agents, thresholdS }: QueueOfTheory, patience: number): Theory {
  const [arrive, serve, leave] = [arrivalsPerHour / 3600, 1 / meanHandlingS, 1 / patience];
  const { idle, line } = stationary(arrive, serve, leave, agents);
  const inTime = answeredBy(thresholdS, line.length, agents * serve, leave);
  let [answeredS, served, early] = [0, idle, idle];
  let stageS = 0;
  for (let ahead = 0; ahead < line.length; ahead += 1) {
    const share = line[ahead] as number;
    const reached = (agents * serve) / (agents * serve + (ahead + 1) * leave);
    stageS += 1 / (agents * serve + (ahead + 1) * leave);
    served += share * reached;
    answeredS += share * reached * stageS;
    early += share * (inTime[ahead] as number);
  }
  return {
    model: 'Erlang A', serviceLevel: early, asaS: answeredS / served, abandonedShare: 1 - served, occupancy: (arrive * served) / (agents * serve), waitingShare: 1 - idle,
  };
}

/** Chances of finding an agent free, and of finding all busy and `i` in line. By logarithms: factors of a thousand agents overflow. */
function stationary(arrive: number, serve: number, leave: number, agents: number): { readonly idle: number; readonly line: readonly number[] } {
  const logs = [0];
  let highest = 0;
  for (let n = 1; ; n += 1) {
    const log = (logs[n - 1] as number) + Math.log(arrive) - Math.log(Math.min(n, agents) * serve + Math.max(0, n - agents) * leave);
    logs.push(log);
    highest = Math.max(highest, log);
    if (n > agents && log < highest - 45) break;
  }
  const weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const shares = weights.map((w) => w / total);
  return { idle: shares.slice(0, agents).reduce((sum, p) => sum + p, 0), line: shares.slice(agents) };
}

/**
 * For each number of people ahead: the chance to be answered within `seconds`. With j ahead the line moves up at `pace + j leave`, and
 * one gives up oneself at `leave`: u'_j = (pace + j leave)(u_{j-1} − u_j) − leave u_j, by Runge and Kutta's method.
 */
function answeredBy(seconds: number, size: number, pace: number, leave: number): Float64Array {
  const slope = (u: Float64Array): Float64Array => u.map((mine, j) => (pace + j * leave) * ((j === 0 ? 1 : (u[j - 1] as number)) - mine) - leave * mine);
  const plus = (u: Float64Array, by: Float64Array, times: number): Float64Array => u.map((v, j) => v + (by[j] as number) * times);
  const steps = Math.ceil(Math.max(20, seconds * (pace + size * leave) * 2));
  const dt = seconds / steps;
  let u = new Float64Array(size);
  for (let i = 0; i < steps && seconds > 0; i += 1) {
    const k1 = slope(u);
    const k2 = slope(plus(u, k1, dt / 2));
    const k3 = slope(plus(u, k2, dt / 2));
    const k4 = slope(plus(u, k3, dt));
    u = u.map((v, j) => v + (dt / 6) * ((k1[j] as number) + 2 * (k2[j] as number) + 2 * (k3[j] as number) + (k4[j] as number)));
  }
  return u;
}
