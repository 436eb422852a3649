// The window's content security policy forbids compiled code, and zod probes for it as soon as a schema is made, unless told not to before.
import { z } from 'zod';

z.config({ jitless: true });
