export { createAccess, type Access, type AccessOptions, type Authentication, type Principal } from './access.js';
export { createBuckets, createThrottle, type Buckets, type Throttle, type ThrottleLimits } from './throttle.js';
