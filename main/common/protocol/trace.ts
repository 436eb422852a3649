// Asking for the driver's trace events; they come on stream 8 (driver/wire/README.md).
import '../jitless.ts';
import { z } from 'zod';
import { traceEventNames } from '../trace/event-kinds.ts';
import { deviceAddress } from './device-control.ts';

/** Arguments by verb. No event ends it. */
export const traceVerbs = {
  trace: z.strictObject({ device: deviceAddress, events: z.array(z.enum(traceEventNames)) }),
} as const;
