// Imported before any schema is made: zod decides while it makes an object's schema whether to compile its parser, and probes for that with `new Function`,
// which the window's content security policy forbids and reports.
import { z } from 'zod';

z.config({ jitless: true });
